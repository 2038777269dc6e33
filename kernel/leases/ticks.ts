/** All roles of a process tick at the same moments, and processes at different ones. */
const share = 0.8 + 0.2 * Math.random();
const offset = Math.random();

/** How long until the next tick, of which there are four, or a few more, in the time to live. */
export function untilTick(ttlMs: number): number {
  const everyMs = (ttlMs / 4) * share;
  return everyMs - ((performance.now() + offset * everyMs) % everyMs);
}
