import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { movieDocument, rankingDocument } from '#tests/movie-documents.ts';
import { Catalogue } from '../memory/catalogue.ts';
import { Standings } from '../memory/standings.ts';
import { reasonsAmong } from './reasons.ts';
import { likesOf, suggestions } from './suggestions.ts';

const numbered = (at: number) =>
  movieDocument({
    ...{ _id: `m${at}`, title: `Film ${at}`, genres: [`Genre ${at % 20}`, 'Drama'] },
    ...{ director: `Director ${at}`, actors: Array.from({ length: 5 }, (_, n) => `${n} of ${at}`) },
  });

describe('suggestions', () => {
  it('look at a bounded number of movies, however many there are', () => {
    const looked = { people: 0, listed: 0 };
    const endless = (limit: number) =>
      Array.from({ length: limit }, (_, at) => numbered(1_000 + looked.people + at));
    const catalogue = {
      version: 1,
      movie: (id: string) => numbered(Number(id.slice(1))),
      ofPerson: (_: string, limit: number) => {
        looked.people += limit;
        return endless(limit);
      },
    };
    const best = function* () {
      for (let at = 0; ; at += 1) {
        looked.listed += 1;
        yield { ...numbered(5_000 + at), score: 0.5 };
      }
    };
    const standings = { of: () => undefined, best } as never;
    const liked = Array.from({ length: 50 }, (_, at) => `m${at}`);
    suggestions(likesOf(liked, catalogue as never), standings, { limit: 20, known: [] });
    expect(looked).toEqual({ people: 50 * 6 * 20, listed: 5 * 200 });
  });
});

const names = ['Ann', 'Bea', 'Cem', 'Dov'];
const kinds = ['Drama', 'Comedy', 'War'];
const aMovie = fc.record({
  director: fc.constantFrom(...names),
  actors: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
  genres: fc.uniqueArray(fc.constantFrom(...kinds), { minLength: 1, maxLength: 2 }),
  // Few scores, so that many are equal.
  score: fc.constantFrom(0.1, 0.5, 0.9),
  retired: fc.boolean(),
  isLiked: fc.boolean(),
  isKnown: fc.boolean(),
});

describe('suggestions from memory', () => {
  it('are the best of all movies that share a person or a genre', () => {
    const few = fc.tuple(fc.array(aMovie, { maxLength: 30 }), fc.integer({ min: 1, max: 8 }));
    fc.assert(
      fc.property(few, ([made, limit]) => {
        const all = made.map((one, at) => ({
          ...{ ...one, movie: movieDocument({ ...one, _id: `m${at}`, title: `Film ${at}` }) },
        }));
        const catalogue = new Catalogue();
        const standings = new Standings();
        for (const { movie, score } of all) {
          catalogue.put(movie);
          standings.put(rankingDocument(movie, { score }));
        }
        const idsOf = (some: typeof all) => some.map(({ movie }) => movie._id);
        const liked = all.filter(({ isLiked }) => isLiked);
        const likes = likesOf(idsOf(liked), catalogue);
        const known = idsOf(all.filter(({ isKnown }) => isKnown));
        const found = suggestions(likes, standings, { limit, known });
        const scores = scoresOf(all);
        const best = [...scores.values()].sort((one, other) => other - one);
        expect(new Set(found).size).toBe(found.length);
        expect(found.map(({ _id }) => scores.get(_id))).toEqual(best.slice(0, limit));
      }),
    );
  });

  it('heed what has changed in the catalogue', () => {
    const catalogue = new Catalogue();
    const standings = new Standings();
    const liked = ['m1'];
    const at = (id: string, director: string) =>
      movieDocument({ ...{ _id: id, title: id, genres: ['War'] }, director });
    const put = (id: string, director: string) => {
      catalogue.put(at(id, director));
      standings.put(rankingDocument(at(id, director), { score: 0.5 }));
    };
    const ids = () =>
      suggestions(likesOf(liked, catalogue), standings, { limit: 2, known: [] }).map(
        ({ _id }) => _id,
      );
    for (const [id, director] of [
      ['m1', 'Ann'],
      ['m2', 'Bea'],
      ['m3', 'Ann'],
    ] as const) {
      put(id, director);
    }
    expect(ids()).toEqual(['m3', 'm2']);
    put('m3', 'Cem');
    put('m1', 'Bea');
    expect(ids()).toEqual(['m2', 'm3']);
  });
});

