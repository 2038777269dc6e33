import { type Page, Paged, type PageSource, type Position, page } from '@event-sourced/kernel/page';
import type { Documents, Reading } from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import type { Document as Fields, Filter } from 'mongodb';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { catalogue } from './memory/catalogue.ts';
import { FirstOf } from './memory/first-of.ts';
import { Genres, isOfGenres } from './memory/genre-filter.ts';

/** Lists of one user: a view's documents, each with its movie as the catalogue has it now. */

/** Title and year are null for a moment, until a new movie is in the catalogue. */
export const MovieFacts = z.object({
  movieId: MovieId,
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
  retired: z.boolean().meta({ description: 'Whether the movie has left the catalogue.' }),
});

type Mine = { _id: string; movieId: string; userId: string };
/** A document with its movie. */
type Listed<D> = D & { movie?: MovieDocument | undefined };

/** The sorts by a field of the movie rather than of the document. */
const movieKeys: Record<string, (movie: MovieDocument) => Key> = {
  title: (movie) => movie.titleKey,
  year: (movie) => movie.year,
};
type Key = Position[number];

/** The input of such a list. By default it is sorted by the first of the names, newest first. */
export const listInput = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.object({
    genre: Genres,
    sort: z
      .enum(
        names.flatMap((name): string[] => [name, `-${name}`]),
        { error: `has to be one of ${names.join(', ')}, with a - before it for descending` },
      )
      .default(`-${names[0]}`),
    ...Paged,
  });
type ListInput = z.output<ReturnType<typeof listInput>>;

/** A page of the caller's documents, each shown with its movie. */
export function myList<D extends Mine, Item>(
  view: View<D>,
  { genre, sort, ...paged }: ListInput,
  reading: Reading,
  shown: (mine: Listed<D>) => Item,
): Promise<Page<Item>> {
  const movies = reading.copy(catalogue);
  const name = sort.replace(/^-/, '');
  const direction = sort === name ? 1 : -1;
  const list = {
    ...{ list: [view.name, sort, genre], ...paged },
    items: (found: readonly D[]) =>
      found.map((one) => shown({ ...one, movie: movies.movie(one.movieId) })),
  };
  const mine = {
    collection: reading.read(view),
    filter: { userId: reading.caller?.userId ?? '' } as Filter<D>,
  };
  const isIndexed = view.indexes.some(({ key }) => name in key);
  if (isIndexed && genre.length === 0) {
    const order = { [name]: direction, _id: -direction as 1 | -1 } as const;
    return page(mine.collection, { ...list, filter: mine.filter, order });
  }
  const ofMovie = movieKeys[name];
  const source = sortedHere(mine, direction, {
    projection: { movieId: 1, ...(!ofMovie && { [name]: 1 }) },
    isWanted: ({ movieId }) => isOfGenres(genre, movies.movie(movieId)?.genreKeys ?? []),
    keyOf(one) {
      const movie = movies.movie(one.movieId);
      if (ofMovie) return movie ? ofMovie(movie) : null;
      return (one as Fields)[name] ?? null;
    },
  });
  return page(source, { ...list, order: { key: direction, _id: direction === 1 ? -1 : 1 } });
}

type MineOf<D extends Mine> = { collection: Documents<D>; filter: Filter<D> };
type SortedHere = {
  /** The fields that the two functions need, besides the id. */
  projection: Fields;
  isWanted(one: Mine): boolean;
  /** What the list is sorted by; null comes last in both directions. */
  keyOf(one: Mine): Key;
};

/**
 * The user's documents in an order that the database doesn't know, or filtered by what it doesn't
 * know. Each page passes through all of them and keeps only its own: the database sends ids and
 * little more, and then the whole documents of the page.
 */
function sortedHere<D extends Mine>(
  { collection, filter }: MineOf<D>,
  direction: 1 | -1,
  { projection, isWanted, keyOf }: SortedHere,
): PageSource<D & { key: Key }> {
  let count = 0;
  return {
    async read(after, limit) {
      const [key = null, _id = ''] = after ?? [];
      const last = after && { key, _id: String(_id) };
      const first = new FirstOf<Keyed>(limit, inOrder(direction));
      for await (const one of collection.find(filter, { projection, batchSize })) {
        const mine = one as unknown as Mine;
        if (!isWanted(mine)) continue;
        count += 1;
        const keyed = { _id: mine._id, key: keyOf(mine) };
        if (!last || inOrder(direction)(keyed, last) > 0) first.add(keyed);
      }
      const ids = first.items.map((one) => one._id);
      const found = await collection.find({ _id: { $in: ids } } as Filter<D>).toArray();
      const byId = new Map(found.map((one) => [one._id as string, one as unknown as D]));
      // One that was removed in the meantime is left out.
      return first.items.flatMap(({ _id: id, key: itsKey }) => {
        const document = byId.get(id);
        return document ? [{ ...document, key: itsKey }] : [];
      });
    },
    count: async () => count,
  };
}

/** Between two batches, other requests get their turn. */
const batchSize = 1_000;

type Keyed = { _id: string; key: Key };

/** Ties go the other way, as in the indexes. */
const inOrder = (direction: 1 | -1) => (one: Keyed, other: Keyed) => {
  if (one.key === other.key)
    return (one._id < other._id ? 1 : -1) * (one._id === other._id ? 0 : direction);
  if (one.key === null || other.key === null) return one.key === null ? 1 : -1;
  return one.key < other.key ? -direction : direction;
};

/** The fields of its movie that a list shows with each document. */
export const movieFacts = ({ movieId, movie }: Pick<Listed<Mine>, 'movieId' | 'movie'>) => ({
  movieId,
  title: movie?.title ?? null,
  year: movie?.year ?? null,
  genres: movie?.genres ?? [],
  retired: movie?.retired ?? false,
});
