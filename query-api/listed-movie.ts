import type { Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { type AboutMe, aboutMe, Me } from './me.ts';
import { standings } from './memory/standings.ts';

type Facts = Pick<
  MovieDocument,
  'version' | 'title' | 'year' | 'genres' | 'runtimeMinutes' | 'rating' | 'ratingVotes'
>;

/** A movie as every list shows it, with `me` where the caller is known. */
export const ListedMovie = z.object({
  movieId: MovieId,
  version: z.int().meta({ description: 'What If-Match takes.' }),
  title: z.string(),
  year: z.int(),
  genres: z.array(z.string()),
  runtimeMinutes: z.int(),
  rating: z.number(),
  ratingVotes: z.int(),
  likes: z.int(),
  dislikes: z.int(),
  /** Null for a moment, until a new movie has its place in the ranking. */
  score: z.number().nullable(),
  me: Me.optional(),
});
export type ListedMovie = Omit<z.input<typeof ListedMovie>, 'genres'> & Facts;

export function listedMovie(
  movieId: string,
  facts: Facts,
  votes: Pick<RankingDocument, 'likes' | 'dislikes' | 'score'> | undefined,
  me: AboutMe | null,
): ListedMovie {
  const { version, title, year, genres, runtimeMinutes, rating, ratingVotes } = facts;
  return {
    ...{ movieId, version, title, year, genres, runtimeMinutes, rating, ratingVotes },
    likes: votes?.likes ?? 0,
    dislikes: votes?.dislikes ?? 0,
    score: votes?.score ?? null,
    ...(me && { me: me(movieId) }),
  };
}

/** A movie as lists of the catalogue show it. */
export const CataloguedMovie = ListedMovie.extend({
  imdbId: z.string().nullable(),
  tmdbId: z.int().nullable(),
  retired: z.boolean(),
}).meta({ id: 'ListedMovie' });

/** Shows any of these movies as the catalogue has them. */
export async function cataloguedMovie(
  movies: readonly { _id: string }[],
  reading: Reading,
): Promise<(movie: MovieDocument) => z.input<typeof CataloguedMovie>> {
  const shown = await listing(movies, reading);
  return (movie) => {
    const { imdbId, tmdbId, retired } = movie;
    const listed = shown(movie);
    return { ...listed, genres: [...listed.genres], imdbId, tmdbId, retired };
  };
}

/** Shows any of these movies with its votes, and with `me` where the caller is known. */
export async function listing(
  movies: readonly { _id: string }[],
  reading: Reading,
  about: typeof aboutMe = aboutMe,
): Promise<(movie: Facts & { _id: string }) => ListedMovie> {
  const ids = movies.map(({ _id }) => _id);
  const me = await about(ids, reading);
  const votes = reading.copy(standings);
  return (movie) => listedMovie(movie._id, movie, votes.of(movie._id), me);
}
