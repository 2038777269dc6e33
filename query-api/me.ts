import { momentOf, openedText } from '@event-sourced/kernel/event';
import type { Reading } from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import type { Document as Fields } from 'mongodb';
import { z } from 'zod';
import type { VoteDocument } from '#schemas/ranking/votes-view.ts';
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

/** One of these. */
type Mine = {
  vote?: VoteDocument;
  reminder?: ReminderDocument;
  plays?: { _id: string; count: number };
};

export type AboutMe = (movieId: string) => Me;

/** The caller's votes, reminders and plays of these movies; null without a caller. */
export async function aboutMe(
  movieIds: readonly string[],
  { read, caller }: Reading,
): Promise<AboutMe | null> {
  if (!caller) return null;
  const { userId } = caller;
  const byId = { $match: { _id: { $in: movieIds.map((movieId) => `${movieId}/${userId}`) } } };
  const counted = [
    { $match: { userId, movieId: { $in: movieIds } } },
    { $group: { _id: '$movieId', count: { $sum: 1 } } },
  ];
  const alsoOf = (view: View, pipeline: Fields[]) => ({
    $unionWith: { coll: read(view).collectionName, pipeline },
  });
  // One operation reads all three: what an operation costs hardly depends on what it reads.
  const found = await read(views.votes)
    .aggregate<Mine>([
      byId,
      { $replaceWith: { vote: '$$ROOT' } },
      alsoOf(views.reminders, [byId, { $replaceWith: { reminder: '$$ROOT' } }]),
      alsoOf(views.plays, [...counted, { $replaceWith: { plays: '$$ROOT' } }]),
    ])
    .toArray();
  const voteOf = new Map(found.flatMap(({ vote }) => (vote ? [[vote.movieId, vote]] : [])));
  const reminderOf = new Map(
    found.flatMap(({ reminder }) => (reminder ? [[reminder.movieId, reminder]] : [])),
  );
  const playsOf = new Map(found.flatMap(({ plays }) => (plays ? [[plays._id, plays.count]] : [])));
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
