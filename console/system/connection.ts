import { Store } from './store.ts';

/** An API that doesn't answer now: what is known of it, and since when. */
export type Trouble = { reason: string; since: number };

/** By the API's base URL; empty while all is well. */
export const troubles = new Store<Readonly<Record<string, Trouble>>>({});

export const isAway = (base: string, reason: string): void =>
  troubles.update((before) => {
    const since = before[base]?.since ?? Date.now();
    return { ...before, [base]: { reason, since } };
  });

export const isBack = (base: string): void =>
  troubles.update((before) => {
    if (!(base in before)) return before;
    const { [base]: _gone, ...others } = before;
    return others;
  });

const everyMs = 1_000;
/** What a proxy answers, or the API itself, while it can't serve. */
const awayStatuses = [502, 503, 504];
const asked = new Set<string>();

/** Requests are repeated a few times only; after the last of them, this asks until it is back. */
export async function askUntilBack(base: string): Promise<void> {
  if (asked.has(base)) return;
  asked.add(base);
  while (base in troubles.get()) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    const answer = await fetch(`${base}/readyz`, { cache: 'no-store' }).catch(() => null);
    if (answer && !awayStatuses.includes(answer.status)) isBack(base);
  }
  asked.delete(base);
}
