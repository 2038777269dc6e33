import fc from 'fast-check';
import { expect, it } from 'vitest';
import { movieDocument } from '#tests/movie-documents.ts';
import { Catalogue } from './catalogue.ts';
import { fewInOrder, type MovieSort } from './movie-sort.ts';

const change = fc.record({
  id: fc.constantFrom('m1', 'm2', 'm3', 'm4'),
  what: fc.constantFrom('put', 'retire', 'remove'),
  director: fc.constantFrom('Ann Lee', 'Bo Lee', 'Cy Tan'),
  year: fc.integer({ min: 2000, max: 2002 }),
});
const lists: { director?: string; year?: { from: number; to: number } }[] = [
  {},
  { director: 'lee' },
  { director: 'n l', year: { from: 2001, to: 2002 } },
  { year: { from: 2000, to: 2000 } },
];
const sorts: MovieSort[] = ['title', '-year'];

it('a list is right after each change, also if it was asked for before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const catalogue = new Catalogue();
      const movies = new Map<string, ReturnType<typeof movieDocument>>();
      for (const { id, what, director, year } of changes) {
        const movie = movieDocument({
          _id: id,
          title: id,
          director,
          year,
          retired: what === 'retire',
        });
        if (what === 'remove') movies.delete(id);
        else movies.set(id, movie);
        if (what === 'remove') catalogue.remove(id);
        else catalogue.put(movie);
        for (const { director: part = '', year: range = null } of lists) {
          const wanted = [...movies.values()].filter(
            (one) =>
              !one.retired &&
              one.directorKey.includes(part) &&
              (!range || (one.year >= range.from && one.year <= range.to)),
          );
          const filters = {
            genre: [],
            ...(part && { director: part }),
            ...(range && { year: range }),
          };
          for (const sort of sorts) {
            const list = catalogue.list(filters, sort);
            expect(await list.count()).toBe(wanted.length);
            expect(await list.read(null, 10)).toEqual(fewInOrder(sort, wanted));
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});
