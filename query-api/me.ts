import { momentOf, openedText } from '@event-sourced/kernel/event';
import type { Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import type { ReminderDocument } from '#schemas/reminders/reminders-view.ts';
import { views } from '#schemas/views.ts';

/** A movie's `me`: the caller's vote and reminder, and how often they watched the movie. */
export const Me = z.object({
  vote: z.enum(['like', 'dislike']).nullable(),
  version: z.int().nullable().meta({ description: 'Of the vote, for If-Match.' }),
  reminder: z
    .object({
      note: z.string().nullable(),
      remindAt: z.iso.datetime().nullable(),
      setAt: z.iso.datetime(),
    })
    .nullable(),
  plays: z.int().meta({ description: 'How many times.' }),
});
export type Me = z.input<typeof Me>;

/** The views that a query with `me` reads. */
export const myViews = [views.votes, views.reminders, views.plays] as const;

export type AboutMe = (movieId: string) => Me;

/** The caller's votes, reminders and plays of these movies; null without a caller. */
export async function aboutMe(
  movieIds: readonly string[],
  { read, caller }: Reading,
): Promise<AboutMe | null> {
  if (!caller) return null;
  const { userId } = caller;
  const mine = { _id: { $in: movieIds.map((movieId) => `${movieId}/${userId}`) } };
  const [votes, reminders, plays] = await Promise.all([
    read(views.votes).find(mine).toArray(),
    read(views.reminders).find(mine).toArray(),
    read(views.plays)
      .aggregate<{ _id: string; count: number }>([
        { $match: { userId, movieId: { $in: movieIds } } },
        { $group: { _id: '$movieId', count: { $sum: 1 } } },
      ])
      .toArray(),
  ]);
  const voteOf = new Map(votes.map((vote) => [vote.movieId, vote]));
  const reminderOf = new Map(reminders.map((reminder) => [reminder.movieId, reminder]));
  const playsOf = new Map(plays.map(({ _id, count }) => [_id, count]));
  return (movieId) => ({
    vote: voteOf.get(movieId)?.vote ?? null,
    version: voteOf.get(movieId)?.version ?? null,
    reminder: shown(reminderOf.get(movieId)),
    plays: playsOf.get(movieId) ?? 0,
  });
}

const shown = (reminder: ReminderDocument | undefined): Me['reminder'] =>
  reminder ? reminderShown(reminder) : null;

/** A reminder as its user sees it. */
export const reminderShown = ({ note, remindAt, setAt }: ReminderDocument) => ({
  note: note && openedText(note),
  remindAt: remindAt === null ? null : momentOf(remindAt),
  setAt: momentOf(setAt),
});
