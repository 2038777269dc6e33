import { Paged } from '@event-sourced/kernel/page';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { ListedMovie, listing } from '../listed-movie.ts';
import { aboutUnseen, myCopies, myViews } from '../me.ts';
import { catalogue } from '../memory/catalogue.ts';
import { standings } from '../memory/standings.ts';
import { likesOf, suggestions } from './suggestions.ts';
import { knownAmong, tastesOf } from './tastes.ts';

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

/** Who knows too many movies to keep them has suggestions compared in the database, so many. */
const mostCompared = 1_500;
const comparedAtOnce = 300;

/** Movies that the caller has neither seen nor voted on, by what they like. */
export const recommendations = query({
  name: 'my-recommendations',
  summary: 'Movies that I have neither watched nor voted on, by what I like, and why',
  route: 'GET /v1/me/recommendations',
  views: [...myViews],
  copies: [catalogue, standings, ...myCopies],
  for: 'authenticated',
  input: z.object({ limit: Paged.limit }),
  example: { limit: '2' },
  output: z.object({
    items: z.array(Recommendation).meta({
      description:
        'What I do counts at once. In the order, the votes of others may be those of a minute ' +
        'ago; the figures shown are new.',
    }),
    likes: z.int().meta({
      description: 'How many of my newest likes these rest on; with 0 they are the best of all.',
    }),
  }),
  async answer({ limit }, reading) {
    const { liked, known, ofUser } = await tastesOf(reading);
    const ranked = reading.copy(standings);
    const likes = likesOf(liked, reading.copy(catalogue));
    const found = await likes.suggested({ limit, ofUser, standings: ranked }, () => {
      if (known) return suggestions(likes, ranked, { limit, known: known.flat() });
      return unknown(
        suggestions(likes, ranked, { limit: mostCompared, known: [] }),
        limit,
        reading,
      );
    });
    const movies = found.map(({ movie }) => movie);
    const shown = await listing(movies, reading, aboutUnseen);
    return {
      items: found.map(({ movie, because }) => ({ ...shown(movie), because })),
      likes: likes.movies.length,
    };
  },
});

/** The first ones that the caller has neither watched nor voted on. */
async function unknown(
  suggested: readonly MovieDocument[],
  limit: number,
  reading: Reading,
): Promise<MovieDocument[]> {
  const found: MovieDocument[] = [];
  for (let from = 0; from < suggested.length && found.length < limit; from += comparedAtOnce) {
    const some = suggested.slice(from, from + comparedAtOnce);
    const known = await knownAmong(
      some.map(({ _id }) => _id),
      reading,
    );
    found.push(...some.filter(({ _id }) => !known.has(_id)));
  }
  return found.slice(0, limit);
}
