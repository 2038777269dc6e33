import fc from 'fast-check';
import { expect, it } from 'vitest';
import { behind, fewInOrder, inOrder, MovieOrders, MovieSort } from './movie-sort.ts';

const movie = fc.record({
  _id: fc.string({ minLength: 1, maxLength: 3 }),
  titleKey: fc.constantFrom('a', 'b', 'c'),
  year: fc.integer({ min: 2000, max: 2003 }),
  rating: fc.constantFrom(6, 7),
  ratingVotes: fc.nat(3),
  runtimeMinutes: fc.nat(3),
  revenueMillions: fc.option(fc.nat(2)),
  metascore: fc.option(fc.nat(2)),
});
const movies = fc.uniqueArray(movie, { selector: ({ _id }) => _id, maxLength: 12 });
const sorts = fc.constantFrom(...MovieSort.unwrap().options);
it('a few movies are in the order of all, from the first on and behind any of them', () => {
  fc.assert(
    fc.property(movies, sorts, fc.nat(11), (some, sort, at) => {
      const movieOf = (number: number) => some[number]!;
      const orders = new MovieOrders(movieOf);
      for (const number of some.keys()) orders.add(number);
      const all = (position: Parameters<typeof behind>[1]) =>
        orders.after(sort, position).flatMap((part) => [...part].map(movieOf));
      const sorted = fewInOrder(sort, some);
      expect(behind(sort, null, sorted)).toEqual(all(null));
      const place = some[at];
      if (!place) return;
      const [field = '_id'] = Object.keys(inOrder(sort)) as (keyof typeof place)[];
      const position = [place[field], place._id];
      expect(behind(sort, position, sorted)).toEqual(all(position));
    }),
  );
});
