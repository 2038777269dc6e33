import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';

/** A movie as the catalogue has it, without votes. */
export const CatalogueMovie = z
  .object({
    movieId: MovieId,
    version: z.int().meta({ description: 'What If-Match takes.' }),
    title: z.string(),
    year: z.int(),
    genres: z.array(z.string()),
    description: z.string(),
    director: z.string(),
    actors: z.array(z.string()),
    runtimeMinutes: z.int(),
    rating: z.number(),
    ratingVotes: z.int(),
    revenueMillions: z.number().nullable(),
    metascore: z.int().nullable(),
    imdbId: z.string().nullable(),
    tmdbId: z.int().nullable(),
  })
  .meta({ id: 'CatalogueMovie' });

export function catalogueMovie(movie: MovieDocument) {
  const { _id: movieId, version, title, year, genres, description, director, actors } = movie;
  const { runtimeMinutes, rating, ratingVotes, revenueMillions, metascore } = movie;
  const { imdbId, tmdbId } = movie;
  return {
    ...{ movieId, version, title, year, genres, description, director, actors },
    ...{ runtimeMinutes, rating, ratingVotes, revenueMillions, metascore, imdbId, tmdbId },
  };
}
