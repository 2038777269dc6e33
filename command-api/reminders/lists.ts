import { isDeepStrictEqual } from 'node:util';
import { aggregate, reject } from '@event-sourced/kernel/aggregate';
import type { Caller } from '@event-sourced/kernel/auth';
import {
  type Millis,
  Moment,
  type NewEvent,
  type PersonalText,
  personalText,
} from '@event-sourced/kernel/event';
import { v5 as uuid5 } from 'uuid';
import { z } from 'zod';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { exampleIds, MovieId, PlayId } from '#schemas/ids.ts';
import { remindersFull, watchedFull } from '#schemas/reminders/problems.ts';
import { roles } from '#schemas/roles.ts';
import { WrittenText } from '#schemas/written-text.ts';
import { knownMovie, listedMovie } from '../known-movie.ts';

/**
 * One user's lists: movies to watch, and movies watched. Both may be long, so each movie's entries
 * are kept by themselves.
 */
type Lists = {
  /** How many movies have a reminder. */
  reminders: number;
  /** How many plays the list holds, over all movies. */
  plays: number;
  movie: Entries;
};
/** What the lists say of one movie. */
type Entries = { reminder: Reminder | null; playedAt: readonly Millis[] };
type Reminder = { note: PersonalText | null; remindAt: Millis | null };

function evolve(lists: Lists, { type, data }: RemindersEvent): Lists {
  const { reminder, playedAt } = lists.movie;
  switch (type) {
    case 'ReminderSet':
      return withReminder(lists, { note: data.note, remindAt: data.remindAt });
    case 'ReminderRemoved':
      return withReminder(lists, null);
    case 'ReminderDue':
      return lists; // A due reminder stays until removed or its movie is watched.
    case 'MovieWatched':
      return withPlays(lists, { reminder, playedAt: [...playedAt, data.watchedAt] });
    case 'WatchRemoved': {
      const left = playedAt.filter((time) => time !== data.watchedAt);
      return withPlays(lists, { reminder, playedAt: left });
    }
  }
}

function withReminder(lists: Lists, reminder: Reminder | null): Lists {
  const more = (reminder ? 1 : 0) - (lists.movie.reminder ? 1 : 0);
  return { ...lists, reminders: lists.reminders + more, movie: { ...lists.movie, reminder } };
}

const withPlays = (lists: Lists, movie: Entries): Lists => {
  const more = movie.playedAt.length - lists.movie.playedAt.length;
  return { ...lists, plays: lists.plays + more, movie };
};

export const lists = aggregate<Lists, RemindersEvent>({
  topic: 'reminders',
  stateVersion: 3,
  initial: { reminders: 0, plays: 0, movie: { reminder: null, playedAt: [] } },
  parts: { field: 'movie', of: ({ data }) => data.movieId },
  evolve,
  made: (event) => (event.type === 'MovieWatched' ? event.data.playId : null),
});

const reminderLimit = 1_000;
const playLimit = 20_000;
/** How far a client's clock may be ahead. */
const skewMs = 60_000;

const AboutMovie = z.strictObject({ movieId: MovieId });

const ofCaller = (_: unknown, { userId }: Caller) => ({ key: userId, id: userId });
const movieOf = ({ movieId }: { movieId: string }) => movieId;

const playNamespace = '5b1f6a0d-2b7e-5f43-8c1a-94e0d3a7c6f2';

const hasReminder = ({ movie }: Lists) => movie.reminder !== null;

/** The same user, movie and time always make the same play. */
const playIdOf = (userId: string, movieId: string, watchedAt: Millis) =>
  uuid5(JSON.stringify([userId, movieId, watchedAt]), playNamespace);

