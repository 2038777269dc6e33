/**
 * Who may write a lane stands in the lane's partition of the topic of claims, in the order in which
 * names were claimed. These rules say what a taker makes of it; `protocol-model.unit.spec.ts` runs
 * them in every order of events.
 */

/** A record of a claim, or of its end. */
export type ClaimRecord = { name: string; live: boolean };

/** What a taker has to know about one lane. */
export type LaneClaims = {
  /** All records before the taker's own claim. */
  before: readonly ClaimRecord[];
  /** The names that this node claims lanes under, and has not lost. */
  own: ReadonlySet<string>;
  /** The name of older releases, which made no claims: it is live until its end is recorded. */
  unclaimed: string;
};

/**
 * The producers of one claimed name, of which one appends at a time: the second goes on while the
 * transactions of the first can't end, because the leader of some lane is away.
 */
export const producersOf = (name: string): [string, string] => [name, `${name}-spare`];

/**
 * The names that could still write the lane. A taker fences each of them, all before it looks for
 * the lane's end.
 */
export function namesToFence({ before, own, unclaimed }: LaneClaims): string[] {
  const live = new Map([[unclaimed, true]]);
  for (const record of before) live.set(record.name, record.live);
  return [...live].filter(([name, isLive]) => isLive && !own.has(name)).map(([name]) => name);
}

/**
 * The claims that a taker may end: of names that it has fenced itself. One that somebody else is
 * just fencing could still write.
 */
export const claimsToEnd = (
  { before, unclaimed }: LaneClaims,
  fenced: ReadonlySet<string>,
): string[] => {
  const claimed = new Set([unclaimed, ...before.map(({ name }) => name)]);
  return [...claimed].filter((name) => fenced.has(name));
};
