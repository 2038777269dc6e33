/** The part of a movie where a search was found. With several words, the weakest of their parts. */
export const places = ['title', 'people', 'description'] as const;
export type Place = (typeof places)[number];

/** From best to worst. Movies of the same rank are ordered by how popular they are. */
const rankNames = [
  'name',
  'title',
  'title begun',
  'title mistyped',
  'people',
  'people begun',
  'people mistyped',
  'description',
] as const;
export type Rank = number;

export const rank = (name: (typeof rankNames)[number]): Rank => rankNames.indexOf(name);

/** The rank of a movie that was not found. */
export const notFound: Rank = rankNames.length;

export function placeOf(rank: Rank): Place {
  const name = rankNames[rank] ?? 'description';
  return places.find((place) => name.startsWith(place)) ?? 'title';
}

/** No typos in short words, which resemble each other, nor in numbers. */
export const forgives = (part: string): boolean => part.length >= 4 && !/\p{N}/u.test(part);
