import type { Filter } from 'mongodb';
import { z } from 'zod';
import { Cursor, cutPage, formatCursor, Limit, pageOf, parseCursor } from '#kernel/cursor.ts';
import { query } from '#kernel/query.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { views } from '#schemas/views.ts';
import { Genres, ofGenres } from '../genre-filter.ts';
import { ListedMovie, listedMovie } from '../listed-movie.ts';
import { aboutMe, myViews } from '../me.ts';
import { after, before, inOrder, orders, Place, placeOf } from '../ranking-order.ts';

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
  aliases: ['GET /ranking/gender/:genre'],
  views: [views.rankings, ...myViews],
  input: z.object({
    genre: Genres,
    by: z.enum(orders).default('score'),
    limit: Limit,
    cursor: Cursor,
  }),
  output: pageOf(RankedMovie),
  async answer({ genre, by, limit, cursor }, reading) {
    const ranked = reading.read(views.rankings);
    const list = ['rankings', by, genre];
    const filter: Filter<RankingDocument> = {
      listed: true,
      ...(genre.length > 0 && { $and: ofGenres(genre) }),
    };
    const place = cursor === undefined ? null : parseCursor(list, cursor, Place);
    const [found, count] = await Promise.all([
      ranked
        .find(place ? { ...filter, ...after(by, place) } : filter)
        .sort(inOrder(by))
        .limit(limit + 1)
        .toArray(),
      ranked.countDocuments(filter),
    ]);
    const { documents, next } = cutPage(found, limit, (last) =>
      formatCursor(list, placeOf(last, by)),
    );
    const [first] = documents;
    const [ahead, me] = await Promise.all([
      first && place ? ranked.countDocuments({ ...filter, ...before(by, placeOf(first, by)) }) : 0,
      aboutMe(
        documents.map(({ _id }) => _id),
        reading,
      ),
    ]);
    const items = documents.flatMap((ranking, index) =>
      ranking.movie
        ? {
            rank: ahead + index + 1,
            ...listedMovie(ranking._id, ranking.movie, ranking, me),
            weightedRating: ranking.weightedRating,
            trending: ranking.trending,
          }
        : [],
    );
    return { items, next, count };
  },
});
