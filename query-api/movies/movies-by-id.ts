import { Problem } from '@event-sourced/kernel/problems';
import type { Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import { cataloguedMovie } from '../listed-movie.ts';
import { catalogue } from '../memory/catalogue.ts';

const mostIds = 100;

/** `ids=m1,m2`: the movies that a client knows by name. */
export const MovieIds = z
  .string()
  .max(mostIds * 65)
  .transform((text) => [...new Set(text.split(',').map((id) => id.trim()))])
  .pipe(z.array(MovieId).max(mostIds, `must name at most ${mostIds} movies`))
  .optional()
  .meta({
    description:
      'Up to 100 ids with commas: these movies in this order, on one page, retired ones too; ' +
      '`missing` has the ids that the catalogue does not know. Not together with a filter.',
    override: ({ jsonSchema }) => {
      for (const key of Object.keys(jsonSchema)) {
        if (key !== 'description') delete jsonSchema[key as keyof typeof jsonSchema];
      }
      const id = '[A-Za-z0-9_-]{1,64}';
      const pattern = `^${id}(,${id}){0,${mostIds - 1}}$`;
      Object.assign(jsonSchema, { type: 'string', pattern, examples: ['m1,m55'] });
    },
  });

/** @throws Problem `invalid-input` if a filter came with the ids. */
export async function moviesById(
  ids: readonly MovieId[],
  others: Readonly<Record<string, unknown>>,
  reading: Reading,
) {
  const isGiven = (value: unknown) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined;
  const filters = Object.keys(others).filter((name) => isGiven(others[name]));
  if (filters.length > 0) {
    const errors = filters.map((path) => ({ path, message: 'is not taken together with ids' }));
    throw new Problem('invalid-input', 'ids go with no filter and no cursor.', { errors });
  }
  const movies = reading.copy(catalogue);
  const found = ids.flatMap((id) => movies.movie(id) ?? []);
  const shown = await cataloguedMovie(found, reading);
  const missing = ids.filter((id) => !movies.movie(id));
  return { items: found.map(shown), next: null, count: found.length, missing };
}
