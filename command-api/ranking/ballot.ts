import { aggregate, batch } from '@event-sourced/kernel/aggregate';
import type { Caller } from '@event-sourced/kernel/auth';
import type { Millis, NewEvent } from '@event-sourced/kernel/event';
import { z } from 'zod';
import { ChangedAt, itemOutdated } from '#schemas/changed-at.ts';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { MovieId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { changedAfter } from '../changed-at.ts';
import { knownMovie, listedMovie } from '../known-movie.ts';

/** One user's vote on one movie; `changedAt` is when it was cast, or the last one taken back. */
type Ballot =
  | { vote: 'none'; changedAt: Millis | null }
  | { vote: 'like' | 'dislike'; castAt: Millis; changedAt: Millis };

function evolve(_ballot: Ballot, event: RankingEvent): Ballot {
  switch (event.type) {
    case 'VoteCast': {
      const { vote, castAt, changedAt } = event.data;
      return { vote, castAt, changedAt: changedAt ?? castAt };
    }
    case 'VoteRetracted':
      return { vote: 'none', changedAt: event.data.retractedAt };
  }
}

export const ballot = aggregate<Ballot, RankingEvent>({
  topic: 'ranking',
  stateVersion: 2,
  initial: { vote: 'none', changedAt: null },
  evolve,
  isThere: ({ vote }) => vote !== 'none',
});

const byMovieAndUser = ({ movieId }: { movieId: MovieId }, { userId }: Caller) => ({
  key: movieId,
  id: `${movieId}/${userId}`,
});

type Vote = { movieId: MovieId; vote: 'like' | 'dislike'; changedAt?: string | undefined };

function cast(
  { movieId, vote, ...given }: Vote,
  ballot: Ballot,
  { userId, now: castAt }: Caller & { now: Millis },
): NewEvent<RankingEvent>[] {
  if (ballot.vote === vote) return []; // Voting the same again changes nothing.
  const changedAt = changedAfter(given.changedAt, ballot.changedAt, castAt);
  const previousCastAt = ballot.vote === 'none' ? null : ballot.castAt;
  const previous = ballot.vote;
  const data = { movieId, userId, vote, previous, previousCastAt, castAt, changedAt };
  return [{ type: 'VoteCast', data }];
}

const Voted = z.strictObject({ movieId: MovieId, vote: z.enum(['like', 'dislike']) });

export const vote = ballot.command({
  name: 'vote',
  route: 'PUT /v1/movies/:movieId/vote',
  summary: 'Like or dislike a movie',
  role: roles.viewer,
  input: Voted,
  example: { movieId: 'm55', vote: 'like' },
  stream: byMovieAndUser,
  requires: [listedMovie],
  decide: cast,
});

export const voteBatch = batch({
  name: 'vote-batch',
  route: 'POST /v1/me/votes\\:batch',
  summary: 'Like or dislike many movies, such as those of an offline device',
  example: {
    items: [
      { movieId: 'm56', vote: 'like', changedAt: '2026-11-01T20:15:00.000Z' },
      { movieId: 'm55', vote: 'like' },
      { movieId: 'no-such-movie', vote: 'like' },
    ],
  },
  item: ballot.command({
    name: 'vote-in-batch',
    route: null,
    role: roles.viewer,
    input: Voted.extend({ changedAt: ChangedAt }),
    stream: byMovieAndUser,
    requires: [listedMovie],
    problems: [itemOutdated],
    decide: cast,
  }),
  same: ({ movieId }) => movieId,
});

export const retractVote = ballot.command({
  name: 'retract-vote',
  route: 'DELETE /v1/movies/:movieId/vote',
  summary: 'Take a vote back',
  role: roles.viewer,
  input: z.strictObject({ movieId: MovieId }),
  example: { movieId: 'm55' },
  stream: byMovieAndUser,
  requires: [knownMovie],
  decide: ({ movieId }, ballot, { userId, now }) => {
    if (ballot.vote === 'none') return []; // There is no vote to take back.
    const { vote: previous, castAt: previousCastAt } = ballot;
    const data = { movieId, userId, previous, previousCastAt, retractedAt: now };
    return [{ type: 'VoteRetracted', data }];
  },
});
