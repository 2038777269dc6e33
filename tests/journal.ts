import { createHash } from 'node:crypto';
import { type Projection, projection } from '#kernel/projection.ts';
import { view } from '#kernel/view.ts';
import type { MoviesEvent, RankingEvent } from '#schemas/generated/events.ts';

/** A view whose documents show any mistake. Its streams have `at` for their versions. */

export type Vote = { movieId: string; userId: string; at: number };

/** What came to a movie, in order: one event twice, lost or out of turn gives another digest. */
export type Journal = { _id: string; events: number; digest: string };

export const journalView = view<Journal>({
  name: 'journal',
  version: 1,
  topics: ['movies', 'ranking'],
  indexes: [{ key: { events: 1 } }],
});

const written = (journal: Journal | null, movieId: string, text: string): Journal => ({
  _id: movieId,
  events: (journal?.events ?? 0) + 1,
  digest: createHash('sha1').update(`${journal?.digest} ${text}`).digest('hex'),
});

/** Refuses users named `poison`, as a fold with a mistake would. */
export const journal: Projection<MoviesEvent | RankingEvent, Journal> = projection<
  MoviesEvent | RankingEvent
>()({
  view: journalView,
  id: (event) => event.data.movieId,
  when: {
    VoteCast: (before, { data, meta }) => {
      if (data.userId.startsWith('poison')) throw new Error(`no room for ${data.userId}`);
      return written(before, data.movieId, `${meta.sequence} ${data.userId} ${data.castAt}`);
    },
  },
});

/** How often each user has voted on a movie: a document for each stream. */
export type Ballot = { _id: string; votes: number };

export const ballotsView = view<Ballot>({
  name: 'ballots',
  version: 1,
  topics: ['ranking'],
  indexes: [],
});

export const ballots: Projection<RankingEvent, Ballot> = projection<RankingEvent>()({
  view: ballotsView,
  ofOneStream: true,
  id: ({ data }) => `${data.movieId}/${data.userId}`,
  when: {
    VoteCast: (before, { data }) => ({
      _id: `${data.movieId}/${data.userId}`,
      votes: (before?.votes ?? 0) + 1,
    }),
  },
});

/** A fresh fold, in memory, of the votes that were appended. */
export function journalOf(votes: readonly Vote[]): Map<string, Journal> {
  const journals = new Map<string, Journal>();
  for (const { movieId, userId, at } of votes) {
    const text = `${at} ${userId} ${at}`;
    journals.set(movieId, written(journals.get(movieId) ?? null, movieId, text));
  }
  return journals;
}

/** So many votes, on so many movies in turn. */
export const someVotes = (count: number, movies: number, from = 0): Vote[] =>
  Array.from({ length: count }, (_, at) => ({
    movieId: `m${at % movies}`,
    userId: `user${from + at}`,
    at: from + at + 1,
  }));
