/** A lane, and the member that holds it by the table; undefined for a lane that is free. */
export type Holding = { lane: number; owner: string | undefined };

/** With the other live members that could not work the lane and are passed over for a while. */
export type LaneHolding = Holding & { failed: readonly string[] };

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

/** What a member should do about the lanes. */
export type Balance = {
  /** How many lanes to hold, besides those that others failed. */
  keep: number;
  /** Free lanes to take while fewer are held. */
  free: number[];
  /** Free lanes to take beyond that: another member failed them. */
  strays: number[];
};

/**
 * A lane that a member failed counts as its share all the same: it is worked by another one beyond
 * that one's share. So nothing else moves, and who fails one lane after the other gets no new ones.
 */
export function balanceFor(
  me: string,
  members: readonly string[],
  lanes: readonly LaneHolding[],
): Balance {
  const counted = lanes.map(({ lane, owner, failed }) => ({ lane, owner: failed[0] ?? owner }));
  const share = fairShares(members, counted).get(me) ?? 0;
  const lent = lanes.filter(({ failed }) => failed[0] === me).length;
  const free = lanes.filter(({ owner }) => owner === undefined);
  // If all have failed a lane, each of them may try it again.
  const isForMe = ({ failed }: LaneHolding) =>
    !failed.includes(me) || failed.length === members.length;
  return {
    keep: Math.max(0, share - lent),
    free: free.filter(({ failed }) => failed.length === 0).map(({ lane }) => lane),
    strays: free.filter((one) => one.failed.length > 0 && isForMe(one)).map(({ lane }) => lane),
  };
}
