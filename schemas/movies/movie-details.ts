import { z } from 'zod';
import { required } from '../required.ts';

const controlFree = /^[^\p{Cc}\p{Cs}]*$/u;
const Text = (maximum: number) =>
  z
    .string(required('must be text'))
    .trim()
    .min(1, 'must not be empty')
    .max(maximum, `must have at most ${maximum} characters`)
    .regex(controlFree, 'must not contain control characters');

const range = (minimum: number, maximum: number) => `must be ${minimum} to ${maximum}`;
const Whole = (minimum: number, maximum: number) =>
  z
    .int(required('must be a whole number'))
    .min(minimum, range(minimum, maximum))
    .max(maximum, range(minimum, maximum));
const Decimal = (minimum: number, maximum: number) =>
  z
    .number(required('must be a number'))
    .min(minimum, range(minimum, maximum))
    .max(maximum, range(minimum, maximum));

/** All that the catalogue knows of a movie: the body of `PUT /v1/movies/{movieId}`. */
export const MovieDetails = z.strictObject({
  title: Text(300),
  genres: z
    .array(Text(40).regex(/^[^,]*$/, 'must not contain a comma'), required('must be a list'))
    .min(1, 'must name a genre')
    .max(10, 'must name at most 10 genres')
    .refine(
      (genres) => new Set(genres.map((genre) => genre.toLowerCase())).size === genres.length,
      'must not name a genre twice',
    ),
  description: Text(5_000),
  director: Text(200),
  actors: z.array(Text(200), required('must be a list')).max(50, 'must name at most 50 actors'),
  year: Whole(1870, 2200),
  runtimeMinutes: Whole(1, 2_000),
  rating: Decimal(0, 10),
  ratingVotes: z.int(required('must be a whole number')).min(0, 'must be 0 or more'),
  revenueMillions: Decimal(0, 1_000_000).nullable().default(null),
  metascore: Whole(0, 100).nullable().default(null),
});
export type MovieDetails = z.output<typeof MovieDetails>;

/** A movie as a line of an import has it: what it leaves out is kept as it is; `null` clears it. */
export const ImportedDetails = MovieDetails.extend({
  revenueMillions: MovieDetails.shape.revenueMillions.unwrap().exactOptional(),
  metascore: MovieDetails.shape.metascore.unwrap().exactOptional(),
});
export type ImportedDetails = z.output<typeof ImportedDetails>;
