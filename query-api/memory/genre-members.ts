import { TypedFastBitSet } from 'typedfastbitset';

type WithGenres = { genres: readonly string[]; genreKeys: readonly string[] };

/** The members of one genre, and how many of them spell it which way. To count a set takes long. */
type Genre = { members: TypedFastBitSet; count: number; spellings: Map<string, number> };

/** Which members are of which genre. Spellings that differ only in case are one genre. */
export class GenreMembers {
  /** By key, which is in lower case. */
  readonly #genres = new Map<string, Genre>();

  add({ genres, genreKeys }: WithGenres, member: number): void {
    for (const [at, key] of genreKeys.entries()) {
      let genre = this.#genres.get(key);
      if (!genre) {
        genre = { members: new TypedFastBitSet(), count: 0, spellings: new Map() };
        this.#genres.set(key, genre);
      }
      if (!genre.members.has(member)) genre.count += 1;
      genre.members.add(member);
      const spelling = genres[at] ?? key;
      genre.spellings.set(spelling, (genre.spellings.get(spelling) ?? 0) + 1);
    }
  }

  remove({ genres, genreKeys }: WithGenres, member: number): void {
    for (const [at, key] of genreKeys.entries()) {
      const genre = this.#genres.get(key);
      if (!genre) continue;
      if (genre.members.has(member)) genre.count -= 1;
      genre.members.remove(member);
      const spelling = genres[at] ?? key;
      const left = (genre.spellings.get(spelling) ?? 0) - 1;
      if (left > 0) genre.spellings.set(spelling, left);
      else genre.spellings.delete(spelling);
      if (genre.spellings.size === 0) this.#genres.delete(key);
    }
  }

  /** A new set of the members of any of these genres. */
  anyOf(keys: readonly string[]): TypedFastBitSet {
    const found = new TypedFastBitSet();
    for (const key of keys) {
      const genre = this.#genres.get(key);
      if (genre) found.union(genre.members);
    }
    return found;
  }

  /** A new set of the members that have a genre of every group. */
  allOf([first = [], ...groups]: readonly (readonly string[])[]): TypedFastBitSet {
    const found = this.anyOf(first);
    for (const group of groups) found.intersection(this.anyOf(group));
    return found;
  }

  /** Each genre by the spelling that sorts first, and how many members it has; by key. */
  counts(): { genre: string; movies: number }[] {
    return [...this.#genres]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { spellings, count }]) => ({
        genre: [...spellings.keys()].reduce((one, other) => (one < other ? one : other)),
        movies: count,
      }));
  }
}
