import type { Event } from '#kernel/event.ts';
import type { Appended, TestLog, TestRecord } from '#kernel/testing/test-log.ts';
import { openTestLog, testMeta } from '#kernel/testing/test-log.ts';
import { eventSchemas } from '#schemas/load.ts';

/** A log of this system's events and a database, both for one test. */
export type VoteLog = Omit<TestLog, 'append'> & {
  append(records: readonly (Vote | Raw)[]): Promise<Appended[]>;
};

/** A user likes a movie. `at` is the time, and the ballot's version too. */
export type Vote = { movieId: string; userId: string; at: number };

/** Bytes that can't be decoded. */
type Raw = { movieId: string; bytes: Buffer };

export async function openVoteLog(label: string): Promise<VoteLog> {
  const world = await openTestLog({ label, schemas: eventSchemas });
  return { ...world, append: (records) => world.append('ranking', records.map(recordOf)) };
}

const recordOf = (one: Vote | Raw): TestRecord =>
  'bytes' in one
    ? { key: one.movieId, bytes: one.bytes }
    : { key: one.movieId, event: voteCast(one) };

const voteCast = ({ movieId, userId, at }: Vote): Event => ({
  type: 'VoteCast',
  data: {
    movieId,
    userId,
    vote: 'like',
    previous: 'none',
    previousCastAt: null,
    castAt: at,
    changedAt: null,
  },
  meta: testMeta(`${movieId}/${userId}`, at),
});

/** Votes of different users, on so many movies in turn. */
export const someVotes = (count: number, movies: number, from = 0): Vote[] =>
  Array.from({ length: count }, (_, at) => ({
    movieId: `m${at % movies}`,
    userId: `user${from + at}`,
    at: from + at + 1,
  }));
