import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { PageSource } from '@event-sourced/kernel/page';
import { folded } from '#schemas/movies/text-keys.ts';
import type { Genres } from '../genre-filter.ts';
import type { Hits, MovieFacts } from './hits.ts';
import { inOrder, type MovieSort } from './movie-sort.ts';
import type { Range } from './range.ts';

export type MovieFilters = {
  genre: Genres;
  year?: Range | undefined;
  rating?: Range | undefined;
  runtime?: Range | undefined;
  director?: string | undefined;
  actor?: string | undefined;
};

/** Movies that are filtered, or sorted, before other work gets its turn. */
const takenAtOnce = 1_000;

/**
 * The movies that a search has found, filtered and sorted as the list of all movies is. A search
 * may find nearly all movies, too many ids to ask the database for, and their facts are at hand.
 */
export function foundMovies(
  hits: Hits,
  filters: MovieFilters,
  sort: MovieSort,
): PageSource<MovieFacts> {
  const found = filtered(hits.movies(), matching(filters));
  const { field, compare } = comparing(sort);
  return {
    async read(after, limit) {
      const passed = after && ({ [field]: after[0], _id: after[1] } as unknown as MovieFacts);
      const isAfter = (movie: MovieFacts) => !passed || compare(movie, passed) > 0;
      let first: MovieFacts[] = [];
      for await (const slice of slices((await found).values())) {
        const last = first.length === limit ? first.at(-1) : undefined;
        const better = (movie: MovieFacts) => !last || compare(movie, last) < 0;
        const rest = slice.filter((movie) => better(movie) && isAfter(movie));
        first = [...first, ...rest].sort(compare).slice(0, limit);
      }
      return first;
    },
    count: async () => (await found).length,
  };
}

async function filtered(
  movies: Iterator<MovieFacts>,
  isWanted: (movie: MovieFacts) => boolean,
): Promise<MovieFacts[]> {
  const found: MovieFacts[] = [];
  for await (const slice of slices(movies)) found.push(...slice.filter(isWanted));
  return found;
}

async function* slices(movies: Iterator<MovieFacts>): AsyncGenerator<readonly MovieFacts[]> {
  for (let slice: MovieFacts[] = []; ; slice = []) {
    for (let next = movies.next(); !next.done; next = movies.next()) {
      if (slice.push(next.value) === takenAtOnce) break;
    }
    yield slice;
    if (slice.length < takenAtOnce) return;
    await letOthersRun();
  }
}

function matching(filters: MovieFilters): (movie: MovieFacts) => boolean {
  const { genre, year, rating, runtime } = filters;
  const director = folded(filters.director ?? '');
  const actor = folded(filters.actor ?? '');
  return (movie) =>
    genre.every((anyOf) => anyOf.some((key) => movie.genreKeys.includes(key))) &&
    isWithin(movie.year, year) &&
    isWithin(movie.rating, rating) &&
    isWithin(movie.runtimeMinutes, runtime) &&
    movie.directorKey.includes(director) &&
    (actor === '' || movie.actorKeys.some((key) => key.includes(actor)));
}

const isWithin = (value: number, range: Range | undefined): boolean =>
  !range || (value >= (range.from ?? value) && value <= (range.to ?? value));

type Compare = (one: MovieFacts, other: MovieFacts) => number;

function comparing(sort: MovieSort): { field: keyof MovieFacts; compare: Compare } {
  const [[field, direction]] = Object.entries(inOrder(sort).order) as [[keyof MovieFacts, 1 | -1]];
  const compare: Compare = (one, other) => {
    const [value, otherValue] = [one[field], other[field]];
    if (value === otherValue) {
      return one._id === other._id ? 0 : one._id < other._id ? -direction : direction;
    }
    // No value comes last in either direction.
    if (value === null || otherValue === null) return value === null ? 1 : -1;
    return value < otherValue ? -direction : direction;
  };
  return { field, compare };
}
