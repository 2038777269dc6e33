import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movieDocument } from '#tests/movie-documents.ts';
import { Catalogue } from './catalogue.ts';
import type { EveryMovie } from './every-movie.ts';
import { MyColumns } from './my-columns.ts';
import { MyItems } from './my-items.ts';
import { fieldsIn, type MyOrder, positionOf } from './my-order.ts';

/** Few titles and years, so that there are ties; every seventh movie is retired. */
const movieAt = (at: number) =>
  movieDocument({
    ...{ _id: `m${at}`, title: `Title ${(at * 7) % 40}`, year: 1990 + ((at * 3) % 11) },
    ...{ genres: [at % 3 === 0 ? 'Drama' : 'War'], retired: at % 7 === 0 },
  });

const catalogueOf = (movies: number) => {
  const catalogue = new Catalogue();
  for (let at = 0; at < movies; at += 1) catalogue.put(movieAt(at));
  return catalogue;
};

/** Plays of 130% of the movies: some have two, and some movies are not in the catalogue. */
const playsOf = (plays: number, movies: number) =>
  Array.from({ length: plays }, (_, at) => ({
    _id: `play ${String((at * 37) % plays).padStart(4, '0')}`,
    movieId: `m${(at * 11) % Math.ceil(movies * 1.3)}`,
    watchedAt: Math.floor((plays - at) / 3),
    dueAt: at % 4 === 0 ? null : (at * 13) % 50,
  })).sort((one, other) => other.watchedAt - one.watchedAt || (one._id < other._id ? -1 : 1));

function itemsOf(every: EveryMovie, plays: ReturnType<typeof playsOf>): MyItems {
  const columns = new MyColumns(every, ['watchedAt', 'dueAt']);
  for (const play of plays) columns.add(play);
  return new MyItems(columns);
}

const orders = ['watchedAt', 'dueAt', 'title', 'year'].flatMap((by) => [
  { by, direction: 1 } as const,
  { by, direction: -1 } as const,
]);

type Play = ReturnType<typeof playsOf>[number];

/** What the list should be, by sorting all of it. */
function expectedOf(plays: readonly Play[], order: MyOrder, catalogue: Catalogue): string[] {
  const { by, direction } = order;
  const keyOf = (play: Play) => {
    const movie = catalogue.movie(play.movieId);
    if (by === 'title') return movie?.titleKey ?? null;
    if (by === 'year') return movie?.year ?? null;
    return play[by as 'watchedAt' | 'dueAt'];
  };
  const rank = (one: string | number, other: string | number) =>
    one === other ? 0 : one < other ? -direction : direction;
  return plays
    .toSorted((one, other) => {
      const [key, otherKey] = [keyOf(one), keyOf(other)];
      if (key !== otherKey) {
        return key === null ? 1 : otherKey === null ? -1 : rank(key, otherKey);
      }
      const byMovie = 'movieId' in fieldsIn(order) ? rank(one.movieId, other.movieId) : 0;
      return byMovie || -rank(one._id, other._id);
    })
    .map(({ _id }) => _id);
}

function pagedOf(
  items: MyItems,
  order: MyOrder,
  wanted: ReturnType<Catalogue['every']['ofGenres']>,
) {
  const ids: string[] = [];
  for (let position: ReturnType<typeof positionOf> | null = null; ; ) {
    const page = Iterator.from(items.after(order, position, wanted))
      .take(7)
      .toArray();
    ids.push(...page.map(({ _id }) => _id));
    if (page.length < 7) return ids;
    position = positionOf(order, page.at(-1)!);
  }
}

