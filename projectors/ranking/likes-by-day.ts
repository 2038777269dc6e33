import type { Millis } from '@event-sourced/kernel/event';
import type { LikesByDay } from '#schemas/ranking/rankings-view.ts';

const dayMs = 24 * 3_600_000;
/** Days kept before the newest; an older like weighs less than 2^-52 of a like today. */
const earlierDays = 365;

const dayOf = (time: Millis): number => Math.floor(time / dayMs);

/** Adds a like on the day of this time; a like older than the kept days changes nothing. */
export function withLike(likes: LikesByDay | null, at: Millis): LikesByDay {
  const day = dayOf(at);
  if (!likes) return { newest: day, likes: 1, earlier: [] };
  const age = likes.newest - day;
  if (age > earlierDays) return likes;
  if (age >= 0) return changed(likes, age, 1);
  const skipped = new Array<number>(Math.min(-age - 1, earlierDays)).fill(0);
  // toSpliced copies once; spreading takes four times as long, and votes mostly come day by day.
  const earlier = likes.earlier.toSpliced(0, 0, ...skipped, likes.likes);
  if (earlier.length > earlierDays) earlier.length = earlierDays;
  return { newest: day, likes: 1, earlier };
}

/** Takes a like back from the day it was given, if that day is still kept. */
export function withoutLike(likes: LikesByDay | null, at: Millis): LikesByDay | null {
  if (!likes) return likes;
  const age = likes.newest - dayOf(at);
  const there = age === 0 ? likes.likes : (likes.earlier[age - 1] ?? 0);
  return there > 0 ? changed(likes, age, -1) : likes;
}

/** Changes a day's count. Most changes are on the newest day, which copies no array. */
function changed({ newest, likes, earlier }: LikesByDay, age: number, by: number): LikesByDay {
  if (age === 0) return { newest, likes: likes + by, earlier };
  const copy = earlier.slice();
  while (copy.length < age) copy.push(0);
  copy[age - 1]! += by;
  return { newest, likes, earlier: copy };
}
