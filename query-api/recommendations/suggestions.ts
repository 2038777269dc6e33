import { LRUCache } from 'lru-cache';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { Catalogue } from '../memory/catalogue.ts';
import { firstBehind } from '../memory/sorted-list.ts';
import type { Standings } from '../memory/standings.ts';
import { type Because, reasonsAmong } from './reasons.ts';

/** Each of these bounds the work of an answer, however large the catalogue is. */
const most = { moviesOfPerson: 20, likedGenres: 5, moviesOfGenre: 200, remembered: 2_000 };
const weights = { director: 1, actor: 0.6, genres: 1.5 };

/**
 * Votes of others change the figures of some movie all the time. What is suggested to somebody who
 * does nothing rests on figures of up to so long ago.
 */
const suggestedMs = 60_000;
/** Suggestions are kept for so many page sizes. */
const mostSizes = 4;

type Movies = Pick<Catalogue, 'movie' | 'ofPerson' | 'version'>;

/** What the liked movies say about all others, as long as the catalogue doesn't change. */
class Likes {
  readonly version: number;
  readonly movies: readonly MovieDocument[];
  /** The movies of people in liked ones, and how much speaks for each. */
  readonly byPeople: ReadonlyMap<string, number>;
  /** The keys of the genres that were liked most; null is all genres, for who likes none. */
  readonly top: readonly (string | null)[];
  /** How many movies are remembered at most. */
  readonly size: number;
  readonly #catalogue: Movies;
  /** Which share of the liked movies is of each genre. */
  readonly #genres: ReadonlyMap<string, number>;
  /** What was asked for; null is no movie to suggest. */
  readonly #candidates = new Map<string, Candidate | null>();
  /** By the number of movies that were wanted. */
  readonly #suggested = new Map<number, Suggested>();

