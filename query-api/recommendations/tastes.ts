import type { Reading } from '@event-sourced/kernel/query';
import { views } from '#schemas/views.ts';
import { myPlays, myVotes } from '../memory/my-lists.ts';

/** Likes among the newest votes; older ones don't count. */
const newestVotes = 500;
const newestLikes = 50;
/** Whoever has voted on more, or watched more, is asked about in the database. */
const mostKnown = 2_000;

/** What is known of the caller's votes and plays. */
export type Tastes = {
  /** The newest first. The same array until the caller votes. */
  liked: readonly string[];
  /** The movies that the caller has voted on or watched; null if these are too many to keep. */
  known: readonly (readonly string[])[] | null;
  /** All that was read of the caller: the same objects until the caller votes or watches. */
  ofUser: readonly object[];
};

/** Reads the caller's votes and plays once, until these change. */
export async function tastesOf({ read, copy, caller }: Reading): Promise<Tastes> {
  const userId = caller?.userId ?? '';
  const [votes, plays] = await Promise.all([
    copy(myVotes).documents(userId, 'tastes', async () => {
      const found = await read(views.votes)
        .find({ userId }, { projection: { _id: 0, movieId: 1, vote: 1 } })
        .sort({ castAt: -1, _id: 1 })
        .limit(mostKnown + 1)
        .toArray();
      const likes = found.slice(0, newestVotes).filter(({ vote }) => vote === 'like');
      return { liked: likes.slice(0, newestLikes).map(movieOf), known: ifFew(found) };
    }),
    copy(myPlays).documents(userId, 'watched', async () => {
      const found = await read(views.plays)
        .find({ userId }, { projection: { _id: 0, movieId: 1 } })
        .limit(mostKnown + 1)
        .toArray();
      return { known: ifFew(found) };
    }),
  ]);
  const known = votes.known && plays.known && [votes.known, plays.known];
  return { liked: votes.liked, known, ofUser: [votes, plays] };
}

type WithMovie = { movieId: string };
const movieOf = ({ movieId }: WithMovie): string => movieId;

const ifFew = (found: readonly WithMovie[]): readonly string[] | null =>
  found.length > mostKnown ? null : [...new Set(found.map(movieOf))];

/** Those of the movies that the caller has voted on or watched, however many these are. */
export async function knownAmong(
  ids: readonly string[],
  { read, caller }: Reading,
): Promise<Set<string>> {
  const userId = caller?.userId ?? '';
  const projection = { movieId: 1 };
  const [votes, plays] = await Promise.all([
    read(views.votes)
      .find({ _id: { $in: ids.map((id) => `${id}/${userId}`) } }, { projection })
      .toArray(),
    read(views.plays)
      .find({ userId, movieId: { $in: [...ids] } }, { projection })
      .toArray(),
  ]);
  return new Set([...votes, ...plays].map(movieOf));
}
