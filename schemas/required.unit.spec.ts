import { expect, it } from 'vitest';
import { z } from 'zod';
import { MovieDetails } from './movies/movie-details.ts';
import { WrittenLine, WrittenText } from './written-text.ts';

const saidOf = (schema: z.ZodType, given: object) =>
  (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => [path[0], message]);

it('a missing field is called required, and a field of another type is told the right type', () => {
  const Ticket = z.object({ subject: WrittenLine(120), message: WrittenText(5_000) });
  expect(saidOf(Ticket, { message: 7 })).toEqual([
    ['subject', 'is required'],
    ['message', 'must be text'],
  ]);
  const fields = Object.keys(MovieDetails.shape);
  const optional = ['revenueMillions', 'metascore', 'imdbId', 'tmdbId'];
  const needed = fields.filter((field) => !optional.includes(field));
  expect(saidOf(MovieDetails, {})).toEqual(needed.map((field) => [field, 'is required']));
  const objects = Object.fromEntries(fields.map((field) => [field, {}]));
  expect(saidOf(MovieDetails, objects)).toEqual(
    expect.arrayContaining([
      ['title', 'must be text'],
      ['genres', 'must be a list'],
      ['year', 'must be a whole number'],
      ['rating', 'must be a number'],
    ]),
  );
});
