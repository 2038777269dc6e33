import { type Page, Paged, type PageSource, page, pagesOf } from '@event-sourced/kernel/page';
import type { Reading, ViewCopy } from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { catalogue } from './memory/catalogue.ts';
import type { EveryMovie } from './memory/every-movie.ts';
import { Genres } from './memory/genre-filter.ts';
import { MyColumns, type MyFields } from './memory/my-columns.ts';
import { MyItems } from './memory/my-items.ts';
import type { MyLists } from './memory/my-lists.ts';
import { fieldsIn, type MyItem, type MyOrder, positionOf } from './memory/my-order.ts';

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

type MyList<D extends Mine> = {
  view: View<D>;
  /** What is known of the users' documents. */
  copy: ViewCopy<MyLists>;
  /** The times that the list may be sorted by; an index has the first one. */
  times: readonly [string, ...string[]];
};

/** A page of the caller's documents, each shown with its movie. */
export async function myList<D extends Mine, Item>(
  { view, copy, times }: MyList<D>,
  { genre, sort, ...paged }: ListInput,
  reading: Reading,
  shown: (mine: Listed<D>) => Item,
): Promise<Page<Item>> {
  const movies = reading.copy(catalogue);
  const lists = reading.copy(copy);
  const userId = reading.caller?.userId ?? '';
  const filter = { userId } as Filter<D>;
  const documents = reading.read(view);
  const [natural] = times;
  const by = sort.replace(/^-/, '');
  const order: MyOrder = { by, direction: sort === by ? 1 : -1 };
  const list = {
    ...{ list: [view.name, sort, genre], ...paged },
    items: (found: readonly D[]) =>
      found.map((one) => shown({ ...one, movie: movies.movie(one.movieId) })),
  };
  if (by === natural && genre.length === 0) {
    const { direction } = order;
    const byTime = { [natural]: direction, _id: -direction as 1 | -1 } as const;
    const pages = pagesOf(documents, { filter, order: byTime });
    const kept = keptPages(pages, { lists, userId, name: sort });
    const count = () => lists.count(userId, () => pages.count());
    return page({ ...kept, count }, { ...list, order: byTime });
  }
  const { every } = movies;
  const items = await itemsOf({ view, copy, times }, reading);
  const byIds = (ids: readonly string[]) =>
    lists.documents(userId, JSON.stringify(ids), async () => {
      const found = documents.find({ _id: { $in: ids } } as Filter<D>);
      return (await found.toArray()) as unknown as readonly D[];
    });
  const source = pagesOfItems(byIds, items, { order, wanted: every.ofGenres(genre) });
  return page(source, { ...list, order: fieldsIn(order) });
}

/** All of the caller's documents of a list: ids, movies and times. */
export function itemsOf<D extends Mine>(
  { view, copy, times }: MyList<D>,
  reading: Reading,
): Promise<MyItems> {
  const { every } = reading.copy(catalogue);
  const userId = reading.caller?.userId ?? '';
  const documents = reading.read(view);
  const projection = Object.fromEntries(['movieId', ...times].map((field) => [field, 1]));
  return reading.copy(copy).items(userId, every, {
    // All are read as they are at one moment, however long that takes.
    async all() {
      const options = { projection, batchSize, readConcern: { level: 'snapshot' } } as const;
      const found = documents.find({ userId } as Filter<D>, options);
      const columns = new MyColumns(every, times);
      for await (const one of found.sort({ [times[0]]: -1, _id: 1 })) {
        columns.add(one as unknown as MyFields);
      }
      return new MyItems(columns);
    },
    async changed(items, ids) {
      const mine = { _id: { $in: ids }, userId } as unknown as Filter<D>;
      const found = await documents.find(mine, { projection }).toArray();
      return items.with(ids, found as unknown as MyFields[]);
    },
  });
}

/** Between two batches, other requests get their turn. */
const batchSize = 1_000;

type KeptPages = { lists: MyLists; userId: string; name: string };

/**
 * Reads each page once, until something changes in the user's list.
 * @param name other lists of the user have other names.
 */
export const keptPages = <D>(
  pages: PageSource<D>,
  { lists, userId, name }: KeptPages,
): PageSource<D> => ({
  read: (after, limit) =>
    lists.documents(userId, JSON.stringify([name, after, limit]), () => pages.read(after, limit)),
  async count() {
    const counted = async () => ({ count: await pages.count() });
    return (await lists.documents(userId, `count ${name}`, counted)).count;
  },
});

type Wanted = { order: MyOrder; wanted: ReturnType<EveryMovie['ofGenres']> };

/** Reads the documents of a page by their ids. */
function pagesOfItems<D extends Mine>(
  byIds: (ids: readonly string[]) => Promise<readonly D[]>,
  items: MyItems,
  { order, wanted }: Wanted,
): PageSource<D & Pick<MyItem, 'key'>> {
  return {
    async read(after, limit) {
      const read: (D & Pick<MyItem, 'key'>)[] = [];
      for (let position = after; read.length < limit; ) {
        const missing = limit - read.length;
        const place = items.after(order, position, wanted);
        const some = Iterator.from(place).take(missing).toArray();
        const ids = some.map(({ _id }) => _id);
        const found = await byIds(ids);
        const byId = new Map(found.map((one) => [one._id, one]));
        // One that was removed in the meantime is left out, and the next one takes its place.
        for (const { _id, key } of some) {
          const document = byId.get(_id);
          if (document) read.push({ ...document, key });
        }
        if (some.length < missing) break;
        position = positionOf(order, some.at(-1)!);
      }
      return read;
    },
    count: async () => items.count(wanted),
  };
}

/** The fields of its movie that a list shows with each document. */
export const movieFacts = ({ movieId, movie }: Pick<Listed<Mine>, 'movieId' | 'movie'>) => ({
  movieId,
  title: movie?.title ?? null,
  year: movie?.year ?? null,
  genres: movie?.genres ?? [],
  retired: movie?.retired ?? false,
});
