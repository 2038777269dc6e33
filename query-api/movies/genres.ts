import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';

/** Every genre and how many movies it has, retired ones left out. */
export const genres = query({
  name: 'genres',
  summary: 'Every genre and how many movies it has',
  route: 'GET /v1/genres',
  views: [views.movies],
  input: z.object({}),
  example: {},
  output: z.object({ items: z.array(z.object({ genre: z.string(), movies: z.int() })) }),
  async answer(_input, { read }) {
    const items = await read(views.movies)
      .aggregate<{ genre: string; movies: number }>([
        { $match: { retired: false } },
        { $project: { genre: { $zip: { inputs: ['$genres', '$genreKeys'] } } } },
        { $unwind: '$genre' },
        // Spellings that differ only in case are one genre, shown by the spelling that sorts first.
        {
          $group: {
            _id: { $arrayElemAt: ['$genre', 1] },
            genre: { $min: { $arrayElemAt: ['$genre', 0] } },
            movies: { $sum: 1 },
          },
        },
        { $sort: { _id: 1 } },
        { $project: { _id: 0, genre: 1, movies: 1 } },
      ])
      .toArray();
    return { items };
  },
});
