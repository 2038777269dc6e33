import { changesOf, changesSince, query, SyncInput } from '@event-sourced/kernel/query';
import { z } from 'zod';
import type { ChangeDocument } from '#schemas/changes-view.ts';
import { MovieId } from '#schemas/ids.ts';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { myItemChanges } from '../memory/my-lists.ts';
import { CatalogueMovie, catalogueMovie } from './catalogue-movie.ts';

const MovieChange = z
  .object({
    movieId: MovieId,
    movie: CatalogueMovie.nullable().meta({ description: 'As it is now; null if it is retired.' }),
  })
  .meta({ id: 'MovieChange' });

/** The owner of the changes that are for everybody. */
const nobody = '';

export const catalogueList = ['catalogue-changes'];

/** What changed in the catalogue, for clients that keep a catalogue of their own. */
export const catalogueChanges = query({
  name: 'catalogue-changes',
  summary: 'All that changed in the catalogue since a cursor, retired movies included',
  route: 'GET /v1/catalogue/changes',
  views: [views.changes],
  copies: [catalogue, myItemChanges],
  input: z.object(SyncInput),
  example: { limit: '2' },
  output: changesOf(MovieChange),
  answer: (input, { read, copy, position }) =>
    changesSince({
      ...{ ...input, list: catalogueList, position },
      sources: [
        {
          ...{ documents: read(views.changes), filter: { owner: nobody } },
          kept: copy(myItemChanges).keptOf(nobody),
        },
      ],
      items: (changes: readonly ChangeDocument[]) =>
        changes.map(({ item: movieId }) => {
          const movie = copy(catalogue).movie(movieId);
          return { movieId, movie: movie && !movie.retired ? catalogueMovie(movie) : null };
        }),
    }),
});
