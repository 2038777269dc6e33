import { type NewEvent, personalText } from '@event-sourced/kernel/event';
import { given } from '@event-sourced/kernel/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { MovieId } from '#schemas/ids.ts';
import { remindersFull, watchedFull } from '#schemas/reminders/problems.ts';
import { lists } from './lists.ts';
import { remind, removeReminder } from './reminders.ts';
import { markWatched, removeWatched } from './watching.ts';

type New = NewEvent<RemindersEvent>;

const about = { movieId: 'm12', userId: 'alice' };
const tonight = Date.parse('2026-03-01T20:00:00.000Z');
const set = (data: Partial<Extract<New, { type: 'ReminderSet' }>['data']> = {}): New => ({
  type: 'ReminderSet',
  data: {
    ...{ ...about, note: null, remindAt: null, setAt: 10, changedAt: null, batch: null },
    ...data,
  },
});
const removed = (reason: 'removed' | 'watched'): New => ({
  type: 'ReminderRemoved',
  data: { ...about, reason, removedAt: 30, changedAt: null },
});
const playId = '29b77b7d-352c-5273-a778-34233b79f54a';
const play = { ...about, playId, watchedAt: 20 };
const watched: New = { type: 'MovieWatched', data: { ...play, recordedAt: 20, batch: null } };
const unwatched: New = { type: 'WatchRemoved', data: { ...play, removedAt: 30 } };
const due: New = {
  type: 'ReminderDue',
  data: { ...about, remindAt: tonight, dueAt: tonight },
};
const note = personalText('With Noé\n\tand popcorn');
const m12 = { movieId: 'm12' };
const AboutMovie = z.object({ movieId: MovieId });

