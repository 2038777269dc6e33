/** A lane, and the member that holds it by the table; undefined for a lane that is free. */
export type Holding = { lane: number; owner: string | undefined };

/**
 * How many lanes each member should hold. Shares differ by one at most, and the odd lanes go to
 * the members that hold most already, so that no lane moves without need. Every member computes
 * the same shares.
 */
export function fairShares(members: readonly string[], lanes: readonly Holding[]) {
  const held = new Map(members.map((member) => [member, 0]));
  for (const { owner } of lanes) {
    if (owner !== undefined && held.has(owner)) held.set(owner, held.get(owner)! + 1);
  }
  const ranked = [...held.keys()].sort(
    (a, b) => held.get(b)! - held.get(a)! || (a < b ? -1 : a > b ? 1 : 0),
  );
  const base = ranked.length === 0 ? 0 : Math.floor(lanes.length / ranked.length);
  const odd = lanes.length - base * ranked.length;
  return new Map(ranked.map((member, place) => [member, place < odd ? base + 1 : base]));
}
