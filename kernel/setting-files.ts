import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Secrets are often mounted as files: `NAME_FILE` names the file that has the value of `NAME`. */

/** A value in a file; the line break at its end doesn't belong to it. */
const valueIn = (text: string) => text.replace(/\r?\n$/, '');

/**
 * The environment with the values of the settings whose files are named, and what is wrong, as a
 * line for each setting.
 */
export function withValuesOfFiles(
  env: NodeJS.ProcessEnv,
  names: readonly string[],
): { env: NodeJS.ProcessEnv; faults: string[] } {
  const values: NodeJS.ProcessEnv = {};
  const faults: string[] = [];
  for (const name of names) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) faults.push(`${name} and ${name}_FILE are both set: keep one of them`);
    try {
      values[name] = valueIn(readFileSync(path, 'utf8'));
      if (!values[name]) faults.push(`${name}_FILE names an empty file: ${path}`);
    } catch (error) {
      faults.push(`${name}_FILE can't be read: ${(error as Error).message}`);
    }
  }
  return { env: { ...env, ...values }, faults };
}

/** The value in a file as it is now. @throws Error when the file is empty or can't be read. */
export async function currentValue(path: string): Promise<string> {
  const value = valueIn(await readFile(path, 'utf8'));
  if (!value) throw new Error(`${path} is empty`);
  return value;
}
