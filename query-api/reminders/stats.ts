import { setImmediate as letOthersRun } from 'node:timers/promises';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { myPlays, myReminders, myVotes } from '../memory/my-lists.ts';
import { itemsOf } from '../my-list.ts';
import { PlayCounts } from './play-counts.ts';
import { plays } from './watched.ts';

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

/** What the caller has watched and voted, in figures. */
export const stats = query({
  name: 'my-stats',
  summary: 'What I watched and voted, in figures',
  route: 'GET /v1/me/stats',
  views: [views.plays, views.votes, views.reminders],
  copies: [catalogue, myPlays, myVotes, myReminders],
  for: 'authenticated',
  input: z.object({}),
  example: {},
  output: Stats,
  async answer(_, reading) {
    const { read, copy, caller } = reading;
    const userId = caller?.userId ?? '';
    const [ofPlays, votes, reminders] = await Promise.all([
      playFigures(userId, reading),
      copy(myVotes).documents(userId, 'how many of each', () => votesOf(userId, reading)),
      copy(myReminders).count(userId, () => read(views.reminders).countDocuments({ userId })),
    ]);
    return { ...ofPlays, votes, reminders };
  },
});

async function votesOf(userId: string, { read }: Reading) {
  const found = await read(views.votes)
    .aggregate<{ _id: 'like' | 'dislike'; votes: number }>([
      { $match: { userId } },
      { $group: { _id: '$vote', votes: { $sum: 1 } } },
    ])
    .toArray();
  const of = (vote: 'like' | 'dislike') => found.find(({ _id }) => _id === vote)?.votes ?? 0;
  return { likes: of('like'), dislikes: of('dislike') };
}

type Shown = ReturnType<PlayCounts['shown']>;
/** True for this version of the catalogue, which has the runtimes and genres. */
type Figures = { version: number; shown: Shown };

/** Counted once, until the user's plays or the catalogue change. */
async function playFigures(userId: string, reading: Reading): Promise<Shown> {
  const lists = reading.copy(myPlays);
  const { version } = reading.copy(catalogue);
  const known = lists.known<Figures>(userId, 'figures');
  if (known?.version === version) return known.shown;
  return lists.reading(userId, async (keep) => {
    const shown = await countedPlays(reading);
    keep('figures', { version, shown } satisfies Figures);
    return shown;
  });
}

const countedAtOnce = 1_000;

async function countedPlays(reading: Reading): Promise<Shown> {
  const counts = new PlayCounts();
  const items = await itemsOf(plays, reading);
  let counted = 0;
  for (const play of items.at('watchedAt')) {
    counts.add(play);
    counted += 1;
    if (counted % countedAtOnce === 0) await letOthersRun();
  }
  return counts.shown();
}
