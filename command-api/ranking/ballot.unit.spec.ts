import type { NewEvent } from '@event-sourced/kernel/event';
import type { Problem } from '@event-sourced/kernel/problems';
import { given } from '@event-sourced/kernel/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { knownMovie, listedMovie } from '../known-movie.ts';
import { ballot, retractVote, vote } from './ballot.ts';

type New = NewEvent<RankingEvent>;

const about = { movieId: 'm12', userId: 'alice' };
const liked: New = {
  type: 'VoteCast',
  data: {
    ...about,
    vote: 'like',
    previous: 'none',
    previousCastAt: null,
    castAt: 10,
    changedAt: null,
  },
};
const disliked: New = {
  type: 'VoteCast',
  data: {
    ...about,
    vote: 'dislike',
    previous: 'like',
    previousCastAt: 10,
    castAt: 20,
    changedAt: null,
  },
};
const retracted: New = {
  type: 'VoteRetracted',
  data: { ...about, previous: 'like', previousCastAt: 10, retractedAt: 30 },
};

describe('vote', () => {
  const like = { movieId: 'm12', vote: 'like' };
  const dislike = { movieId: 'm12', vote: 'dislike' };

  it('done: the first vote of a user on a movie', () =>
    given(ballot, []).when(vote, like, { now: 10 }).then([liked]));

  it('done: another vote replaces the standing one, and its event names both', () =>
    given(ballot, [liked]).when(vote, dislike, { now: 20 }).then([disliked]));

  it('done: a vote after a retracted one replaces nothing', () =>
    given(ballot, [liked, retracted]).when(vote, like, { now: 10 }).then([liked]));

  it('unchanged: the same vote again is not a toggle', () =>
    given(ballot, [liked]).when(vote, like).then([]));

  it('raced: of two opposite votes, the later one wins', () =>
    given(ballot, [liked, disliked])
      .when(vote, like, { now: 30 })
      .then([
        {
          type: 'VoteCast',
          data: {
            ...about,
            vote: 'like',
            previous: 'dislike',
            previousCastAt: 20,
            castAt: 30,
            changedAt: null,
          },
        },
      ]));
});

describe('retract-vote', () => {
  const about = { movieId: 'm12' };

  it('done: takes the vote back, and the event names it', () =>
    given(ballot, [liked]).when(retractVote, about, { now: 30 }).then([retracted]));

  it('unchanged: there is no vote', () => given(ballot, []).when(retractVote, about).then([]));

  it('raced: another command took the vote back before', () =>
    given(ballot, [liked, retracted]).when(retractVote, about).then([]));
});

describe('the rule about the movie', () => {
  const details = {} as never;
  const codeOf = (check: () => void) => {
    try {
      check();
      return 'allowed';
    } catch (error) {
      return (error as Problem).code;
    }
  };
  const about = { movieId: 'm12' } as never;

  it.each([
    ['unknown', 'movie-unknown', 'movie-unknown'],
    ['listed', 'allowed', 'allowed'],
    ['retired', 'movie-retired', 'allowed'],
  ])('a movie that is %s: vote %s, retract %s', (status, voting, retracting) => {
    expect(codeOf(() => listedMovie.check({ status, details }, about))).toBe(voting);
    expect(codeOf(() => knownMovie.check({ status, details }, about))).toBe(retracting);
  });
});

it('deciding twice changes nothing, in every state', () => {
  const history = fc.array(fc.constantFrom(liked, disliked, retracted), { maxLength: 8 });
  const wish = fc.constantFrom('like', 'dislike', 'none');
  fc.assert(
    fc.property(history, wish, (events, wish) => {
      const votes = given(ballot, events);
      if (wish === 'none') votes.when(retractVote, { movieId: 'm12' }).thenTwiceIsOnce();
      else votes.when(vote, { movieId: 'm12', vote: wish }).thenTwiceIsOnce();
    }),
  );
});