  constructor(liked: readonly string[], catalogue: Movies) {
    this.#catalogue = catalogue;
    this.version = catalogue.version;
    this.movies = liked.flatMap((id) => catalogue.movie(id) ?? []);
    this.byPeople = moviesOfLikedPeople(this.movies, catalogue);
    this.#genres = sharesOfGenres(this.movies);
    const top = [...this.#genres].sort(byShare).slice(0, most.likedGenres);
    this.top = top.length === 0 ? [null] : top.map(([key]) => key);
    this.size = 2 * this.byPeople.size + this.movies.length + most.remembered;
  }

  candidate(id: string): Candidate | null {
    const known = this.#candidates.get(id);
    if (known !== undefined) return known;
    if (this.#candidates.size >= this.size) this.#candidates.clear();
    const movie = this.#catalogue.movie(id);
    const candidate = movie && !movie.retired ? this.#made(movie) : null;
    this.#candidates.set(id, candidate);
    return candidate;
  }

  /**
   * The movies that `find` returns, with reasons. They are the same for a while, unless the user's
   * own documents change, or the generation of the standings.
   */
  async suggested(
    { limit, ofUser, standings }: ToSuggest,
    find: () => MovieDocument[] | Promise<MovieDocument[]>,
  ): Promise<Suggestion[]> {
    const now = performance.now();
    const isSame = (one: Suggested) =>
      one.standings.deref() === standings &&
      ofUser.every((each, at) => each === one.ofUser[at]) &&
      now < one.until;
    for (;;) {
      const known = this.#suggested.get(limit);
      if (!known || !isSame(known)) break;
      // Another request may be finding them just now. It may also have been given up.
      const all = await known.all.catch(() => null);
      if (all) return all;
      if (this.#suggested.get(limit) === known) this.#suggested.delete(limit);
    }
    const reasons = reasonsAmong(this.movies);
    const finding = async () => {
      return (await find()).map((movie) => ({ movie, because: reasons(movie) }));
    };
    if (this.#suggested.size >= mostSizes) this.#suggested.clear();
    const all = finding();
    const until = now + suggestedMs;
    this.#suggested.set(limit, { all, ofUser, standings: new WeakRef(standings), until });
    return all;
  }

  #made(movie: MovieDocument): Candidate {
    const ofGenres = meanShare(movie.genreKeys, this.#genres);
    const likeness = (this.byPeople.get(movie._id) ?? 0) + weights.genres * ofGenres;
    return { movie, likeness, passedIn: 0 };
  }
}

export type { Likes };

/** Whatever else the suggestions depend on: documents of the user, the same while unchanged. */
type ToSuggest = { limit: number; ofUser: readonly object[]; standings: Standings };
type Suggestion = { movie: MovieDocument; because: readonly Because[] };
type Suggested = Pick<ToSuggest, 'ofUser'> & {
  all: Promise<Suggestion[]>;
  standings: WeakRef<Standings>;
  /** By `performance.now()`. */
  until: number;
};

/** A movie that may be suggested. */
type Candidate = {
  movie: MovieDocument;
  /** How much it resembles the liked ones. */
  likeness: number;
  /** The number of the answer that it was last looked at for. */
  passedIn: number;
};

/** By what users like; one takes some 70 bytes for each movie. */
const kept = new LRUCache<readonly string[], Likes>({
  maxSize: 400_000,
  sizeCalculation: ({ size }) => size,
});
let answers = 0;

/** @param liked ids; what is found out is kept for this very array. */
export function likesOf(liked: readonly string[], catalogue: Movies): Likes {
  const known = kept.get(liked);
  if (known?.version === catalogue.version) return known;
  const likes = new Likes(liked, catalogue);
  kept.set(liked, likes);
  return likes;
}

/** How many suggestions are wanted, and which movies are not. */
type Wanted = { limit: number; known: Iterable<string> };

/**
 * Movies that resemble the liked ones, best first: of the same people, and the best of the genres
 * that were liked most. Without any liked ones, the best of all.
 */
export function suggestions(
  likes: Likes,
  standings: Pick<Standings, 'best' | 'of'>,
  { limit, known }: Wanted,
): MovieDocument[] {
  answers += 1;
  const passedIn = answers;
  const pass = (id: string) => {
    const candidate = likes.candidate(id);
    if (!candidate || candidate.passedIn === passedIn) return null;
    candidate.passedIn = passedIn;
    return candidate;
  };
  for (const id of known) pass(id);
  for (const { _id } of likes.movies) pass(_id);
  const best = new Best(limit);
  const suggest = (id: string, ofOthers: number) => {
    const candidate = pass(id);
    if (candidate) best.add(candidate.movie, candidate.likeness + ofOthers);
  };
  for (const id of likes.byPeople.keys()) suggest(id, standings.of(id)?.score ?? 0);
  for (const genre of likes.top) {
    let left = most.moviesOfGenre;
    for (const { _id, score } of standings.best(genre, 'score')) {
      suggest(_id, score ?? 0);
      left -= 1;
      if (left === 0) break;
    }
  }
  return best.movies;
}

/** The few best of many movies, without sorting the rest. */
class Best {
  readonly movies: MovieDocument[] = [];
  readonly #scores: number[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(movie: MovieDocument, score: number): void {
    const { movies } = this;
    const isFull = movies.length === this.#limit;
    if (isFull && score < this.#scores[this.#limit - 1]!) return;
    const at = firstBehind(movies.length, (one) => !this.#isBefore(movie, score, one));
    if (at >= this.#limit) return;
    movies.splice(at, 0, movie);
    this.#scores.splice(at, 0, score);
    if (movies.length <= this.#limit) return;
    movies.pop();
    this.#scores.pop();
  }

  #isBefore(movie: MovieDocument, score: number, at: number): boolean {
    const other = this.#scores[at]!;
    return score === other ? movie._id < this.movies[at]!._id : score > other;
  }
}

function moviesOfLikedPeople(
  liked: readonly MovieDocument[],
  catalogue: Movies,
): Map<string, number> {
  const found = new Map<string, number>();
  const isAsked = new Set<string>();
  for (const { directorKey, actorKeys } of liked) {
    for (const person of [directorKey, ...actorKeys]) {
      if (isAsked.has(person)) continue;
      isAsked.add(person);
      for (const movie of catalogue.ofPerson(person, most.moviesOfPerson)) {
        const weight = movie.directorKey === person ? weights.director : weights.actor;
        found.set(movie._id, (found.get(movie._id) ?? 0) + weight);
      }
    }
  }
  return found;
}

function sharesOfGenres(liked: readonly MovieDocument[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { genreKeys } of liked) {
    for (const key of genreKeys) shares.set(key, (shares.get(key) ?? 0) + 1 / liked.length);
  }
  return shares;
}

const byShare = ([a, one]: [string, number], [b, other]: [string, number]) =>
  other - one || (a < b ? -1 : 1);

function meanShare(keys: readonly string[], shares: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const key of keys) sum += shares.get(key) ?? 0;
  return keys.length === 0 ? 0 : sum / keys.length;
}
