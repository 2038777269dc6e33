import { folded, given, type TestEvent } from '@event-sourced/kernel/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MoviesEvent, RankingEvent } from '#schemas/generated/events.ts';
import { rankings } from './rankings.ts';
import { trendingScore } from './scores.ts';

type Ranked = TestEvent<MoviesEvent | RankingEvent>;
type Vote = 'like' | 'dislike';
type Wish = Vote | 'none';

const day = 24 * 3_600_000;
const details = {
  movieId: 'm1',
  title: 'Up',
  genres: ['Animation', 'Adventure'],
  description: 'A house flies.',
  director: 'Pete Docter',
  actors: [],
  year: 2009,
  runtimeMinutes: 96,
  rating: 8.3,
  ratingVotes: 722_203,
  revenueMillions: null,
  metascore: null,
  imdbId: null,
  tmdbId: null,
};
const added: Ranked = { type: 'MovieAdded', data: { ...details, addedAt: 0 } };
const renamed: Ranked = {
  type: 'MovieDetailsChanged',
  data: { ...details, title: 'Up!', genres: ['Drama'], rating: 5, ratingVotes: 1, changedAt: 1 },
};
const retired: Ranked = { type: 'MovieRetired', data: { movieId: 'm1', retiredAt: 2 } };
const cast = (vote: Vote, castAt: number, previous?: [Vote, number], userId = 'alice'): Ranked => ({
  type: 'VoteCast',
  data: {
    ...{ movieId: 'm1', userId, vote, castAt, changedAt: null },
    ...{ previous: previous?.[0] ?? 'none', previousCastAt: previous?.[1] ?? null },
  },
});
const retracted = (previous: Vote, previousCastAt: number, userId = 'alice'): Ranked => ({
  type: 'VoteRetracted',
  data: { movieId: 'm1', userId, previous, previousCastAt, retractedAt: 9 * day },
});

const newest = (day: number, likes: number, earlier: number[] = []) => ({
  ...{ newest: day, likes, earlier },
});

