import type { PageSource } from '@event-sourced/kernel/page';
import { viewCopy } from '@event-sourced/kernel/query';
import { LRUCache } from 'lru-cache';
import { TypedFastBitSet } from 'typedfastbitset';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { folded } from '#schemas/movies/text-keys.ts';
import { views } from '#schemas/views.ts';
import { EveryMovie } from './every-movie.ts';
import { ExternalIds } from './external-ids.ts';
import type { Genres } from './genre-filter.ts';
import { GenreMembers } from './genre-members.ts';
import { behind, fewInOrder, MovieOrders, type MovieSort } from './movie-sort.ts';
import { NameIndex } from './name-index.ts';
import type { Range } from './range.ts';
import type { Hits } from './search/hits.ts';
import { SearchIndex } from './search/search-index.ts';
import { shared } from './shared-texts.ts';
import { ValueMembers } from './value-members.ts';

/** What a list of movies is filtered by; all conditions have to hold. */
export type MovieFilters = {
  genre: Genres;
  year?: Range | undefined;
  rating?: Range | undefined;
  runtime?: Range | undefined;
  /** A part of the name, whatever its case and accents. */
  director?: string | undefined;
  actor?: string | undefined;
  imdbId?: string | undefined;
  tmdbId?: number | undefined;
  /** Words that search has to find in the movie. */
  q?: string | undefined;
};

/** The movies that pass some filters, and a few of them in the orders that were asked for. */
type Matches = {
  members: TypedFastBitSet;
  count: number;
  inOrder: Map<MovieSort, readonly MovieDocument[]>;
};

let versions = 0;
/** No two catalogues have the same one. */
const newVersion = (): number => {
  versions += 1;
  return versions;
};

/** One takes up to an eighth of a byte for each movie, and far less than a page takes to send. */
const keptMatches = 200;

/** The catalogue in memory: filters, sorts and counts movies without a look at the database. */
export class Catalogue {
  /** Another number after each change. */
  version = newVersion();
  /** Finds the listed movies by their words. */
  readonly search = new SearchIndex((id) => this.every.numberOf(id));
  /** Every movie, retired ones too. */
  readonly every = new EveryMovie();
  /** Retired movies are in no set and no order. */
  readonly #listed = new TypedFastBitSet();
  readonly #genres = new GenreMembers();
  readonly #years = new ValueMembers();
  readonly #ratings = new ValueMembers();
  readonly #runtimes = new ValueMembers();
  readonly #directors = new NameIndex();
  readonly #actors = new NameIndex();
  readonly #imdbIds = new ExternalIds();
  readonly #tmdbIds = new ExternalIds();
  readonly #orders = new MovieOrders((member) => this.every.movie(member)!);
  /** The search keeps its hits until a movie changes. */
  readonly #membersOf = new WeakMap<Hits, TypedFastBitSet>();
  /** By filters, until a movie changes: shared by the pages of a list, and by its readers. */
  readonly #kept = new LRUCache<string, Matches>({ max: keptMatches });

  ids(): Iterable<string> {
    return this.every.ids();
  }

  put(document: MovieDocument): void {
    this.#changed();
    const { genres, genreKeys } = document;
    const movie = { ...document, genres: shared(genres), genreKeys: shared(genreKeys) };
    this.search.put(movie);
    const member = this.every.numberOf(movie._id);
    this.#unlist(member);
    this.every.put(member, movie);
    if (!movie.retired) this.#list(member, movie);
  }

  remove(id: string): void {
    const member = this.every.numberIfKnown(id);
    if (member === undefined || !this.every.movie(member)) return;
    this.#changed();
    this.search.remove(id);
    this.#unlist(member);
    this.every.remove(member);
  }

