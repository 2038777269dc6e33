import type { MovieDocument } from '#schemas/movies/movies-view.ts';

/** Why a movie is recommended: a liked one, and what the two have in common. */
export type Because = {
  movieId: string;
  title: string;
  sharedGenres: readonly string[];
  sharedPeople: readonly string[];
};

const mostReasons = 3;

/** Finds the liked movies that have the most in common with one. */
export function reasonsAmong(liked: readonly MovieDocument[]): (movie: MovieDocument) => Because[] {
  const all: Named[] = liked.map((movie) => {
    const people = new Map([[movie.directorKey, movie.director]]);
    for (const [at, key] of movie.actorKeys.entries()) people.set(key, movie.actors[at] ?? key);
    return { movie, people: [...people] };
  });
  return (movie) => {
    const people = new Set([movie.directorKey, ...movie.actorKeys]);
    const genres = new Set(movie.genreKeys);
    const best: (Named & { score: number })[] = [];
    for (const one of all) {
      const score = scoreOf(one, people, genres);
      if (score === 0 || score <= (best[mostReasons - 1]?.score ?? 0)) continue;
      // Of equal ones, the first stays the first.
      const at = best.findLastIndex((other) => other.score >= score) + 1;
      best.splice(at, 0, { ...one, score });
      if (best.length > mostReasons) best.pop();
    }
    return best.map(({ movie: { _id, title, genres: all, genreKeys }, people: named }) => ({
      ...{ movieId: _id, title },
      sharedGenres: all.filter((_, at) => genres.has(genreKeys[at] ?? '')),
      sharedPeople: named.filter(([key]) => people.has(key)).map(([, name]) => name),
    }));
  };
}

/** A liked movie, and the keys and names of its people. */
type Named = { movie: MovieDocument; people: readonly (readonly [string, string])[] };

/** A shared person counts more than all genres. */
function scoreOf(
  { movie: { genres, genreKeys }, people: named }: Named,
  people: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
): number {
  let [sharedPeople, sharedGenres] = [0, 0];
  for (const [key] of named) if (people.has(key)) sharedPeople += 1;
  for (const key of genreKeys) if (wanted.has(key)) sharedGenres += 1;
  return 2 * sharedPeople + (genres.length === 0 ? 0 : sharedGenres / genres.length);
}