export const remind = lists.command({
  name: 'remind',
  route: 'PUT /v1/me/reminders/:movieId',
  summary: 'Remind me of a movie, with a note and at a time if there are any',
  role: roles.viewer,
  input: AboutMovie.extend({
    remindAt: Moment.nullable().default(null),
    note: WrittenText(500).nullable().default(null),
  }),
  example: { movieId: 'm37', remindAt: '2027-01-01T18:00:00.000Z', note: 'With Grace' },
  stream: ofCaller,
  part: movieOf,
  isThere: hasReminder,
  requires: [listedMovie],
  problems: [remindersFull],
  decide: ({ movieId, ...given }, { reminders, movie }, { userId, now }) => {
    const note = given.note === null ? null : personalText(given.note);
    const remindAt = given.remindAt === null ? null : Date.parse(given.remindAt);
    if (isDeepStrictEqual(movie.reminder, { note, remindAt })) return []; // The same again.
    if (!movie.reminder && reminders >= reminderLimit) {
      reject(remindersFull, `${reminderLimit} reminders is all that a list holds; remove one.`);
    }
    return [{ type: 'ReminderSet', data: { userId, movieId, note, remindAt, setAt: now } }];
  },
});

export const removeReminder = lists.command({
  name: 'remove-reminder',
  route: 'DELETE /v1/me/reminders/:movieId',
  summary: 'Take a reminder off my list',
  role: roles.viewer,
  input: AboutMovie,
  example: { movieId: 'm37' },
  stream: ofCaller,
  part: movieOf,
  isThere: hasReminder,
  requires: [knownMovie],
  decide: ({ movieId }, lists, context) => removal(movieId, lists, context, 'removed'),
});

function removal(
  movieId: string,
  { movie }: Lists,
  { userId, now: removedAt }: { userId: string; now: Millis },
  reason: 'removed' | 'watched',
): NewEvent<RemindersEvent>[] {
  if (!movie.reminder) return [];
  return [{ type: 'ReminderRemoved', data: { userId, movieId, reason, removedAt } }];
}

export const markWatched = lists.command({
  name: 'mark-watched',
  route: 'POST /v1/me/watched/:movieId',
  summary: 'I watched a movie, now or when I say; this clears its reminder',
  role: roles.viewer,
  input: AboutMovie.extend({
    watchedAt: Moment.refine(
      (text) => Date.parse(text) <= Date.now() + skewMs,
      'must not be in the future',
    ).optional(),
  }),
  example: { movieId: 'm55', watchedAt: '2026-01-02T20:15:00.000Z' },
  stream: ofCaller,
  part: movieOf,
  isThere: ({ movie }) => movie.playedAt.length > 0,
  requires: [knownMovie],
  problems: [watchedFull],
  decide: ({ movieId, ...given }, lists, context) => {
    const { userId, now } = context;
    const watchedAt = given.watchedAt === undefined ? now : Date.parse(given.watchedAt);
    if (lists.movie.playedAt.includes(watchedAt)) return []; // The same play again.
    if (lists.plays >= playLimit) {
      reject(watchedFull, `${playLimit} plays is all that a list holds; remove one.`);
    }
    const playId = playIdOf(userId, movieId, watchedAt);
    const data = { userId, movieId, playId, watchedAt, recordedAt: now };
    return [{ type: 'MovieWatched', data }, ...removal(movieId, lists, context, 'watched')];
  },
  created: ({ movieId, watchedAt }, { made, streamId: userId }) => {
    const known = watchedAt && playIdOf(userId, movieId, Date.parse(watchedAt));
    const playId = made ?? known;
    return playId ? { path: `/v1/me/watched/${movieId}/${playId}`, ids: { playId } } : null;
  },
  ids: { playId: PlayId },
});

const isOf =
  ({ movieId, playId }: { movieId: string; playId: string }, userId: string) =>
  (watchedAt: Millis) =>
    playIdOf(userId, movieId, watchedAt) === playId;

export const removeWatched = lists.command({
  name: 'remove-watched',
  route: 'DELETE /v1/me/watched/:movieId/:playId',
  summary: 'Take a play off my list',
  role: roles.viewer,
  input: AboutMovie.extend({ playId: PlayId }),
  example: { movieId: 'm55', playId: exampleIds.playId },
  stream: ofCaller,
  part: movieOf,
  isThere: ({ movie }, play, { userId }) => movie.playedAt.some(isOf(play, userId)),
  requires: [knownMovie],
  decide: ({ movieId, playId }, { movie }, { userId, now: removedAt }) =>
    movie.playedAt.filter(isOf({ movieId, playId }, userId)).map((watchedAt) => {
      const data = { userId, movieId, playId, watchedAt, removedAt };
      return { type: 'WatchRemoved', data };
    }),
});

export const listCommands = [markWatched, removeWatched, remind, removeReminder];
