import { z } from 'zod';
import { Cursor, cutPage, formatCursor, Limit, pageOf, parseCursor } from '#kernel/cursor.ts';
import { query } from '#kernel/query.ts';
import { folded } from '#schemas/movies/text-keys.ts';
import { views } from '#schemas/views.ts';
import { ListedMovie, listedMovie } from '../listed-movie.ts';
import { aboutMe, myViews } from '../me.ts';
import { HitPosition, isAfter, positionOf, searchIndex } from './search-index.ts';
import { placeOf, places } from './search-rank.ts';

/** What to search for, whatever its case, accents and punctuation. */
export const SearchText = z
  .string()
  .max(200, 'must have at most 200 characters')
  .refine((text) => folded(text) !== '', 'must not be empty');

export const FoundMovie = ListedMovie.extend({
  matched: z.enum(places).meta({ description: 'Where the words were found.' }),
}).meta({ id: 'FoundMovie' });

/** Movies by their title, their people or their description, best first. */
export const search = query({
  name: 'search',
  summary: 'Movies by title, people or description, best first',
  route: 'GET /v1/search',
  views: [views.movies, views.rankings, ...myViews],
  copies: [searchIndex],
  input: z.object({ q: SearchText.meta({ examples: ['wall-e'] }), limit: Limit, cursor: Cursor }),
  output: pageOf(FoundMovie),
  async answer({ q, limit, cursor }, reading) {
    const list = ['search', q];
    const after = cursor === undefined ? null : parseCursor(list, cursor, HitPosition);
    const hits = reading.copy(searchIndex).find(q);
    const rest = after ? hits.filter((hit) => isAfter(hit, after)) : hits;
    const { documents, next } = cutPage(rest, limit, (hit) => formatCursor(list, positionOf(hit)));
    const ids = documents.map(({ movie }) => movie._id);
    const [rankings, me] = await Promise.all([
      reading
        .read(views.rankings)
        .find({ _id: { $in: ids } })
        .toArray(),
      aboutMe(ids, reading),
    ]);
    const votes = new Map(rankings.map((ranking) => [ranking._id, ranking]));
    const items = documents.map(({ movie, rank }) => ({
      ...listedMovie(movie._id, movie, votes.get(movie._id), me),
      matched: placeOf(rank),
    }));
    return { items, next, count: hits.length };
  },
});
