import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { catalogue } from '../memory/catalogue.ts';

/** Every genre and how many movies it has, retired ones left out. */
export const genres = query({
  name: 'genres',
  summary: 'Every genre and how many movies it has',
  route: 'GET /v1/genres',
  views: [],
  copies: [catalogue],
  input: z.object({}),
  example: {},
  output: z.object({ items: z.array(z.object({ genre: z.string(), movies: z.int() })) }),
  answer: async (_input, { copy }) => ({ items: copy(catalogue).genres() }),
});
