import { changesCursor, lineQuery } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { catalogueList } from './catalogue-changes.ts';
import { CatalogueMovie, catalogueMovie } from './catalogue-movie.ts';

const CatalogueLine = z
  .discriminatedUnion('list', [
    z.object({ list: z.literal('movies'), item: CatalogueMovie }),
    z.object({
      list: z.literal('end'),
      count: z.int().meta({ description: 'How many movies there are above.' }),
      next: z.string().meta({
        description: 'The cursor with which `/v1/catalogue/changes` goes on from here.',
      }),
    }),
  ])
  .meta({ id: 'CatalogueLine' });

/**
 * The whole catalogue by title, for clients that keep one of their own. It is sent from memory,
 * each movie as it is then. What changes meanwhile comes again by the cursor, made before.
 */
export const catalogueLines = lineQuery({
  name: 'catalogue',
  summary: 'All movies of the catalogue in lines, and the cursor for what changes after that',
  route: 'GET /v1/catalogue',
  views: [views.changes],
  copies: [catalogue],
  input: z.object({}),
  example: {},
  line: CatalogueLine,
  async *lines(_, { copy, position }) {
    const { every } = copy(catalogue);
    // Movies may come and go while lines are sent, and with them the order.
    const numbers = every.after('title', null).flatMap((part) => [...part]);
    let count = 0;
    for (const number of numbers) {
      const movie = every.movie(number);
      if (!movie || movie.retired) continue;
      count += 1;
      yield { list: 'movies' as const, item: catalogueMovie(movie) };
    }
    yield { list: 'end' as const, count, next: changesCursor(catalogueList, position) };
  },
});