describe('suggestions of a user', () => {
  const catalogue = new Catalogue();
  const standings = new Standings();
  for (const at of [1, 2, 3]) catalogue.put(numbered(at));
  const first = async () => [numbered(2)];
  const other = async () => [numbered(3)];
  const ofUser = [{}, {}];
  const made = async () => {
    const likes = likesOf(['m1'], catalogue);
    const wanted = { limit: 1, ofUser, standings };
    await likes.suggested(wanted, first);
    return async (changed: Partial<typeof wanted>) => {
      const [found] = await likes.suggested({ ...wanted, ...changed }, other);
      return found?.movie._id;
    };
  };

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['the same while the user does nothing', {}, 'm2'],
    ['others once the user has voted', { ofUser: [{}, ofUser[1]!] }, 'm3'],
    ['others once the user has watched something', { ofUser: [ofUser[0]!, {}] }, 'm3'],
    [
      'others once another generation of the rankings is served',
      { standings: new Standings() },
      'm3',
    ],
    ['others where more are wanted', { limit: 2 }, 'm3'],
  ])('are %s', async (_, changed, expected) => {
    expect(await (await made())(changed)).toBe(expected);
  });

  it('are found once for requests that come at once, unless that fails', async () => {
    const likes = likesOf(['m1'], catalogue);
    const wanted = { limit: 1, ofUser, standings: new Standings() };
    const never = () => Promise.reject(new Error('asked once more'));
    const both = [likes.suggested(wanted, first), likes.suggested(wanted, never)];
    const [one, another] = await Promise.all(both);
    expect(another).toBe(one);
    const changed = { ...wanted, ofUser: [{}, {}] };
    const failed = likes.suggested(changed, never);
    const own = likes.suggested(changed, other);
    await expect(failed).rejects.toThrow('asked once more');
    expect((await own)[0]?.movie._id).toBe('m3');
  });

  it('are made anew after a minute', async () => {
    vi.useFakeTimers();
    const again = await made();
    vi.advanceTimersByTime(59_000);
    expect(await again({})).toBe('m2');
    vi.advanceTimersByTime(2_000);
    expect(await again({})).toBe('m3');
  });
});

type Made = {
  movie: ReturnType<typeof movieDocument>;
  score: number;
} & Record<'isLiked' | 'isKnown', boolean>;

/** What speaks for each movie, by looking at every one. */
function scoresOf(all: readonly Made[]): Map<string, number> {
  const liked = all.filter(({ isLiked }) => isLiked).map(({ movie }) => movie);
  const people = new Set(
    liked.flatMap(({ directorKey, actorKeys }) => [directorKey, ...actorKeys]),
  );
  const share = (genre: string) =>
    liked.filter(({ genreKeys }) => genreKeys.includes(genre)).length / liked.length || 0;
  const shared = ({ movie: { directorKey, actorKeys } }: Made): number =>
    [...people].reduce((sum, person) => {
      if (directorKey === person) return sum + 1;
      return actorKeys.includes(person) ? sum + 0.6 : sum;
    }, 0);
  const wanted = all.filter((one) => {
    if (one.isLiked || one.isKnown || one.movie.retired) return false;
    const { genreKeys } = one.movie;
    return liked.length === 0 || shared(one) > 0 || genreKeys.some((key) => share(key) > 0);
  });
  return new Map(
    wanted.map((one) => {
      const { _id, genreKeys } = one.movie;
      const ofGenres = genreKeys.reduce((sum, key) => sum + share(key), 0) / genreKeys.length;
      const score = shared(one) + 1.5 * ofGenres + one.score;
      // The order in which numbers are added changes their last digits.
      return [_id, Math.round(score * 1e9) / 1e9];
    }),
  );
}

describe('reasons', () => {
  it('are the three liked movies that have the most in common', () => {
    const liked = [1, 21, 41, 61].map(numbered);
    const movie = { ...numbered(1), actorKeys: ['0 of 61'] };
    expect(reasonsAmong(liked)(movie).map(({ movieId }) => movieId)).toEqual(['m1', 'm61', 'm21']);
  });
});
