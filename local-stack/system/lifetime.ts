import { Problem } from '../base/problem.ts';

/** The exit code of a program that Ctrl-C has kept from an outcome. */
export const INTERRUPTED = 130;

/** npm forwards a Ctrl-C that this process has had from the terminal already. */
const SAME_KEYSTROKE_MS = 300;

/**
 * Runs a program that lives until Ctrl-C (or SIGTERM). `start` may be interrupted at any moment;
 * `stop` then ends everything that `start` has begun. A second Ctrl-C kills.
 * @param start may give an exit code, with which the program then ends by itself.
 * @param interrupted the exit code after Ctrl-C.
 */
export async function untilStopped(
  start: () => Promise<number | undefined>,
  stop: () => Promise<void>,
  interrupted = 0,
): Promise<void> {
  const { promise: signalled, resolve } = Promise.withResolvers<number>();
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      firstAt ??= Date.now();
      resolve(interrupted);
      // The exit handler in process.ts kills the child processes.
      if (Date.now() - firstAt > SAME_KEYSTROKE_MS) process.exit(INTERRUPTED);
    });
  }
  // Output to a closed terminal must not crash this process before everything is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  setInterval(() => {}, 60_000); // Listening for signals alone does not keep Node running.
  try {
    const starting = start();
    starting.catch(() => {});
    const ended = await Promise.race([starting, signalled]);
    const code = ended ?? (await signalled);
    await stop();
    process.exit(code);
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    await stop();
    process.exit(1);
  }
}
