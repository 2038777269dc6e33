import { changesOf, changesSince, query, SyncInput } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { CatalogueMovie, catalogueMovie } from './catalogue-movie.ts';

const MovieChange = z
  .object({
    movieId: MovieId,
    movie: CatalogueMovie.nullable().meta({ description: 'As it is now; null if it is retired.' }),
  })
  .meta({ id: 'MovieChange' });

/** What changed in the catalogue, for clients that keep a catalogue of their own. */
export const catalogueChanges = query({
  name: 'catalogue-changes',
  summary: 'All that changed in the catalogue since a cursor, retired movies included',
  route: 'GET /v1/catalogue/changes',
  views: [views.changes],
  copies: [catalogue],
  input: z.object(SyncInput),
  example: { limit: '2' },
  output: changesOf(MovieChange),
  answer: (input, { read, copy, position }) =>
    changesSince(read(views.changes), {
      ...{ ...input, list: ['catalogue-changes'], filter: { owner: '' }, position },
      items: (changes) =>
        changes.map(({ item: movieId }) => {
          const movie = copy(catalogue).movie(movieId);
          return { movieId, movie: movie && !movie.retired ? catalogueMovie(movie) : null };
        }),
    }),
});
