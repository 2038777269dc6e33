import type { PageSource } from '@event-sourced/kernel/page';
import { viewCopy } from '@event-sourced/kernel/query';
import type { TypedFastBitSet } from 'typedfastbitset';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { views } from '#schemas/views.ts';
import type { Genres } from './genre-filter.ts';
import { GenreMembers } from './genre-members.ts';
import { Places } from './places.ts';
import { comparePlaces, orders, type Place, placed, type RankingOrder } from './ranking-order.ts';
import { shared } from './shared-texts.ts';
import { SortedList } from './sorted-list.ts';

/** What lists show of a movie, and what it is ranked by. */
export type Standing = Omit<RankingDocument, 'likesByDay'>;
type Listed = Standing & { movie: NonNullable<Standing['movie']> };

/** The members of one genre's listed movies, or of all, best first in each of the orders. */
type Table = Record<RankingOrder, SortedList<number>>;

/** A movie's rank, from 1, in its genre or, if `genre` is null, among all movies. */
export type Rank = { genre: string | null; by: RankingOrder; rank: number };

/** A movie with its rank in the list that was asked for. */
export type Ranked = Listed & { rank: number };

/** Every movie's place in each order, overall and in each of its genres. */
export class Standings {
  /** The number by which sets of movies know each movie. */
  readonly #members = new Map<string, number>();
  /** The latest standing of each member. */
  readonly #standings: Standing[] = [];
  readonly #places = new Places();
  /** Of each genre by its key, and of all movies by null. */
  readonly #tables = new Map<string | null, Table>();
  readonly #genres = new GenreMembers();

  ids(): Iterable<string> {
    return this.#members.keys();
  }

  put(standing: Standing): void {
    const member = this.#members.get(standing._id);
    const before = this.of(standing._id);
    // A vote changes two or three numbers: the movie moves in the orders by these only.
    if (member !== undefined && before && isListedAlike(before, standing)) {
      const { movie, genreKeys } = before;
      this.#move(member, before, { ...standing, movie, genreKeys });
      return;
    }
    this.remove(standing._id);
    const added = member ?? this.#standings.length;
    this.#members.set(standing._id, added);
    this.#keep(added, withShared(standing));
    this.#list(added);
  }

  remove(id: string): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    const standing = this.#standings[member]!;
    for (const table of this.#tablesOf(standing)) for (const by of orders) table[by].delete(member);
    if (standing.listed) this.#genres.remove(spelt(standing), member);
    this.#members.delete(id);
  }

  /** Also of a movie that isn't listed. */
  of(movieId: string): Standing | undefined {
    const member = this.#members.get(movieId);
    return member === undefined ? undefined : this.#standings[member];
  }

  /** The movie's rank in each order, overall and in each of its genres; none while unlisted. */
  ranks(movieId: string): Rank[] {
    const member = this.#members.get(movieId);
    const standing = this.of(movieId);
    if (member === undefined || !standing?.listed) return [];
    const { genres, genreKeys } = spelt(standing);
    const named = [
      [null, null] as const,
      ...genres.map((genre, at) => [genre, genreKeys[at]!] as const),
    ];
    return named.flatMap(([genre, key]) =>
      orders.map((by) => ({ genre, by, rank: this.#rankIn(key, by, member) })),
    );
  }

  /** The listed movies of these genres, best first. */
  list(genre: Genres, by: RankingOrder): PageSource<Ranked> {
    const [[first] = [null]] = genre;
    const isOneGenre = genre.flat().length <= 1;
    const list = this.#table(isOneGenre ? first : null)[by];
    // A place in the table of one genre is the rank. Of several genres, ranks are counted.
    const wanted = isOneGenre ? null : this.#genres.allOf(genre);
    return {
      read: async (after, limit) =>
        rankedAfter(after as Place | null, limit, { by, list, wanted, of: this.#standings }),
      count: async () => wanted?.size() ?? list.size,
    };
  }

  /** The listed movies of one genre by its key, or of all, best first. */
  *best(genre: string | null, by: RankingOrder): Generator<Listed> {
    for (const member of this.#table(genre)[by].from()) {
      const standing = this.#standings[member]!;
      if (isListed(standing)) yield standing;
    }
  }

  #move(member: number, before: Standing, standing: Standing): void {
    const moved = orders.filter((by) => before[by] !== standing[by]);
    const tables = this.#tablesOf(standing);
    for (const table of tables) for (const by of moved) table[by].delete(member);
    this.#keep(member, standing);
    for (const table of tables) for (const by of moved) table[by].add(member);
  }

  #keep(member: number, standing: Standing): void {
    this.#standings[member] = standing;
    this.#places.set(member, standing);
  }

  #list(member: number): void {
    const standing = this.#standings[member]!;
    if (standing.listed) this.#genres.add(spelt(standing), member);
    for (const table of this.#tablesOf(standing)) for (const by of orders) table[by].add(member);
  }

  /** Every table that the movie is in. */
  #tablesOf({ listed, genreKeys }: Standing): Table[] {
    if (!listed) return [];
    return [null, ...new Set(genreKeys)].map((key) => this.#table(key));
  }

  #table(key: string | null): Table {
    const known = this.#tables.get(key);
    if (known) return known;
    const lists = orders.map((by) => [by, new SortedList(this.#places.isBefore(by))]);
    const table = Object.fromEntries(lists) as Table;
    this.#tables.set(key, table);
    return table;
  }

  #rankIn(key: string | null, by: RankingOrder, member: number): number {
    const isBefore = this.#places.isBefore(by);
    return this.#table(key)[by].countBefore((one) => isBefore(one, member)) + 1;
  }
}

const isListed = (standing: Standing): standing is Listed => standing.movie !== null;

const withShared = (standing: Standing): Standing => ({
  ...standing,
  movie: standing.movie && { ...standing.movie, genres: shared(standing.movie.genres) },
  genreKeys: shared(standing.genreKeys),
});

const spelt = ({ movie, genreKeys }: Standing) => ({ genres: movie?.genres ?? [], genreKeys });

/** Whether a change leaves the movie in the same tables, where only its numbers may differ. */
const isListedAlike = (before: Standing, after: Standing): boolean =>
  before.listed === after.listed &&
  before.weightedRating === after.weightedRating &&
  before.movie?.version === after.movie?.version;

type List = {
  by: RankingOrder;
  list: SortedList<number>;
  wanted: TypedFastBitSet | null;
  /** The standing of each member. */
  of: readonly Standing[];
};

function rankedAfter(after: Place | null, limit: number, { by, list, wanted, of }: List): Ranked[] {
  const last = after && placed(by, after);
  const isAhead = (member: number) => last !== null && comparePlaces(by, of[member]!, last) <= 0;
  const found: Ranked[] = [];
  // Of several genres, the movies that come before the page are counted one by one.
  let rank = wanted ? 0 : list.countBefore(isAhead);
  for (const member of wanted ? list.from() : list.from(isAhead)) {
    if (wanted && !wanted.has(member)) continue;
    rank += 1;
    const standing = of[member]!;
    if (isListed(standing) && !(wanted && isAhead(member))) found.push({ ...standing, rank });
    if (found.length === limit) break;
  }
  return found;
}

/** Every movie's place in memory, because a rank is a count of all movies before it. */
export const standings = viewCopy({
  view: views.rankings,
  projection: { likesByDay: 0 },
  make: () => new Standings(),
});
