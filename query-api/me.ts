import { momentOf, openedText } from '@event-sourced/kernel/event';
import type { Reading } from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import type { Document as Fields } from 'mongodb';
import { z } from 'zod';
import type { VoteDocument } from '#schemas/ranking/votes-view.ts';
import type { ReminderDocument } from '#schemas/reminders/reminders-view.ts';
import { views } from '#schemas/views.ts';
import type { Keep } from './memory/my-documents.ts';
import { myPlays, myReminders, myVotes } from './memory/my-lists.ts';

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

/** The views that a query with `me` reads, and what is kept of them. */
export const myViews = [views.votes, views.reminders, views.plays] as const;
export const myCopies = [myVotes, myReminders, myPlays] as const;

/** What a user has of one movie; `plays` is their number. */
type Mine = {
  vote: VoteDocument | null;
  reminder: ReminderDocument | null;
  plays: number;
};

export type AboutMe = (movieId: string) => Me;

/** The caller's votes, reminders and plays of these movies; null without a caller. */
export async function aboutMe(
  movieIds: readonly string[],
  { read, copy, caller }: Reading,
): Promise<AboutMe | null> {
  if (!caller) return null;
  const { userId } = caller;
  const [votes, reminders, plays] = [copy(myVotes), copy(myReminders), copy(myPlays)];
  const mine = new Map<string, Mine>();
  for (const movieId of movieIds) {
    const name = `movie ${movieId}`;
    const vote = votes.known<VoteDocument>(userId, name);
    const reminder = reminders.known<ReminderDocument>(userId, name);
    const count = plays.known<number>(userId, name);
    const isKnown = vote !== undefined && reminder !== undefined && count !== undefined;
    if (isKnown) mine.set(movieId, { vote, reminder, plays: count ?? 0 });
  }
  const unknown = movieIds.filter((movieId) => !mine.has(movieId));
  if (unknown.length > 0) {
    const readAll = (keepVote: Keep) =>
      reminders.reading(userId, (keepReminder) =>
        plays.reading(userId, async (keepPlays) => {
          for (const [movieId, one] of await mineOf(userId, unknown, read)) {
            const name = `movie ${movieId}`;
            keepVote(name, one.vote);
            keepReminder(name, one.reminder);
            keepPlays(name, one.plays);
            mine.set(movieId, one);
          }
        }),
      );
    await votes.reading(userId, readAll);
  }
  return (movieId) => meShown(mine.get(movieId) ?? nothing);
}

/** Whoever has more reminders is asked about in the database. */
const mostReminders = 500;

/**
 * The same of movies that the caller has neither voted on nor watched: all that there may be is a
 * reminder, and a few of these are kept together.
 */
export async function aboutUnseen(
  movieIds: readonly string[],
  reading: Reading,
): Promise<AboutMe | null> {
  const { read, copy, caller } = reading;
  if (!caller) return null;
  const { userId } = caller;
  const { few } = await copy(myReminders).documents(userId, 'few', async () => {
    const found = read(views.reminders).find({ userId });
    const all = await found.limit(mostReminders + 1).toArray();
    return { few: all.length > mostReminders ? null : all };
  });
  if (!few) return aboutMe(movieIds, reading);
  const byMovie = new Map(few.map((reminder) => [reminder.movieId, reminder]));
  return (movieId) => meShown({ ...nothing, reminder: byMovie.get(movieId) ?? null });
}

function meShown({ vote, reminder, plays }: Mine): Me {
  return {
    ...{ vote: vote?.vote ?? null, version: vote?.version ?? null },
    ...{ reminder: reminder && reminderShown(reminder), plays },
  };
}

const nothing: Mine = { vote: null, reminder: null, plays: 0 };

/** A row of the operation that reads them. */
type Found = {
  vote?: VoteDocument;
  reminder?: ReminderDocument;
  plays?: { _id: string; count: number };
};

async function mineOf(
  userId: string,
  movieIds: readonly string[],
  read: Reading['read'],
): Promise<Map<string, Mine>> {
  const byId = { $match: { _id: { $in: movieIds.map((movieId) => `${movieId}/${userId}`) } } };
  const counted = [
    { $match: { userId, movieId: { $in: [...movieIds] } } },
    { $group: { _id: '$movieId', count: { $sum: 1 } } },
  ];
  const alsoOf = (view: View, pipeline: Fields[]) => ({
    $unionWith: { coll: read(view).collectionName, pipeline },
  });
  // One operation reads all three: what an operation costs hardly depends on what it reads.
  const found = await read(views.votes)
    .aggregate<Found>([
      byId,
      { $replaceWith: { vote: '$$ROOT' } },
      alsoOf(views.reminders, [byId, { $replaceWith: { reminder: '$$ROOT' } }]),
      alsoOf(views.plays, [...counted, { $replaceWith: { plays: '$$ROOT' } }]),
    ])
    .toArray();
  const mine = new Map(movieIds.map((movieId) => [movieId, { ...nothing }]));
  for (const { vote, reminder, plays } of found) {
    if (vote) mine.get(vote.movieId)!.vote = vote;
    if (reminder) mine.get(reminder.movieId)!.reminder = reminder;
    if (plays) mine.get(plays._id)!.plays = plays.count;
  }
  return mine;
}

/** A reminder as its user sees it. */
export const reminderShown = ({ note, remindAt, setAt }: ReminderDocument) => ({
  note: note && openedText(note),
  remindAt: remindAt === null ? null : momentOf(remindAt),
  setAt: momentOf(setAt),
});
