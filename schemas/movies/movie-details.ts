import { z } from 'zod';
import { required } from '../required.ts';
import { lineSchema, WrittenLine } from '../written-text.ts';

const range = (minimum: number, maximum: number) => `must be ${minimum} to ${maximum}`;
const Whole = (minimum: number, maximum: number) => {
  const inRange = range(minimum, maximum);
  const { error } = required('must be a whole number');
  return z
    .int({ error: (issue) => (/^too_/.test(issue.code) ? inRange : error(issue)) })
    .min(minimum, inRange)
    .max(maximum, inRange);
};
const Decimal = (minimum: number, maximum: number) =>
  z
    .number(required('must be a number'))
    .min(minimum, range(minimum, maximum))
    .max(maximum, range(minimum, maximum));

/** Lists take several genres with commas between them. */
const Genre = WrittenLine(40)
  .refine((name) => !name.includes(','), 'must not contain a comma')
  .meta({ pattern: lineSchema(40).pattern.replaceAll('[^', '[^,') });

/** The id that IMDb has for a movie. */
export const ImdbId = z
  .string(required('must be text'))
  .regex(/^tt\d{7,10}$/, 'must be tt and 7 to 10 digits');
/** The id that TMDB has for a movie. */
export const mostTmdbId = 2_147_483_647;
export const TmdbId = Whole(1, mostTmdbId);

/** All that the catalogue knows of a movie: the body of `PUT /v1/movies/{movieId}`. */
export const MovieDetails = z.strictObject({
  title: WrittenLine(300),
  genres: z
    .array(Genre, required('must be a list'))
    .min(1, 'must name a genre')
    .max(10, 'must name at most 10 genres')
    .refine(
      (genres) => new Set(genres.map((genre) => genre.toLowerCase())).size === genres.length,
      'must not name a genre twice',
    ),
  description: WrittenLine(5_000),
  director: WrittenLine(200),
  actors: z
    .array(WrittenLine(200), required('must be a list'))
    .max(50, 'must name at most 50 actors'),
  year: Whole(1870, 2200),
  runtimeMinutes: Whole(1, 2_000),
  rating: Decimal(0, 10),
  ratingVotes: Whole(0, 1_000_000_000_000),
  revenueMillions: Decimal(0, 1_000_000).nullable().default(null),
  metascore: Whole(0, 100).nullable().default(null),
  // Without a default, so that a request has the same hash as before there were these.
  imdbId: ImdbId.nullable().exactOptional(),
  tmdbId: TmdbId.nullable().exactOptional(),
});
export type MovieDetails = z.output<typeof MovieDetails>;

/** A movie as a line of an import has it: what it leaves out is kept as it is; `null` clears it. */
export const ImportedDetails = MovieDetails.extend({
  revenueMillions: MovieDetails.shape.revenueMillions.unwrap().exactOptional(),
  metascore: MovieDetails.shape.metascore.unwrap().exactOptional(),
});
export type ImportedDetails = z.output<typeof ImportedDetails>;
