import { Problem } from '../base/problem.ts';

/** npm forwards a Ctrl-C that this process has had from the terminal already. */
const SAME_KEYSTROKE_MS = 300;

/**
 * Runs a program that lives until Ctrl-C (or SIGTERM). `start` may be interrupted at any moment;
 * `stop` then ends everything that `start` has begun. A second Ctrl-C kills.
 */
export async function untilStopped(
  start: () => Promise<void>,
  stop: () => Promise<void>,
): Promise<void> {
  const { promise: signalled, resolve } = Promise.withResolvers<'signalled'>();
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      firstAt ??= Date.now();
      resolve('signalled');
      // The exit handler in process.ts kills the child processes.
      if (Date.now() - firstAt > SAME_KEYSTROKE_MS) process.exit(130);
    });
  }
  // Output to a closed terminal must not crash this process before everything is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  setInterval(() => {}, 60_000); // Listening for signals alone does not keep Node running.
  try {
    const starting = start();
    starting.catch(() => {});
    await Promise.race([starting, signalled]);
    await signalled;
    await stop();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    await stop();
    process.exit(1);
  }
}
