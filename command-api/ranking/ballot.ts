import { aggregate } from '@event-sourced/kernel/aggregate';
import type { Caller } from '@event-sourced/kernel/auth';
import type { Millis } from '@event-sourced/kernel/event';
import { z } from 'zod';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { MovieId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { knownMovie, listedMovie } from '../known-movie.ts';

/** One user's vote on one movie. */
type Ballot = { vote: 'none' } | { vote: 'like' | 'dislike'; castAt: Millis };

function evolve(_ballot: Ballot, event: RankingEvent): Ballot {
  switch (event.type) {
    case 'VoteCast':
      return { vote: event.data.vote, castAt: event.data.castAt };
    case 'VoteRetracted':
      return { vote: 'none' };
  }
}

export const ballot = aggregate<Ballot, RankingEvent>({
  topic: 'ranking',
  stateVersion: 1,
  initial: { vote: 'none' },
  evolve,
  isThere: ({ vote }) => vote !== 'none',
});

const byMovieAndUser = ({ movieId }: { movieId: MovieId }, { userId }: Caller) => ({
  key: movieId,
  id: `${movieId}/${userId}`,
});

export const vote = ballot.command({
  name: 'vote',
  route: 'PUT /v1/movies/:movieId/vote',
  summary: 'Like or dislike a movie',
  role: roles.viewer,
  input: z.strictObject({ movieId: MovieId, vote: z.enum(['like', 'dislike']) }),
  example: { movieId: 'm55', vote: 'like' },
  stream: byMovieAndUser,
  requires: [listedMovie],
  decide: ({ movieId, vote }, ballot, { userId, now }) => {
    if (ballot.vote === vote) return []; // Voting the same again changes nothing.
    const previousCastAt = ballot.vote === 'none' ? null : ballot.castAt;
    const previous = ballot.vote;
    const data = { movieId, userId, vote, previous, previousCastAt, castAt: now };
    return [{ type: 'VoteCast', data }];
  },
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
