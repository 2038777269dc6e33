import { projection } from '@event-sourced/kernel/projection';
import type { MovieAdded, MovieDetailsChanged, MoviesEvent } from '#schemas/generated/events.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { folded, titleKey } from '#schemas/movies/text-keys.ts';
import { views } from '#schemas/views.ts';

type Details = MovieAdded | MovieDetailsChanged;

/** The stored details of a movie, with keys to sort and match by. */
const details = (data: Details) => ({
  title: data.title,
  titleKey: titleKey(data.title),
  genres: data.genres,
  genreKeys: data.genres.map((genre) => genre.toLowerCase()),
  description: data.description,
  director: data.director,
  directorKey: folded(data.director),
  actors: data.actors,
  actorKeys: data.actors.map(folded),
  year: data.year,
  runtimeMinutes: data.runtimeMinutes,
  rating: data.rating,
  ratingVotes: data.ratingVotes,
  revenueMillions: data.revenueMillions,
  metascore: data.metascore,
  imdbId: data.imdbId,
  tmdbId: data.tmdbId,
});

const known = (movie: MovieDocument | null, id: string): MovieDocument => {
  if (movie) return movie;
  throw new Error(`${id} was never added`);
};

/** The catalogue: each movie as it is. */
export const movies = projection<MoviesEvent>()({
  view: views.movies,
  oneStreamPerDocument: true,
  id: (event) => event.data.movieId,
  when: {
    MovieAdded: (_, { data, sequence }) => ({
      _id: data.movieId,
      version: sequence,
      retired: false,
      ...details(data),
      addedAt: data.addedAt,
    }),
    MovieDetailsChanged: (movie, { data, sequence }) => ({
      ...known(movie, data.movieId),
      version: sequence,
      ...details(data),
    }),
    MovieRetired: (movie, { data, sequence }) => ({
      ...known(movie, data.movieId),
      version: sequence,
      retired: true,
    }),
  },
});
