import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { PlayCounts } from './play-counts.ts';

const counted = { plays: z.int(), minutes: z.int() };

const Stats = z
  .object({
    plays: z.int().meta({ description: 'A movie watched twice counts twice.' }),
    movies: z.int().meta({ description: 'How many different movies.' }),
    minutes: z.int().meta({ description: 'By the runtimes that the catalogue has now.' }),
    firstWatchedAt: z.iso.datetime().nullable(),
    lastWatchedAt: z.iso.datetime().nullable(),
    byYear: z.array(z.object({ year: z.int(), ...counted })),
    byMonth: z.array(z.object({ month: z.string(), ...counted })),
    byGenre: z.array(z.object({ genre: z.string(), ...counted })),
    votes: z.object({ likes: z.int(), dislikes: z.int() }),
    reminders: z.int(),
  })
  .meta({
    id: 'Stats',
    description:
      'By year and month of watching in UTC, the newest 100 and 120 with a play; by genre, the ' +
      'most watched first. A movie of two genres counts in both.',
  });

const batchSize = 1_000;

/** What the caller has watched and voted, in figures. */
export const stats = query({
  name: 'my-stats',
  summary: 'What I watched and voted, in figures',
  route: 'GET /v1/me/stats',
  views: [views.plays, views.votes, views.reminders],
  copies: [catalogue],
  for: 'authenticated',
  input: z.object({}),
  example: {},
  output: Stats,
  async answer(_, { read, copy, caller }) {
    const userId = caller?.userId ?? '';
    const movies = copy(catalogue);
    const counts = new PlayCounts();
    const projection = { _id: 0, movieId: 1, watchedAt: 1 };
    // Between two batches, other requests get their turn.
    const plays = read(views.plays).find({ userId }, { projection, batchSize });
    for await (const { movieId, watchedAt } of plays) {
      counts.add({ movieId, watchedAt, movie: movies.movie(movieId) });
    }
    const [votes, reminders] = await Promise.all([
      read(views.votes)
        .aggregate<{ _id: 'like' | 'dislike'; votes: number }>([
          { $match: { userId } },
          { $group: { _id: '$vote', votes: { $sum: 1 } } },
        ])
        .toArray(),
      read(views.reminders).countDocuments({ userId }),
    ]);
    const of = (vote: 'like' | 'dislike') => votes.find(({ _id }) => _id === vote)?.votes ?? 0;
    return {
      ...counts.shown(),
      votes: { likes: of('like'), dislikes: of('dislike') },
      reminders,
    };
  },
});
