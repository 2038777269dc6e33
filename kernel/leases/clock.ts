/** The wall clock's time when `performance.now()` was 0. */
let origin = Date.now() - performance.now();

/**
 * Milliseconds on a clock that is never set back and goes on while the machine sleeps.
 * `performance.now()` stands still then, so a lease that ran out long ago would look valid.
 */
export function unpausedNow(): number {
  const running = performance.now();
  const byWallClock = Date.now() - origin;
  if (byWallClock >= running) return byWallClock;
  origin = Date.now() - running; // The wall clock was set back.
  return running;
}