describe('rankings', () => {
  it('lists a movie by its rating as soon as it is added', () => {
    given(rankings)
      .when(added)
      .then({
        _id: 'm1',
        listed: true,
        genreKeys: ['animation', 'adventure'],
        movie: {
          ...{ version: 1, title: 'Up', year: 2009, genres: ['Animation', 'Adventure'] },
          ...{ runtimeMinutes: 96, rating: 8.3, ratingVotes: 722_203 },
        },
        ...{ likes: 0, dislikes: 0, likesByDay: null, trending: null },
        ...{ weightedRating: 8.247243253, score: 0.713629732 },
      });
  });

  it('takes over new details', () => {
    given(rankings, [added])
      .when(renamed)
      .then({ listed: true, genreKeys: ['drama'], weightedRating: 6.723131075 });
  });

  it('no longer lists a retired movie, and keeps its votes', () => {
    given(rankings, [added, cast('like', 0)])
      .when(retired)
      .then({ listed: false, likes: 1 });
    given(rankings).when(retired).thenRefused('m1 was never added');
  });

  it('counts votes for a movie that is not added yet, unlisted', () => {
    given(rankings)
      .when(cast('like', 3 * day))
      .then({ movie: null, listed: false, likes: 1, likesByDay: newest(3, 1) });
  });

  it('counts a dislike', () => {
    given(rankings, [added])
      .when(cast('dislike', 0))
      .then({ likes: 0, dislikes: 1, likesByDay: null, trending: null });
  });

  it('moves a changed vote from one count to the other', () => {
    given(rankings, [cast('like', day)])
      .when(cast('dislike', 2 * day, ['like', day]))
      .then({ likes: 0, dislikes: 1, likesByDay: newest(1, 0), trending: null });
    given(rankings, [cast('dislike', day)])
      .when(cast('like', 2 * day, ['dislike', day]))
      .then({ likes: 1, dislikes: 0, likesByDay: newest(2, 1) });
  });

  it('takes a retracted vote from the day it was cast', () => {
    const likes = [cast('like', day), cast('like', 4 * day, undefined, 'bob')];
    given(rankings, likes)
      .when(retracted('like', day))
      .then({ likes: 1, likesByDay: newest(4, 1, [0, 0, 0]) });
    given(rankings, [cast('dislike', 0)])
      .when(retracted('dislike', 0))
      .then({ likes: 0, dislikes: 0 });
  });

  it('keeps likes of the newest day and 365 before it', () => {
    const first = cast('like', 0);
    const later = cast('like', 365 * day, undefined, 'bob');
    const last = cast('like', 366 * day, undefined, 'cleo');
    const likesOf = (events: Ranked[]) => folded(rankings, events)!.likesByDay!.earlier;
    expect(likesOf([first, later]).at(-1)).toBe(1);
    expect(likesOf([first, later, last])).toHaveLength(365);
    expect(likesOf([first, later, last]).at(-1)).toBe(0);
    const recent = newest(366, 1);
    given(rankings, [last]).when(first).then({ likes: 2, likesByDay: recent });
    given(rankings, [last, first]).when(retracted('like', 0)).then({ likesByDay: recent });
    expect(likesOf([first, cast('like', 5_000 * day, undefined, 'bob')])).toHaveLength(365);
  });

  it('trends by standing likes alone, after any history of votes', () => {
    const votes = fc.array(
      fc.record({
        user: fc.nat(4),
        vote: fc.constantFrom<Wish>('like', 'dislike', 'none'),
        on: fc.nat(60),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(votes, (history) => {
        const events = voteHistory(history);
        const none = { likesByDay: null, likes: 0, trending: null };
        const { likesByDay, likes, trending } = folded(rankings, events) ?? none;
        const standing = new Map(history.map(({ user, vote, on }) => [user, { vote, on }]));
        const liked = [...standing.values()].filter(({ vote }) => vote === 'like');
        expect(likes).toBe(liked.length);
        const last = likesByDay?.newest ?? 0;
        const counts = new Array<number>(61).fill(0);
        for (const { on } of liked) counts[last - on]! += 1;
        expect(trending).toBe(trendingScore(last, counts));
      }),
    );
  });

  it('is the same from any interleaving of movies and votes', () => {
    const votes = fc.array(
      fc.record({
        user: fc.nat(2),
        vote: fc.constantFrom<Wish>('like', 'dislike', 'none'),
        on: fc.nat(900),
      }),
      { maxLength: 20 },
    );
    const catalogue = fc.constantFrom<Ranked[]>(
      [],
      [added],
      [added, renamed],
      [added, retired],
      [added, renamed, retired],
    );
    fc.assert(
      fc.property(catalogue, votes, fc.infiniteStream(fc.boolean()), (movies, history, coin) => {
        const numbered = (events: Ranked[]) =>
          events.map((event, at) => ({ ...event, meta: { sequence: at + 1 } }));
        const left = [numbered(movies), numbered(voteHistory(history))] as const;
        const inTurn = [...left[0], ...left[1]];
        const mixed: Ranked[] = [];
        while (left[0].length + left[1].length > 0) {
          const from = left[coin.next().value ? 0 : 1];
          mixed.push(...from.splice(0, 1));
        }
        expect(folded(rankings, mixed)).toEqual(folded(rankings, inTurn));
        expect(folded(rankings, mixed)).toEqual(folded(rankings, mixed));
      }),
    );
  });
});

/** The events of several users' wishes: each event names the vote that it replaces. */
function voteHistory(history: { user: number; vote: Wish; on: number }[]): Ranked[] {
  const standing = new Map<number, [Vote, number]>();
  return history.flatMap(({ user, vote, on }) => {
    const before = standing.get(user);
    if (vote === 'none') {
      standing.delete(user);
      return before ? [retracted(...before, `user${user}`)] : [];
    }
    standing.set(user, [vote, on * day]);
    return [cast(vote, on * day, before, `user${user}`)];
  });
}
