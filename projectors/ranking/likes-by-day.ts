import type { Millis } from '#kernel/event.ts';
import type { LikesByDay } from '#schemas/ranking/rankings-view.ts';

const dayMs = 24 * 3_600_000;
/** The newest day and 365 before it; what is older weighs less than 2^-52 of a like today. */
const days = 366;

const dayOf = (time: Millis): number => Math.floor(time / dayMs);

/** One like more on the day of this time; a like older than all that is kept changes nothing. */
export function withLike(likes: LikesByDay | null, at: Millis): LikesByDay {
  const day = dayOf(at);
  if (!likes) return { newest: day, counts: [1] };
  const { newest, counts } = likes;
  const age = newest - day;
  if (age >= days) return likes;
  if (age >= 0) return { newest, counts: changed(counts, age, 1) };
  const skipped = new Array<number>(Math.min(-age - 1, days)).fill(0);
  return { newest: day, counts: [1, ...skipped, ...counts].slice(0, days) };
}

/** Takes a like back from the very day it was given; from one that is not kept any more, none. */
export function withoutLike(likes: LikesByDay | null, at: Millis): LikesByDay | null {
  if (!likes) return likes;
  const age = likes.newest - dayOf(at);
  if (!((likes.counts[age] ?? 0) > 0)) return likes;
  return { newest: likes.newest, counts: changed(likes.counts, age, -1) };
}

function changed(counts: readonly number[], age: number, by: number): number[] {
  const copy = counts.slice();
  while (copy.length <= age) copy.push(0);
  copy[age] = copy[age]! + by;
  return copy;
}
