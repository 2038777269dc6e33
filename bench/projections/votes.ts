import { seeded } from '../random.ts';
import { type VoteCast, voteCast } from '../vote-cast.ts';

export const movies = 1_000;
const users = 50_000;
const firstAt = Date.parse('2026-01-01T00:00:00Z');
const halfAYearMs = 182 * 86_400_000;

/**
 * Votes on many movies within half a year, more of them on popular movies, the same in every run.
 * Nearly all are the first vote of a user on a movie; the others change an earlier vote.
 * @param isWanted chooses movies; the votes on a movie don't depend on which others are chosen.
 */
export function* votes(
  count: number,
  isWanted: (movieId: string) => boolean = () => true,
): Generator<VoteCast> {
  const random = seeded(1);
  const movieIds = Array.from({ length: movies }, (_, at) => `m${at + 1}`);
  const wanted = movieIds.map(isWanted);
  // Plain objects would take gigabytes for ten millions. Of each ballot: which vote was the last
  // one, counted from 1 and negative for a dislike, and how many there were.
  const last = new Int32Array(movies * users);
  const versions = new Uint16Array(movies * users);
  const timeOf = (at: number) => firstAt + Math.floor((at / count) * halfAYearMs);
  for (let at = 0; at < count; at += 1) {
    const movie = Math.floor(random() ** 2 * movies);
    const user = Math.floor(random() ** 2 * users);
    const isLiked = random() < 0.7;
    if (!wanted[movie]) continue;
    const ballot = movie * users + user;
    const before = last[ballot]!;
    const vote = before === 0 ? isLiked : before < 0;
    last[ballot] = vote ? at + 1 : -(at + 1);
    versions[ballot]! += 1;
    yield voteCast({
      movieId: movieIds[movie]!,
      userId: `user${user}`,
      vote: named(vote),
      previous: before === 0 ? 'none' : named(before > 0),
      previousCastAt: before === 0 ? null : timeOf(Math.abs(before) - 1),
      castAt: timeOf(at),
      version: versions[ballot]!,
    });
  }
}

const named = (isLike: boolean) => (isLike ? 'like' : 'dislike');
