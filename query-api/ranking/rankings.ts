import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { views } from '#schemas/views.ts';
import { Genres, ofGenres } from '../genre-filter.ts';
import { ListedMovie, listedMovie } from '../listed-movie.ts';
import { aboutMe, myViews } from '../me.ts';
import { before, inOrder, orders, Place, placeOf } from '../ranking-order.ts';

export const RankedMovie = ListedMovie.extend({
  rank: z.int(),
  weightedRating: z.number(),
  /** Null without likes. */
  trending: z.number().nullable(),
}).meta({ id: 'RankedMovie' });
export type RankedMovie = z.input<typeof RankedMovie>;

/** The movies of a genre, or all, best first. */
export const rankings = query({
  name: 'rankings',
  summary: 'The movies of a genre, or all, best first',
  route: 'GET /v1/rankings',
  aliases: [{ route: 'GET /ranking/gender/:genre', example: { genre: 'horror', limit: '2' } }],
  views: [views.rankings, ...myViews],
  input: z.object({
    genre: Genres,
    by: z.enum(orders).default('score'),
    ...Paged,
  }),
  example: { genre: 'Drama', by: 'score', limit: '2' },
  output: pageOf(RankedMovie),
  async answer({ genre, by, limit, cursor }, reading) {
    const ranked = reading.read(views.rankings);
    const filter: Filter<RankingDocument> = {
      listed: true,
      ...(genre.length > 0 && { $and: ofGenres(genre) }),
    };
    return page(ranked, {
      ...{ list: ['rankings', by, genre], limit, cursor },
      ...{ filter, order: inOrder(by), position: Place },
      async items(found) {
        const [first] = found;
        const isLaterPage = cursor !== undefined;
        const [ahead, me] = await Promise.all([
          first && isLaterPage
            ? ranked.countDocuments({ ...filter, ...before(by, placeOf(first, by)) })
            : 0,
          aboutMe(
            found.map(({ _id }) => _id),
            reading,
          ),
        ]);
        return found.flatMap((ranking, index) =>
          ranking.movie
            ? {
                rank: ahead + index + 1,
                ...listedMovie(ranking._id, ranking.movie, ranking, me),
                weightedRating: ranking.weightedRating,
                trending: ranking.trending,
              }
            : [],
        );
      },
    });
  },
});