describe('remind', () => {
  it('done: a movie alone is enough', () =>
    given(lists, []).when(remind, m12, { now: 10 }).then([set()]));

  it('done: with a note and a time with any UTC offset', () =>
    given(lists, [])
      .when(
        remind,
        { ...m12, note: 'With Noé\n\tand popcorn', remindAt: '2026-03-01T21:00:00+01:00' },
        { now: 10 },
      )
      .then([set({ note, remindAt: tonight })]));

  it.each([
    ['another note', { note: 'Alone' }, set({ note: personalText('Alone'), setAt: 20 })],
    ['another time', { remindAt: new Date(5).toISOString() }, set({ remindAt: 5, setAt: 20 })],
    ['neither any more', {}, set({ setAt: 20 })],
  ])('done: %s is a new reminder', (_, wish, expected) =>
    given(lists, [set({ note, remindAt: tonight })])
      .when(remind, { ...m12, ...wish }, { now: 20 })
      .then([expected]),
  );

  it('unchanged: the same reminder again, also once it is due', () => {
    const wish = { ...m12, note: 'With Noé\n\tand popcorn', remindAt: '2026-03-01T20:00:00Z' };
    const events = [set({ note, remindAt: tonight })];
    given(lists, events).when(remind, wish).then([]);
    given(lists, [...events, due])
      .when(remind, wish)
      .then([]);
  });

  const full = Array.from({ length: 1_000 }, (_, at) => set({ movieId: `m${at}` }));

  it('rejected: the list holds a thousand reminders already', () =>
    given(lists, full).when(remind, { movieId: 'another' }).thenRejected(remindersFull));

  it('done: on a full list, reminders may be changed, and removed to make room', () => {
    given(lists, full)
      .when(remind, { movieId: 'm7', note: 'Soon' }, { now: 20 })
      .then([set({ movieId: 'm7', note: personalText('Soon'), setAt: 20 })]);
    given(lists, [...full, removed('removed')])
      .when(remind, { movieId: 'another' }, { now: 20 })
      .then([set({ movieId: 'another', setAt: 20 })]);
  });

  it('raced: of two different reminders of a movie, the later one wins', () =>
    given(lists, [set(), set({ remindAt: 5 })])
      .when(remind, m12, { now: 20 })
      .then([set({ setAt: 20 })]));

  it.each([
    ['a note of 501 characters', { note: 'n'.repeat(501) }],
    ['an empty note', { note: ' ' }],
    ['a note with a bell', { note: 'ding\u0007' }],
    ['a note with half a character', { note: '\ud83d' }],
    ['a time without an offset', { remindAt: '2026-03-01T20:00:00' }],
    ['a day that does not exist', { remindAt: '2026-02-30T20:00:00Z' }],
    ['a time of another year count', { remindAt: '9999-12-31T23:59:59-01:00' }],
    ['a number for a time', { remindAt: 5 }],
    ['what nobody asked for', { priority: 1 }],
  ])('rejected: %s', (_, wish) => {
    expect(remind.input.safeParse({ ...m12, ...wish }).success).toBe(false);
  });

  it('parses its own parsed input to the same, since other nodes get it parsed', () => {
    const wish = { ...m12, remindAt: '2026-03-01T21:00:00.1234+01:00', note: ' a ' };
    const read = remind.input.parse(wish);
    expect(read).toEqual({ ...m12, remindAt: '2026-03-01T20:00:00.123Z', note: 'a' });
    expect(remind.input.parse(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });
});

describe('remove-reminder', () => {
  it('done: the reminder is gone', () =>
    given(lists, [set()])
      .when(removeReminder, m12, { now: 30 })
      .then([removed('removed')]));

  it('done: a due reminder is gone as well', () =>
    given(lists, [set({ remindAt: tonight }), due])
      .when(removeReminder, m12, { now: 30 })
      .then([removed('removed')]));

  it('unchanged: there is no reminder of this movie', () =>
    given(lists, [set({ movieId: 'm1' })])
      .when(removeReminder, m12)
      .then([]));

  it('raced: watching the movie removed it before', () =>
    given(lists, [set(), watched, removed('watched')])
      .when(removeReminder, m12)
      .then([]));
});

describe('mark-watched', () => {
  it('done: now, if no time is given', () =>
    given(lists, []).when(markWatched, m12, { now: 20 }).then([watched]));

  it('done: at the given time, and each further time is another play', () =>
    given(lists, [watched])
      .when(markWatched, { ...m12, watchedAt: '1970-01-01T00:00:00.021Z' }, { now: 20 })
      .then([
        {
          type: 'MovieWatched',
          data: {
            ...play,
            playId: expect.not.stringMatching(playId),
            watchedAt: 21,
            recordedAt: 20,
            batch: null,
          },
        },
      ]));

  it('done: clears the reminder', () =>
    given(lists, [set()])
      .when(markWatched, { ...m12, watchedAt: '1970-01-01T01:00:00.020+01:00' }, { now: 30 })
      .then([{ ...watched, data: { ...play, recordedAt: 30, batch: null } }, removed('watched')]));

  it('done: leaves the reminders of other movies', () =>
    given(lists, [set({ movieId: 'm1' })])
      .when(markWatched, m12, { now: 20 })
      .then([watched]));

  it('unchanged: the same movie at the same time is the same play', () =>
    given(lists, [watched])
      .when(markWatched, { ...m12, watchedAt: '1970-01-01T00:00:00.020Z' })
      .then([]));

  it('done: other movies and other users have plays of their own', () => {
    const playOf = (userId: string, movieId: string) => {
      const [event] = markWatched.decide(AboutMovie.parse({ movieId }), lists.initial, {
        ...{ userId, roles: new Set(), now: 20, streamId: userId, nextNumber: 0 },
      });
      return lists.made?.({ ...event, meta: {} } as never);
    };
    expect(playOf('alice', 'm12')).toBe(playId);
    expect(new Set([playOf('alice', 'm1'), playOf('bob', 'm12'), playId]).size).toBe(3);
  });

  it('rejected: the list holds twenty thousand plays already', () => {
    const full = {
      ...lists,
      initial: {
        ...{ reminders: 0, plays: 20_000 },
        movie: {
          ...lists.initial.movie,
          playedAt: Array.from({ length: 20_000 }, (_, at) => -at),
        },
      },
    };
    given(full, []).when(markWatched, m12).thenRejected(watchedFull);
    given(full, [])
      .when(markWatched, { ...m12, watchedAt: new Date(-7).toISOString() })
      .then([]);
    given(full, [{ type: 'WatchRemoved', data: { ...play, watchedAt: -7, removedAt: 1 } }])
      .when(markWatched, m12, { now: 20 })
      .then([watched]);
  });

  it('rejected: a time in the future, beyond a client’s clock skew', () => {
    const parsed = (aheadMs: number) =>
      markWatched.input.safeParse({
        ...m12,
        watchedAt: new Date(Date.now() + aheadMs).toISOString(),
      });
    expect(parsed(120_000).error?.issues).toMatchObject([
      { path: ['watchedAt'], message: 'must not be in the future' },
    ]);
    expect(parsed(10_000).success).toBe(true);
  });

  it('names the play that it made or found', () => {
    const { created, input } = markWatched;
    const outcome = { types: [], streamId: 'alice', made: null };
    const named = { path: `/v1/me/watched/m12/${playId}`, ids: { playId } };
    expect(created?.(input.parse(m12), { ...outcome, made: playId })).toEqual(named);
    const again = input.parse({ ...m12, watchedAt: new Date(20).toISOString() });
    expect(created?.(again, outcome)).toEqual(named);
    expect(created?.(input.parse(m12), outcome)).toBeNull();
  });
});

describe('remove-watched', () => {
  it('done: only the named play is gone', () => {
    const other: New = {
      type: 'MovieWatched',
      data: { ...play, playId: 'other', watchedAt: 21, recordedAt: 21, batch: null },
    };
    const history = given(lists, [watched, other]);
    history.when(removeWatched, { ...m12, playId }, { now: 30 }).then([unwatched]);
    const { movie } = given(lists, [watched, other, unwatched]).state as typeof lists.initial;
    expect(movie.playedAt).toEqual([21]);
  });

  it('done: with an id in upper or lower case', () =>
    given(lists, [watched])
      .when(removeWatched, { ...m12, playId: playId.toUpperCase() }, { now: 30 })
      .then([unwatched]));

  it('unchanged: the play is of another movie, unknown, or gone already', () => {
    const wish = { ...m12, playId };
    given(lists, [watched])
      .when(removeWatched, { ...wish, movieId: 'm1' })
      .then([]);
    given(lists, []).when(removeWatched, wish).then([]);
    given(lists, [watched, unwatched]).when(removeWatched, wish).then([]);
  });

  it('raced: done again after the same play was made again', () =>
    given(lists, [watched, unwatched, watched])
      .when(removeWatched, { ...m12, playId }, { now: 30 })
      .then([unwatched]));
});

it('entries that were added and removed leave nothing behind but the time of that', () => {
  const history = [set(), due, watched, removed('watched'), unwatched];
  const movie = { ...lists.initial.movie, changedAt: 30, removed: [{ watchedAt: 20, at: 30 }] };
  expect(given(lists, history).state).toEqual({ ...lists.initial, movie });
});

it('deciding twice changes nothing, in every state', () => {
  const history = fc.array(
    fc.constantFrom(
      set(),
      set({ note, remindAt: tonight }),
      due,
      removed('removed'),
      watched,
      unwatched,
    ),
    { maxLength: 8 },
  );
  const watchedAt = new Date(20).toISOString();
  const wish = fc.constantFrom(
    () => [remind, m12] as const,
    () => [remind, { ...m12, note: 'Alone', remindAt: '2026-03-01T20:00:00Z' }] as const,
    () => [removeReminder, m12] as const,
    () => [markWatched, { ...m12, watchedAt }] as const,
    () => [removeWatched, { ...m12, playId }] as const,
  );
  fc.assert(
    fc.property(history, wish, (events, wish) => {
      const [command, input] = wish();
      given(lists, events).when(command, input).thenTwiceIsOnce();
    }),
  );
});
