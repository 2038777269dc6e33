import { Paged } from '@event-sourced/kernel/page';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { views } from '#schemas/views.ts';
import { ListedMovie, listing } from '../listed-movie.ts';
import { myViews } from '../me.ts';
import { catalogue } from '../memory/catalogue.ts';
import { standings } from '../memory/standings.ts';
import { reasons, suggestions } from './suggestions.ts';

const Because = z.object({
  movieId: MovieId,
  title: z.string(),
  sharedGenres: z.array(z.string()),
  sharedPeople: z.array(z.string()),
});

const Recommendation = ListedMovie.extend({
  because: z.array(Because).meta({
    description: 'Movies that I like, and what they have in common with this one; at most three.',
  }),
}).meta({ id: 'Recommendation' });

/** Likes among the newest votes; older ones don't count. */
const newestVotes = 500;
const newestLikes = 50;
/** Suggestions are compared with what the caller has seen in steps of so many, a few times. */
const step = 300;
const mostSteps = 5;

/** Movies that the caller has neither seen nor voted on, by what they like. */
export const recommendations = query({
  name: 'my-recommendations',
  summary: 'Movies that I have neither watched nor voted on, by what I like, and why',
  route: 'GET /v1/me/recommendations',
  views: [...myViews],
  copies: [catalogue, standings],
  for: 'authenticated',
  input: z.object({ limit: Paged.limit }),
  example: { limit: '2' },
  output: z.object({
    items: z.array(Recommendation),
    likes: z.int().meta({
      description: 'How many of my newest likes these rest on; with 0 they are the best of all.',
    }),
  }),
  async answer({ limit }, reading) {
    const liked = await likedBy(reading);
    const sources = { catalogue: reading.copy(catalogue), standings: reading.copy(standings) };
    const suggested = await suggestions(liked, sources);
    const found = await unknown(suggested, limit, reading);
    const shown = await listing(found, reading);
    return {
      items: found.map((movie) => ({ ...shown(movie), because: reasons(movie, liked) })),
      likes: liked.length,
    };
  },
});

async function likedBy({ read, copy, caller }: Reading): Promise<MovieDocument[]> {
  const movies = copy(catalogue);
  const votes = await read(views.votes)
    .find({ userId: caller?.userId ?? '' }, { projection: { movieId: 1, vote: 1 } })
    .sort({ castAt: -1, _id: 1 })
    .limit(newestVotes)
    .toArray();
  const liked = votes.filter(({ vote }) => vote === 'like').slice(0, newestLikes);
  return liked.flatMap(({ movieId }) => movies.movie(movieId) ?? []);
}

/** The first ones that the caller has neither watched nor voted on. */
async function unknown(
  suggested: readonly MovieDocument[],
  limit: number,
  { read, caller }: Reading,
): Promise<MovieDocument[]> {
  const userId = caller?.userId ?? '';
  const found: MovieDocument[] = [];
  for (let from = 0; from < step * mostSteps && found.length < limit; from += step) {
    const some = suggested.slice(from, from + step);
    const ids = some.map(({ _id }) => _id);
    const [votes, plays] = await Promise.all([
      read(views.votes)
        .find({ _id: { $in: ids.map((id) => `${id}/${userId}`) } }, { projection: { movieId: 1 } })
        .toArray(),
      read(views.plays)
        .find({ userId, movieId: { $in: ids } }, { projection: { movieId: 1 } })
        .toArray(),
    ]);
    const known = new Set([...votes, ...plays].map(({ movieId }) => movieId));
    found.push(...some.filter(({ _id }) => !known.has(_id)));
  }
  return found.slice(0, limit);
}
