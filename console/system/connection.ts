import { Store } from './store.ts';

/** An API that doesn't answer now: what is known of it, and since when. */
export type Trouble = { reason: string; since: number };

/** By host; empty while all is well. */
export const troubles = new Store<Readonly<Record<string, Trouble>>>({});

export function isAway(url: string, reason: string): void {
  const { host } = new URL(url);
  troubles.update((before) => {
    const since = before[host]?.since ?? Date.now();
    return { ...before, [host]: { reason, since } };
  });
}

export function isBack(url: string): void {
  const { host } = new URL(url);
  troubles.update((before) => {
    if (!(host in before)) return before;
    const { [host]: _gone, ...others } = before;
    return others;
  });
}
