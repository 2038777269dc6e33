import { viewCopy } from '@event-sourced/kernel/query';
import MiniSearch, { type Query } from 'minisearch';
import { z } from 'zod';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { views } from '#schemas/views.ts';
import { fields, forgives, nameRank, type Rank, rankOf, whole } from './search-rank.ts';
import { compact, indexed, namesOf, pairs, type Word, wordsOf } from './search-words.ts';

/** A movie that was found. */
export type Hit = { movie: MovieFacts; rank: Rank };

/** The fields of a movie that the index keeps, because lists show them. */
export type MovieFacts = Pick<
  MovieDocument,
  '_id' | 'version' | 'title' | 'year' | 'genres' | 'runtimeMinutes' | 'rating' | 'ratingVotes'
>;

type Ordered = { rank: Rank; movie: Pick<MovieFacts, 'ratingVotes' | '_id'> };

type Indexed = { id: string } & Record<(typeof fields)[number], string>;

/** Further words of a search are ignored: they cost time and hardly narrow it down. */
const maxWords = 20;

/**
 * Finds movies by title, people and description. The library finds the movies with these words;
 * we order them, because its scores can't express "title before people, then popular first".
 */
export class SearchIndex {
  readonly #movies = new Map<string, MovieFacts>();
  /** The ids of the movies with each name. */
  readonly #byName = new Map<string, Set<string>>();
  readonly #index = new MiniSearch<Indexed>({
    fields: [...fields],
    tokenize: (words) => words.split(' '),
    processTerm: (word) => word,
  });

  /** Retired movies are not found. */
  put(movie: MovieDocument): void {
    this.remove(movie._id);
    if (movie.retired) return;
    const { _id, version, title, year, genres, runtimeMinutes, rating, ratingVotes } = movie;
    this.#movies.set(_id, {
      ...{ _id, version, title, year, genres, runtimeMinutes, rating, ratingVotes },
    });
    for (const name of namesOf(title, year)) {
      this.#byName.set(name, (this.#byName.get(name) ?? new Set()).add(_id));
    }
    this.#index.add({
      id: _id,
      title: indexed(title).join(' '),
      pairs: wholly(pairs(title)),
      people: [movie.director, ...movie.actors].flatMap(indexed).join(' '),
      year: wholly([String(year)]),
      description: wholly(wordsOf(movie.description).flatMap(({ parts }) => parts)),
    });
  }

  remove(id: string): void {
    const movie = this.#movies.get(id);
    if (!movie) return;
    this.#movies.delete(id);
    this.#index.discard(id);
    for (const name of namesOf(movie.title, movie.year)) {
      const ids = this.#byName.get(name);
      ids?.delete(id);
      if (ids?.size === 0) this.#byName.delete(name);
    }
  }

  /** Every movie that has all of these words, best first. The order is total. */
  find(text: string): Hit[] {
    const words = wordsOf(text);
    const named = this.#byName.get(compact(words)) ?? new Set();
    const ranks = new Map<string, Rank>([...named].map((id) => [id, nameRank]));
    const wanted = distinct(words).slice(0, maxWords);
    this.#match(wanted, false, ranks);
    // Typos are forgiven only if no movie has the words as typed.
    if (ranks.size === 0) this.#match(wanted, true, ranks);
    return [...ranks]
      .flatMap(([id, rank]) => {
        const movie = this.#movies.get(id);
        return movie ? [{ movie, rank }] : [];
      })
      .sort(inOrder);
  }

  #match(words: readonly Word[], forgiving: boolean, ranks: Map<string, Rank>): void {
    const last = words.at(-1)?.parts.at(-1);
    const query = (part: string): Query => ({
      combineWith: 'OR',
      queries: [
        {
          queries: [part],
          // One letter begins nearly every word, so it is a prefix only at the end of the text,
          // where the user may be still typing.
          prefix: part.length > 1 || part === last,
          // An edit distance of 2, because the library counts swapped letters as two edits.
          fuzzy: forgiving && forgives(part) ? 2 : false,
        },
        whole + part,
      ],
    });
    const anyOf = ({ parts, joined }: Word): Query => {
      const apart: Query = { combineWith: 'AND', queries: [...new Set(parts)].map(query) };
      return parts.length > 1 ? { combineWith: 'OR', queries: [apart, query(joined)] } : apart;
    };
    for (const { id, match } of this.#index.search({
      combineWith: 'AND',
      queries: words.map(anyOf),
    })) {
      if (ranks.has(id)) continue;
      const rank = rankOf(words, match, forgiving);
      if (rank < Number.POSITIVE_INFINITY) ranks.set(id, rank);
    }
  }
}

const distinct = (words: readonly Word[]): Word[] => [
  ...new Map(words.map((word) => [word.parts.join(' '), word])).values(),
];

const wholly = (words: readonly string[]) => words.map((word) => whole + word).join(' ');

/** By rank, then the most popular, then by id as text. */
const inOrder = (one: Ordered, other: Ordered): number =>
  one.rank - other.rank ||
  other.movie.ratingVotes - one.movie.ratingVotes ||
  (one.movie._id === other.movie._id ? 0 : one.movie._id < other.movie._id ? -1 : 1);

/** The order in which `find` gives its hits; no two hits share a position. */
export const hitOrder = { rank: 1, 'movie.ratingVotes': -1, 'movie._id': 1 } as const;
export const HitPosition = z.tuple([z.number(), z.number(), z.string()]);

/** The catalogue in memory, for searching. */
export const searchIndex = viewCopy({ view: views.movies, make: () => new SearchIndex() });
