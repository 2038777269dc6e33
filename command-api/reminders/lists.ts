import { aggregate } from '@event-sourced/kernel/aggregate';
import type { Caller } from '@event-sourced/kernel/auth';
import type { Millis, NewEvent, PersonalText } from '@event-sourced/kernel/event';
import { z } from 'zod';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { MovieId } from '#schemas/ids.ts';

/**
 * One user's lists: movies to watch, and movies watched. Both may be long, so each movie's entries
 * are kept by themselves.
 */
export type Lists = {
  /** How many movies have a reminder. */
  reminders: number;
  /** How many plays the list holds, over all movies. */
  plays: number;
  movie: Entries;
};
/** What the lists say of one movie. */
type Entries = {
  reminder: Reminder | null;
  /** When the user set the reminder, or removed the last one. */
  changedAt: Millis | null;
  /** The `remindAt` of the reminder once that time has come. */
  dueFor: Millis | null;
  playedAt: readonly Millis[];
  /** The plays that were removed last, and when. */
  removed: readonly { watchedAt: Millis; at: Millis }[];
};
type Reminder = { note: PersonalText | null; remindAt: Millis | null };

function evolve(lists: Lists, { type, data }: RemindersEvent): Lists {
  const { movie } = lists;
  switch (type) {
    case 'ReminderSet': {
      const { note, remindAt, changedAt } = data;
      return withReminder(lists, { note, remindAt }, changedAt ?? data.setAt);
    }
    case 'ReminderRemoved':
      return withReminder(lists, null, data.changedAt ?? data.removedAt);
    case 'ReminderDue':
      // A due reminder stays until removed or its movie is watched.
      return { ...lists, movie: { ...movie, dueFor: data.remindAt } };
    case 'MovieWatched': {
      const playedAt = [...movie.playedAt, data.watchedAt];
      const removed = movie.removed.filter(({ watchedAt }) => watchedAt !== data.watchedAt);
      return withPlays(lists, { ...movie, playedAt, removed });
    }
    case 'WatchRemoved': {
      const { watchedAt, removedAt: at } = data;
      const playedAt = movie.playedAt.filter((time) => time !== watchedAt);
      const removed = [...movie.removed, { watchedAt, at }].slice(-removedPlays);
      return withPlays(lists, { ...movie, playedAt, removed });
    }
  }
}

function withReminder(lists: Lists, reminder: Reminder | null, changedAt: Millis): Lists {
  const more = (reminder ? 1 : 0) - (lists.movie.reminder ? 1 : 0);
  // With another note alone, a due reminder stays due.
  const { dueFor: before } = lists.movie;
  const dueFor = reminder?.remindAt === before ? before : null;
  const movie = { ...lists.movie, reminder, changedAt, dueFor };
  return { ...lists, reminders: lists.reminders + more, movie };
}

const withPlays = (lists: Lists, movie: Entries): Lists => {
  const more = movie.playedAt.length - lists.movie.playedAt.length;
  return { ...lists, plays: lists.plays + more, movie };
};

export const lists = aggregate<Lists, RemindersEvent>({
  topic: 'reminders',
  stateVersion: 5,
  initial: {
    reminders: 0,
    plays: 0,
    movie: { reminder: null, changedAt: null, dueFor: null, playedAt: [], removed: [] },
  },
  parts: { field: 'movie', of: ({ data }) => data.movieId },
  evolve,
  person: ({ data }) => data.userId,
  made: ({ type, data }) => {
    if (type === 'MovieWatched') return data.batch ?? data.playId;
    return type === 'ReminderSet' ? data.batch : null;
  },
});

/** How many removed plays of a movie are remembered, for batches that come late. */
const removedPlays = 100;

export const AboutMovie = z.strictObject({ movieId: MovieId });

/** What a decision about the lists knows besides them. */
export type Deciding = Caller & { now: Millis };

/** The part of the lists that a command is about. */
export const movieOf = ({ movieId }: { movieId: string }) => movieId;

/** The first event of a batch with the answer to it. */
export function answered(
  first: NewEvent<RemindersEvent>,
  answer: string,
): NewEvent<RemindersEvent> {
  switch (first.type) {
    case 'ReminderSet':
      return { type: first.type, data: { ...first.data, batch: answer } };
    case 'MovieWatched':
      return { type: first.type, data: { ...first.data, batch: answer } };
    default:
      throw new Error(`No batch begins with ${first.type}.`);
  }
}

/** Takes a reminder off the list, if there is one. */
export function removal(
  movieId: string,
  { movie }: Lists,
  { userId, now: removedAt }: Deciding,
  reason: 'removed' | 'watched',
  changedAt: Millis | null = null,
): NewEvent<RemindersEvent>[] {
  if (!movie.reminder) return [];
  return [{ type: 'ReminderRemoved', data: { userId, movieId, reason, removedAt, changedAt } }];
}
