import { batch, reject } from '@event-sourced/kernel/aggregate';
import { Moment, type NewEvent, personalText, sameText } from '@event-sourced/kernel/event';
import { ChangedAt, itemOutdated } from '#schemas/changed-at.ts';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { remindersFull } from '#schemas/reminders/problems.ts';
import { roles } from '#schemas/roles.ts';
import { WrittenText } from '#schemas/written-text.ts';
import { changedAfter } from '../changed-at.ts';
import { knownMovie, listedMovie } from '../known-movie.ts';
import { ofCaller } from '../own-stream.ts';
import {
  AboutMovie,
  answered,
  type Deciding,
  type Lists,
  lists,
  movieOf,
  removal,
} from './lists.ts';

/** The movies that a user wants to see. */

const reminderLimit = 1_000;

const hasNote = ({ note }: Reminded) => note !== null;

const hasReminder = ({ movie }: Lists) => movie.reminder !== null;

type Reminded = {
  movieId: string;
  remindAt: string | null;
  note: string | null;
  changedAt?: string | undefined;
};

function setReminder(
  { movieId, ...given }: Reminded,
  { reminders, movie }: Lists,
  { userId, now }: Deciding,
): NewEvent<RemindersEvent>[] {
  const remindAt = given.remindAt === null ? null : Date.parse(given.remindAt);
  const { reminder } = movie;
  const isSame = reminder?.remindAt === remindAt && sameText(reminder.note, given.note);
  if (isSame) return [];
  const changedAt = changedAfter(given.changedAt, movie.changedAt, now);
  if (!movie.reminder && reminders >= reminderLimit) {
    reject(remindersFull, `${reminderLimit} reminders is all that a list holds; remove one.`);
  }
  const note = given.note === null ? null : personalText(given.note);
  const data = { userId, movieId, note, remindAt, setAt: now, changedAt, batch: null };
  return [{ type: 'ReminderSet', data }];
}

const Reminded = AboutMovie.extend({
  remindAt: Moment.nullable().default(null),
  note: WrittenText(500).nullable().default(null),
});

export const remind = lists.command({
  name: 'remind',
  route: 'PUT /v1/me/reminders/:movieId',
  summary: 'Remind me of a movie, with a note and at a time if there are any',
  role: roles.viewer,
  input: Reminded,
  example: { movieId: 'm37', remindAt: '2026-01-01T18:00:00.000Z', note: 'With Grace' },
  writesText: hasNote,
  stream: ofCaller,
  part: movieOf,
  isThere: hasReminder,
  requires: [listedMovie],
  problems: [remindersFull],
  decide: setReminder,
});

export const remindBatch = batch({
  name: 'remind-batch',
  route: 'POST /v1/me/reminders\\:batch',
  summary: 'Remind me of many movies',
  example: {
    items: [
      { movieId: 'm38', note: 'With Grace', changedAt: '2026-11-01T20:15:00.000Z' },
      { movieId: 'm38' },
      { movieId: 'no-such-movie' },
    ],
  },
  item: lists.command({
    name: 'remind-in-batch',
    route: null,
    role: roles.viewer,
    input: Reminded.extend({ changedAt: ChangedAt }),
    writesText: hasNote,
    stream: ofCaller,
    part: movieOf,
    requires: [listedMovie],
    problems: [remindersFull, itemOutdated],
    decide: setReminder,
  }),
  same: movieOf,
  answered,
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

export const reminderCommands = [remind, removeReminder];
