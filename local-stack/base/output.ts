/**
 * Ends the program with this exit code if its standard output can't be written, as on a full disk.
 * Otherwise it would end as if all were well, or with a code that means something else.
 * @param onGone is called when the reader has left, as `| head` does; that is no failure.
 */
export function endIfOutputFails(failed: number, onGone: () => void = () => {}): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return onGone();
    const cure = 'Make room on its disk, or send the output elsewhere.';
    process.stderr.write(`Standard output can't be written (${error.message}). ${cure}\n`);
    process.exit(failed);
  });
  // What can't be told anywhere must not end the work.
  process.stderr.on('error', () => {});
}
