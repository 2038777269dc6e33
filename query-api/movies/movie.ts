import { Problem } from '@event-sourced/kernel/problems';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import { movieUnknown } from '#schemas/movies/problems.ts';
import { CataloguedMovie, listedMovie } from '../listed-movie.ts';
import { aboutMe, myCopies, myViews } from '../me.ts';
import { catalogue } from '../memory/catalogue.ts';
import { orders } from '../memory/ranking-order.ts';
import { standings } from '../memory/standings.ts';

const MovieOutput = CataloguedMovie.extend({
  description: z.string(),
  director: z.string(),
  actors: z.array(z.string()),
  revenueMillions: z.number().nullable(),
  metascore: z.int().nullable(),
  weightedRating: z.number().nullable(),
  trending: z.number().nullable(),
  /** Overall, where `genre` is null, and in each of its genres. */
  ranks: z.array(z.object({ genre: z.string().nullable(), by: z.enum(orders), rank: z.int() })),
}).meta({ id: 'Movie' });

/** All there is to know of one movie, retired ones included. */
export const movie = query({
  name: 'movie',
  summary: 'All there is to know of one movie, retired ones included',
  route: 'GET /v1/movies/:movieId',
  // The system that this one replaces used the dataset's ranks as ids.
  aliases: [
    {
      route: 'GET /movies/:movieId',
      params: ({ movieId = '' }) => ({ movieId: movieId.replace(/^(?=\d+$)/, 'm') }),
      example: { movieId: '55' },
    },
  ],
  views: myViews,
  copies: [catalogue, standings, ...myCopies],
  input: z.object({ movieId: MovieId }),
  example: { movieId: 'm55' },
  output: MovieOutput,
  problems: [movieUnknown],
  async answer({ movieId }, reading) {
    const { copy } = reading;
    const found = copy(catalogue).movie(movieId);
    if (!found) throw new Problem(movieUnknown, `The catalogue has no movie ${movieId}.`);
    const me = await aboutMe([movieId], reading);
    const ranking = copy(standings).of(movieId);
    const { retired, imdbId, tmdbId, description, director, actors, revenueMillions, metascore } =
      found;
    return {
      ...listedMovie(movieId, found, ranking, me),
      ...{ retired, imdbId, tmdbId, description, director, actors, revenueMillions, metascore },
      weightedRating: ranking?.weightedRating ?? null,
      trending: ranking?.trending ?? null,
      ranks: copy(standings).ranks(movieId),
    };
  },
});
