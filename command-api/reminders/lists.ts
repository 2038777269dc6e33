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

/** One user's lists: movies to watch, and movies watched, with the time of each play. */
type Lists = { reminders: readonly Reminder[]; watched: readonly Watched[] };
type Reminder = { movieId: string; note: PersonalText | null; remindAt: Millis | null };
/** The plays of one movie: a list may hold many plays, but names each movie once. */
type Watched = { movieId: string; at: readonly Millis[] };

function evolve({ reminders, watched }: Lists, { type, data }: RemindersEvent): Lists {
  const { movieId } = data;
  switch (type) {
    case 'ReminderSet': {
      const { note, remindAt } = data;
      return { watched, reminders: [...without(movieId, reminders), { movieId, note, remindAt }] };
    }
    case 'ReminderRemoved':
      return { watched, reminders: without(movieId, reminders) };
    case 'ReminderDue':
      return { watched, reminders }; // A due reminder stays until removed or its movie is watched.
    case 'MovieWatched': {
      const at = [...timesOf(movieId, watched), data.watchedAt];
      return { reminders, watched: withTimes(at, movieId, watched) };
    }
    case 'WatchRemoved': {
      const at = timesOf(movieId, watched).filter((time) => time !== data.watchedAt);
      return { reminders, watched: withTimes(at, movieId, watched) };
    }
  }
}

const without = (movieId: string, reminders: readonly Reminder[]) =>
  reminders.filter((reminder) => reminder.movieId !== movieId);

const timesOf = (movieId: string, watched: readonly Watched[]) =>
  watched.find((one) => one.movieId === movieId)?.at ?? [];

function withTimes(at: readonly Millis[], movieId: string, watched: readonly Watched[]) {
  const index = watched.findIndex((one) => one.movieId === movieId);
  if (index === -1) return at.length > 0 ? [...watched, { movieId, at }] : watched;
  return at.length > 0 ? watched.with(index, { movieId, at }) : watched.toSpliced(index, 1);
}

export const lists = aggregate<Lists, RemindersEvent>({
  topic: 'reminders',
  stateVersion: 2,
  initial: { reminders: [], watched: [] },
  evolve,
  made: (event) => (event.type === 'MovieWatched' ? event.data.playId : null),
});

const reminderLimit = 1_000;
const playLimit = 20_000;
/** How far a client's clock may be ahead. */
const skewMs = 60_000;

const AboutMovie = z.strictObject({ movieId: MovieId });

const ofCaller = (_: unknown, { userId }: Caller) => ({ key: userId, id: userId });

const playNamespace = '5b1f6a0d-2b7e-5f43-8c1a-94e0d3a7c6f2';

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
  requires: [listedMovie],
  problems: [remindersFull],
  decide: ({ movieId, ...given }, { reminders }, { userId, now }) => {
    const note = given.note === null ? null : personalText(given.note);
    const remindAt = given.remindAt === null ? null : Date.parse(given.remindAt);
    const known = reminders.find((reminder) => reminder.movieId === movieId);
    if (isDeepStrictEqual(known, { movieId, note, remindAt })) return []; // The same again.
    if (!known && reminders.length >= reminderLimit) {
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
  requires: [knownMovie],
  decide: ({ movieId }, lists, context) => removal(movieId, lists, context, 'removed'),
});

function removal(
  movieId: string,
  { reminders }: Lists,
  { userId, now: removedAt }: { userId: string; now: Millis },
  reason: 'removed' | 'watched',
): NewEvent<RemindersEvent>[] {
  if (!reminders.some((reminder) => reminder.movieId === movieId)) return [];
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
  requires: [knownMovie],
  problems: [watchedFull],
  decide: ({ movieId, ...given }, lists, context) => {
    const { userId, now } = context;
    const watchedAt = given.watchedAt === undefined ? now : Date.parse(given.watchedAt);
    if (timesOf(movieId, lists.watched).includes(watchedAt)) return []; // The same play again.
    if (lists.watched.reduce((plays, { at }) => plays + at.length, 0) >= playLimit) {
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

export const removeWatched = lists.command({
  name: 'remove-watched',
  route: 'DELETE /v1/me/watched/:movieId/:playId',
  summary: 'Take a play off my list',
  role: roles.viewer,
  input: AboutMovie.extend({ playId: PlayId }),
  example: { movieId: 'm55', playId: exampleIds.playId },
  stream: ofCaller,
  requires: [knownMovie],
  decide: ({ movieId, playId }, { watched }, { userId, now: removedAt }) =>
    timesOf(movieId, watched)
      .filter((watchedAt) => playIdOf(userId, movieId, watchedAt) === playId)
      .map((watchedAt) => {
        const data = { userId, movieId, playId, watchedAt, removedAt };
        return { type: 'WatchRemoved', data };
      }),
});

export const listCommands = [markWatched, removeWatched, remind, removeReminder];
