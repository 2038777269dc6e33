import { isOneTypo } from './one-typo.ts';
import type { Word } from './search-words.ts';

/** The part of a movie where a search was found. With several words, the weakest of their parts. */
export const places = ['title', 'people', 'description'] as const;
export type Place = (typeof places)[number];

/** The fields of the index. */
export const fields = ['title', 'pairs', 'people', 'year', 'description'] as const;
type Field = (typeof fields)[number];

/** Marks words in the index that only a whole word finds. No text contains this character. */
export const whole = '\u0001';

/** From best to worst. Movies of the same rank are ordered by how popular they are. */
const ranks = [
  'name',
  'title',
  'title begun',
  'title mistyped',
  'people',
  'people begun',
  'people mistyped',
  'description',
] as const;
type RankName = (typeof ranks)[number];
export type Rank = number;

const rank = (name: RankName): Rank => ranks.indexOf(name);
const none = Number.POSITIVE_INFINITY;

/** The rank of a movie whose whole title was typed. */
export const nameRank = rank('name');

const byField: Record<Field, Rank> = {
  title: rank('title'),
  pairs: rank('title'),
  people: rank('people'),
  // A year helps to choose among movies; a year alone counts like a word of a description.
  year: rank('title'),
  description: rank('description'),
};

export function placeOf(rank: Rank): Place {
  const name = ranks[rank] ?? 'description';
  return places.find((place) => name.startsWith(place)) ?? 'title';
}

/** The words of the index that were found in a movie, each with its fields. */
export type Match = Readonly<Record<string, readonly string[]>>;

/** How well a movie matches all of these words; infinite when it doesn't. */
export function rankOf(words: readonly Word[], match: Match, forgiving: boolean): Rank {
  const found = Object.entries(match) as [string, Field[]][];
  const isAlone = words.length === 1;
  const rankOfPart = (part: string) => {
    let best = none;
    for (const [term, fields] of found) {
      const slip = slipBetween(part, term, forgiving);
      if (slip === null) continue;
      for (const field of fields) {
        const ofField = isAlone && field === 'year' ? rank('description') : byField[field];
        best = Math.min(best, ofField + slip);
      }
    }
    return best;
  };
  const rankOfWord = ({ parts, joined }: Word) =>
    Math.min(Math.max(...parts.map(rankOfPart)), parts.length > 1 ? rankOfPart(joined) : none);
  return Math.max(...words.map(rankOfWord));
}

/** 0 for the same word, 1 for its beginning, 2 for a typo; null for another word. */
function slipBetween(part: string, term: string, forgiving: boolean): 0 | 1 | 2 | null {
  if (term.startsWith(whole))
    return term.length === part.length + 1 && term.endsWith(part) ? 0 : null;
  if (term === part) return 0;
  if (term.startsWith(part)) return 1;
  return forgiving && forgives(part) && isOneTypo(part, term) ? 2 : null;
}

/** No typos in short words, which resemble each other, nor in numbers. */
export const forgives = (part: string): boolean => part.length >= 4 && !/\p{N}/u.test(part);