  #changed(): void {
    this.version = newVersion();
    this.#kept.clear();
  }

  /** Also if it is retired. */
  movie(id: string): MovieDocument | undefined {
    const member = this.every.numberIfKnown(id);
    return member === undefined ? undefined : this.every.movie(member);
  }

  /** Listed movies that this person directs or plays in; at most so many of each kind. */
  ofPerson(key: string, limit: number): MovieDocument[] {
    const members = [this.#directors, this.#actors].flatMap((index) =>
      index.of(key).slice(0, limit),
    );
    return [...new Set(members)].flatMap((member) => this.every.movie(member) ?? []);
  }

  /** Every genre by its usual spelling, and how many movies it has. */
  genres(): { genre: string; movies: number }[] {
    return this.#genres.counts();
  }

  /** The listed movies that pass these filters, in order. */
  list(filters: MovieFilters, sort: MovieSort): PageSource<MovieDocument> {
    const matches = this.#matches(filters);
    const { members, count } = matches;
    return {
      read: async (after, limit) => {
        if (this.#areFew(count, limit)) {
          return behind(sort, after, this.#few(matches, sort)).slice(0, limit);
        }
        const found: MovieDocument[] = [];
        for (const part of this.#orders.after(sort, after)) {
          for (const member of part) {
            if (members.has(member)) found.push(this.every.movie(member)!);
            if (found.length === limit) return found;
          }
        }
        return found;
      },
      count: async () => count,
    };
  }

  /** Whether sorting them takes less time than looking for them in the order of all movies. */
  #areFew(count: number, limit: number): boolean {
    return count * count * 8 < this.#listed.size() * limit;
  }

  #few({ members, inOrder }: Matches, sort: MovieSort): readonly MovieDocument[] {
    const known = inOrder.get(sort);
    if (known) return known;
    const few = members.array().flatMap((member) => this.every.movie(member) ?? []);
    const sorted = fewInOrder(sort, few);
    inOrder.set(sort, sorted);
    return sorted;
  }

  #matches(filters: MovieFilters): Matches {
    const key = JSON.stringify(filters);
    const known = this.#kept.get(key);
    if (known) return known;
    const members = this.#matching(filters);
    const matches: Matches = { members, count: members.size(), inOrder: new Map() };
    this.#kept.set(key, matches);
    return matches;
  }

  #matching({ genre, year, rating, runtime, ...filters }: MovieFilters): TypedFastBitSet {
    const { director, actor, q, imdbId, tmdbId } = filters;
    const wanted = this.#listed.clone();
    if (imdbId) wanted.intersection(new TypedFastBitSet(this.#imdbIds.of(imdbId)));
    if (tmdbId) wanted.intersection(new TypedFastBitSet(this.#tmdbIds.of(tmdbId)));
    for (const group of genre) wanted.intersection(this.#genres.anyOf(group));
    if (q) wanted.intersection(this.#found(q));
    if (director) wanted.intersection(this.#directors.containing(folded(director)));
    if (actor) wanted.intersection(this.#actors.containing(folded(actor)));
    if (year) wanted.intersection(this.#years.within(year));
    if (rating) wanted.intersection(this.#ratings.within(rating));
    if (runtime) wanted.intersection(this.#runtimes.within(runtime));
    return wanted;
  }

  #found(q: string): TypedFastBitSet {
    const hits = this.search.find(q);
    const known = this.#membersOf.get(hits);
    if (known) return known;
    const members = new TypedFastBitSet();
    for (const member of hits.numbers()) members.add(member);
    this.#membersOf.set(hits, members);
    return members;
  }

  #list(member: number, movie: MovieDocument): void {
    this.#listed.add(member);
    this.#genres.add(movie, member);
    this.#years.add(movie.year, member);
    this.#ratings.add(movie.rating, member);
    this.#runtimes.add(movie.runtimeMinutes, member);
    this.#directors.add(movie.directorKey, member);
    this.#imdbIds.add(movie.imdbId, member);
    this.#tmdbIds.add(movie.tmdbId, member);
    for (const actor of movie.actorKeys) this.#actors.add(actor, member);
    this.#orders.add(member);
  }

  /** Does nothing for a movie that isn't listed. */
  #unlist(member: number): void {
    const movie = this.every.movie(member);
    if (!movie || !this.#listed.has(member)) return;
    this.#listed.remove(member);
    this.#genres.remove(movie, member);
    this.#years.remove(movie.year, member);
    this.#ratings.remove(movie.rating, member);
    this.#runtimes.remove(movie.runtimeMinutes, member);
    this.#directors.remove(movie.directorKey, member);
    this.#imdbIds.remove(movie.imdbId, member);
    this.#tmdbIds.remove(movie.tmdbId, member);
    for (const actor of movie.actorKeys) this.#actors.remove(actor, member);
    this.#orders.remove(member);
  }
}

export const catalogue = viewCopy({ view: views.movies, make: () => new Catalogue() });
