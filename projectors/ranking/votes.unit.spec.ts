import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { votes } from './votes.ts';

const ballot = { movieId: 'm1', userId: 'alice' };
const liked: TestEvent<RankingEvent> = {
  type: 'VoteCast',
  data: {
    ...ballot,
    vote: 'like',
    previous: 'none',
    previousCastAt: null,
    castAt: 1_000,
    changedAt: null,
  },
};

describe('votes', () => {
  it('holds a vote', () => {
    given(votes)
      .when(liked)
      .then({ _id: 'm1/alice', ...ballot, vote: 'like', castAt: 1_000, version: 1 });
  });

  it('holds the newer of two votes', () => {
    given(votes, [liked])
      .when({
        type: 'VoteCast',
        data: {
          ...ballot,
          vote: 'dislike',
          previous: 'like',
          previousCastAt: 1_000,
          castAt: 2_000,
          changedAt: null,
        },
      })
      .then({ vote: 'dislike', castAt: 2_000, version: 2 });
  });

  it('forgets a retracted vote', () => {
    given(votes, [liked])
      .when({
        type: 'VoteRetracted',
        data: { ...ballot, previous: 'like', previousCastAt: 1_000, retractedAt: 2_000 },
      })
      .then(null);
  });
});
