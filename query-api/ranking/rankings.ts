import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { ListedMovie, listedMovie } from '../listed-movie.ts';
import { type AboutMe, aboutMe, myCopies, myViews } from '../me.ts';
import { Genres } from '../memory/genre-filter.ts';
import { inOrder, orders, Place } from '../memory/ranking-order.ts';
import { type Ranked, standings } from '../memory/standings.ts';

export const RankedMovie = ListedMovie.extend({
  rank: z.int(),
  weightedRating: z.number(),
  /** Null without likes. */
  trending: z.number().nullable(),
}).meta({ id: 'RankedMovie' });
export type RankedMovie = ListedMovie & Omit<z.input<typeof RankedMovie>, keyof ListedMovie>;

/** The movies of a genre, or all, best first. */
export const rankings = query({
  name: 'rankings',
  summary: 'The movies of a genre, or all, best first',
  route: 'GET /v1/rankings',
  aliases: [{ route: 'GET /ranking/gender/:genre', example: { genre: 'horror', limit: '2' } }],
  views: myViews,
  copies: [standings, ...myCopies],
  input: z.object({
    genre: Genres,
    by: z.enum(orders).default('score'),
    ...Paged,
  }),
  example: { genre: 'Drama', by: 'score', limit: '2' },
  output: pageOf(RankedMovie),
  answer: ({ genre, by, limit, cursor }, reading) =>
    page(reading.copy(standings).list(genre, by), {
      ...{ list: ['rankings', by, genre], limit, cursor },
      ...{ order: inOrder(by), position: Place },
      async items(found) {
        const ids = found.map(({ _id }) => _id);
        const me = await aboutMe(ids, reading);
        return found.map((ranked) => rankedMovie(ranked, me));
      },
    }),
});

const rankedMovie = (ranked: Ranked, me: AboutMe | null): RankedMovie => {
  const { _id, movie, rank, weightedRating, trending } = ranked;
  return { rank, ...listedMovie(_id, movie, ranked, me), weightedRating, trending };
};
