import { z } from 'zod';
import { isBlank, namesSchema } from '#schemas/written-text.ts';

const names = (group: string) => group.split(',').map((name) => name.trim().toLowerCase());

const mostGenres = 100;
const Group = z.string().meta(namesSchema(mostGenres));

/**
 * `genre=a,b` matches any of these genres; a repeated parameter has to match each time. Case
 * doesn't matter. The result is a list of groups: a movie needs one genre of every group.
 */
export const Genres = z
  .union([Group.transform((group) => [group]), z.array(Group).max(20)], {
    error: 'may be given 20 times at most',
  })
  .transform((groups) => groups.map(names))
  .refine((groups) => groups.flat().every((name) => !isBlank(name)), 'must not be empty')
  .refine(
    (groups) => groups.flat().length <= mostGenres,
    `must not name more than ${mostGenres} genres`,
  )
  .default([])
  .meta({ description: '`a,b` is any of them; given more than once, all of them.' });
export type Genres = z.output<typeof Genres>;

/** Whether a movie with these genres passes. */
export const isOfGenres = (groups: Genres, genreKeys: readonly string[]): boolean =>
  groups.every((anyOf) => anyOf.some((genre) => genreKeys.includes(genre)));
