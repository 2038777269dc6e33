/**
 * Settings that earlier releases had, and what to do instead. Whoever still sets one believes that
 * it works, so services refuse to start with it.
 */
export const removed: Readonly<Record<string, string>> = {
  RATE_LIMIT_PER_MINUTE:
    'set RATE_LIMIT_PER_USER, RATE_LIMIT_PER_SERVICE and RATE_LIMIT_PER_ADDRESS instead',
};

/** A line for each removed setting that is set, itself or as `NAME_FILE`. */
export const removedSettings = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(removed)
    .flatMap(([name, cure]) => [[name, cure] as const, [`${name}_FILE`, cure] as const])
    .filter(([name]) => env[name])
    .map(([name, cure]) => `${name} is not a setting any more: ${cure}`);