describe.each([
  ['few', 60],
  ['many', 700],
  ['very many', 2_100],
  // Most of them of the first few movies.
  ['unevenly many', 2_400],
])('%s items of a user', (name, plays) => {
  const movies = name === 'unevenly many' ? 5 : plays / 2;
  const all = playsOf(plays, movies);
  const catalogue = catalogueOf(movies);
  const { every } = catalogue;
  const items = itemsOf(every, all);

  it.each(orders)('are in order, page by page: by $by, direction $direction', (order) => {
    expect(pagedOf(items, order, null)).toEqual(expectedOf(all, order, catalogue));
    expect(items.count(null)).toBe(plays);
  });

  it.each(orders)('are filtered by genre: by $by, direction $direction', (order) => {
    const dramas = all.filter(({ movieId }) =>
      catalogue.movie(movieId)?.genreKeys.includes('drama'),
    );
    const wanted = every.ofGenres([['drama']]);
    expect(pagedOf(items, order, wanted)).toEqual(expectedOf(dramas, order, catalogue));
    expect(items.count(wanted)).toBe(dramas.length);
  });

  it('follow the catalogue: a new title, a movie that is retired, and one that is new', () => {
    const changed = catalogueOf(movies);
    const own = itemsOf(changed.every, all);
    const kept = orders.slice(-4);
    for (const order of kept) pagedOf(own, order, null);
    changed.put(movieDocument({ ...movieAt(3), title: 'A first title', genres: ['War'] }));
    changed.put(movieDocument({ ...movieAt(5), retired: true }));
    changed.put(movieAt(movies + 1));
    for (const order of [...kept, ...orders]) {
      expect(pagedOf(own, order, null)).toEqual(expectedOf(all, order, changed));
    }
    expect(own.count(changed.every.ofGenres([['drama']]))).toBe(
      all.filter(({ movieId }) => changed.movie(movieId)?.genreKeys.includes('drama')).length,
    );
  });
});

describe('a list in which documents have changed', () => {
  const { every } = catalogueOf(10);
  const time = fc.integer({ min: 0, max: 5 });
  const aPlay = fc.record({ id: fc.integer({ min: 0, max: 20 }), watchedAt: time, movie: time });
  const somePlays = fc.uniqueArray(aPlay, { selector: ({ id }) => id, maxLength: 20 });
  const documentsOf = (plays: readonly { id: number; watchedAt: number; movie: number }[]) =>
    plays
      .map(({ id, watchedAt, movie }) => ({
        ...{ _id: `play ${id}`, movieId: `m${movie}`, watchedAt, dueAt: watchedAt || null },
      }))
      .sort((one, other) => other.watchedAt - one.watchedAt || (one._id < other._id ? -1 : 1));
  const shown = (items: MyItems) => [
    ...orders.map((order) => [...items.after(order, null, null)]),
    [...items.at('dueAt')],
  ];

  /** Behind them are plays that never change. */
  it.each([
    [0, 200],
    [2_010, 30],
  ])('is as if all had been read anew, with %d more documents', (more, numRuns) => {
    const others = Array.from({ length: more }, (_, at) => {
      return { id: 100 + at, watchedAt: at % 9, movie: at % 4 };
    });
    const both = fc.tuple(somePlays, somePlays);
    fc.assert(
      fc.property(both, ([before, after]) => {
        const [old, now] = [
          documentsOf([...before, ...others]),
          documentsOf([...after, ...others]),
        ];
        const ids = [...new Set([...old, ...now].map(({ _id }) => _id))];
        const same = new Set(old.map((one) => JSON.stringify(one)));
        const isSame = (one: object) => same.has(JSON.stringify(one));
        const stay = new Set(now.filter(isSame).map(({ _id }) => _id));
        const changed = ids.filter((id) => !stay.has(id));
        const found = now.filter(({ _id }) => changed.includes(_id));
        const items = itemsOf(every, old).with(changed, found);
        expect(shown(items)).toEqual(shown(itemsOf(every, now)));
        expect(items.bytes).toBe(itemsOf(every, now).bytes);
        const wanted = every.ofGenres([['drama']]);
        expect(items.count(wanted)).toBe(itemsOf(every, now).count(wanted));
      }),
      { numRuns },
    );
  });
});

it('are counted by movie also when one has lost its item, and another has two', () => {
  const { every } = catalogueOf(400);
  const one = (at: number) => ({ _id: `play ${at}`, movieId: `m${at}`, watchedAt: 400 - at });
  const columns = new MyColumns(every, ['watchedAt']);
  for (let at = 0; at < 400; at += 1) columns.add(one(at));
  const again = { ...one(1), _id: 'play again' };
  // Of the movies in these lists, every third is a drama: m3 is one, and m1 is none.
  const before = new MyItems(columns);
  const wanted = every.ofGenres([['drama']]);
  expect(before.with(['play 3', again._id], [again]).count(wanted)).toBe(before.count(wanted) - 1);
});

it('a cursor that names any movie takes no memory', () => {
  const { every } = catalogueOf(400);
  const items = itemsOf(every, playsOf(2_400, 400));
  const order = { by: 'title', direction: 1 } as const;
  expect([...items.after(order, ['title 5', 'forged', 'x'], null)].length).toBeGreaterThan(0);
  expect(every.numberIfKnown('forged')).toBeUndefined();
});
