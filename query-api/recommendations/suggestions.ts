import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { Catalogue } from '../memory/catalogue.ts';
import type { Standings } from '../memory/standings.ts';

/** Why a movie is recommended: a liked one, and what the two have in common. */
export type Because = {
  movieId: string;
  title: string;
  sharedGenres: readonly string[];
  sharedPeople: readonly string[];
};

/** Each of these bounds the work of an answer, however large the catalogue is. */
const most = { moviesOfPerson: 20, likedGenres: 5, moviesOfGenre: 200, reasons: 3 };
const weights = { director: 1, actor: 0.6, genres: 1.5 };

type Sources = {
  catalogue: Pick<Catalogue, 'movie' | 'ofPerson'>;
  standings: Pick<Standings, 'list' | 'of'>;
};

/**
 * Movies that resemble the liked ones, best first: of the same people, and the best of the genres
 * that were liked most. Without any liked ones, the best of all.
 */
export async function suggestions(
  liked: readonly MovieDocument[],
  sources: Sources,
): Promise<MovieDocument[]> {
  const { catalogue, standings } = sources;
  const byPeople = moviesOfLikedPeople(liked, catalogue);
  const likedGenres = sharesOfGenres(liked);
  const top = [...likedGenres].sort(byShare).slice(0, most.likedGenres);
  const lists = top.length === 0 ? [[]] : top.map(([key]) => [[key]]);
  const candidates = new Set(byPeople.keys());
  for (const genre of lists) {
    const best = await standings.list(genre, 'score').read(null, most.moviesOfGenre);
    for (const { _id } of best) candidates.add(_id);
  }
  for (const { _id } of liked) candidates.delete(_id);
  const scored = [...candidates].flatMap((id) => {
    const movie = catalogue.movie(id);
    if (!movie || movie.retired) return [];
    const ofGenres = mean(movie.genreKeys.map((key) => likedGenres.get(key) ?? 0));
    const ofOthers = standings.of(id)?.score ?? 0;
    const score = (byPeople.get(id) ?? 0) + weights.genres * ofGenres + ofOthers;
    return [{ movie, score }];
  });
  scored.sort((a, b) => b.score - a.score || (a.movie._id < b.movie._id ? -1 : 1));
  return scored.map(({ movie }) => movie);
}

/** The movies of people in liked ones, and how much speaks for each. */
function moviesOfLikedPeople(
  liked: readonly MovieDocument[],
  catalogue: Sources['catalogue'],
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

/** Which share of the liked movies is of each genre. */
function sharesOfGenres(liked: readonly MovieDocument[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { genreKeys } of liked) {
    for (const key of genreKeys) shares.set(key, (shares.get(key) ?? 0) + 1 / liked.length);
  }
  return shares;
}

const byShare = ([a, one]: [string, number], [b, other]: [string, number]) =>
  other - one || (a < b ? -1 : 1);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The liked movies that have the most in common with this one. */
export function reasons(movie: MovieDocument, liked: readonly MovieDocument[]): Because[] {
  const people = new Set([movie.directorKey, ...movie.actorKeys]);
  const genres = new Set(movie.genreKeys);
  return liked
    .map((one) => {
      const named = new Map([[one.directorKey, one.director]]);
      for (const [at, key] of one.actorKeys.entries()) named.set(key, one.actors[at] ?? key);
      const sharedPeople = [...named].filter(([key]) => people.has(key)).map(([, name]) => name);
      const sharedGenres = one.genres.filter((_, at) => genres.has(one.genreKeys[at] ?? ''));
      const score = 2 * sharedPeople.length + sharedGenres.length / one.genres.length;
      return { score, movieId: one._id, title: one.title, sharedGenres, sharedPeople };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most.reasons)
    .map(({ score: _, ...reason }) => reason);
}
