import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '#kernel/event.ts';
import type { BatchAnswer } from '#kernel/http/batch-routes.ts';
import type { MovieWatched } from '#schemas/generated/events.ts';
import { type Asked, ask, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { fillReminders } from '#tests/filled-lists.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Many items in one request: votes, reminders and plays. */

let system: System;
let api: Service;
let log: CommittedEvents;
let catalogue: { authorization: string };
let user: string;
let me: { authorization: string };

const movies = Array.from({ length: 12 }, (_, n) => `m${n}`);

beforeAll(async () => {
  system = await startSystem('batches');
  await fillReminders(system, 'full', 999);
  api = await system.start('command-api', { RATE_LIMIT_PER_USER: '60' });
  log = await committedEvents(system);
  const put = async (movieId: string, n: number) => {
    catalogue = await system.as(`catalogue-${n}`, 'catalogue');
    const asked = { body: up, headers: catalogue };
    doneOf(await ask(api.url, `PUT /v1/movies/${movieId}`, asked));
  };
  await Promise.all([...movies, 'retired', 'new', 'newer'].map(put));
  doneOf(await ask(api.url, 'DELETE /v1/movies/retired', { headers: catalogue }));
});
afterAll(async () => {
  await log?.close();
  await system?.stop();
});
beforeEach(async () => {
  user = `user-${randomUUID().slice(0, 8)}`;
  me = await system.as(user, 'viewer');
});

type List = 'votes' | 'reminders' | 'watched';
const send = <Body = BatchAnswer>(list: List, items: unknown, more: Asked['headers'] = {}) => {
  const headers = { 'idempotency-key': randomUUID(), ...me, ...more };
  return ask<Body>(api.url, `POST /v1/me/${list}:batch`, { body: { items }, headers });
};
const single = (route: string, body?: object) =>
  ask(api.url, route, { body, headers: { ...me, 'idempotency-key': randomUUID() } });

async function told(list: List, items: unknown, more: Asked['headers'] = {}) {
  const { status, body, headers } = await send(list, items, more);
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(headers.get('consistency-token')).toBe(body.token);
  const { token, ...answer } = body;
  return answer;
}

const like = (movieId: string, more: object = {}) => ({ movieId, vote: 'like', ...more });
const dislike = (movieId: string, more: object = {}) => ({ movieId, vote: 'dislike', ...more });
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

describe('any batch', () => {
  it.each([
    ['votes', like],
    ['reminders', (movieId: string) => ({ movieId })],
    ['watched', (movieId: string) => ({ movieId, watchedAt: '2026-01-01T00:00:00Z' })],
  ] as const)('of %s tells what was added, existed and was rejected', async (list, itemOf) => {
    const item = (movieId: string) => itemOf(movieId);
    const first = movies.slice(0, 6).map(item);
    expect(await told(list, first)).toEqual({ added: 6, existing: 0, rejected: [] });
    const items = [...movies.map(item), item('nowhere'), item('m3'), item('retired')];
    const rejected = [
      { index: 12, code: 'movie-unknown' },
      { index: 13, code: 'duplicate-item' },
      ...(list === 'watched' ? [] : [{ index: 14, code: 'movie-retired' }]),
    ];
    const added = list === 'watched' ? 7 : 6;
    expect(await told(list, items)).toEqual({ added, existing: 6, rejected });
  });

  it.each(['votes', 'reminders', 'watched'] as const)(
    'of %s whose first item is rejected does the others, and one may reject all',
    async (list) => {
      const item = (movieId: string) => (list === 'votes' ? like(movieId) : { movieId });
      const rejected = [{ index: 0, code: 'movie-unknown' }];
      const nothing = { added: 0, existing: 0, rejected };
      expect(await told(list, [item('nowhere')])).toEqual(nothing);
      expect(await told(list, [item('nowhere'), item('m1')])).toEqual({ ...nothing, added: 1 });
    },
  );

  it.each(['votes', 'reminders', 'watched'] as const)(
    'of %s with the same key again gets the first answer, and appends nothing',
    async (list) => {
      const key = { 'idempotency-key': `twice ${list}` };
      const item = list === 'votes' ? like : (movieId: string) => ({ movieId });
      expect(await told(list, [item('m0')])).toMatchObject({ added: 1 });
      const extra = list === 'watched' ? {} : { changedAt: ago(3_600) };
      const items = [item('m1'), { ...item('m0'), ...extra }, item('nowhere'), item('m2')];
      const first = await told(list, items, key);
      const wanted = list === 'watched' ? { added: 3, existing: 0 } : { added: 2, existing: 1 };
      expect(first).toEqual({ ...wanted, rejected: [{ index: 2, code: 'movie-unknown' }] });
      const appended = await log.during(async () => {
        expect(await told(list, items, key)).toEqual(first);
        await single('DELETE /v1/movies/m1/vote');
        await single('DELETE /v1/me/reminders/m1');
        expect(await told(list, items, key)).toEqual(first);
      });
      expect(appended.length).toBeLessThanOrEqual(1);
    },
  );

  it('of votes with the same key again decides anew what changed nothing', async () => {
    const key = { 'idempotency-key': 'late' };
    const movieId = `late-${user}`;
    const sure = { 'idempotency-key': 'late, with times' };
    const timed = [like('m0', { changedAt: ago(1) })];
    await told('votes', [like('m0')]);
    const items = [like('m0'), like(movieId), like('m1')];
    const rejected = [{ index: 1, code: 'movie-unknown' }];
    expect(await told('votes', items, key)).toEqual({ added: 1, existing: 1, rejected });
    expect(await told('votes', timed, sure)).toEqual({ added: 0, existing: 1, rejected: [] });
    doneOf(await single('PUT /v1/movies/m0/vote', { vote: 'dislike' }));
    doneOf(await ask(api.url, `PUT /v1/movies/${movieId}`, { body: up, headers: catalogue }));
    const outdated = [{ index: 0, code: 'item-outdated' }];
    expect(await told('votes', timed, sure)).toEqual({ added: 0, existing: 0, rejected: outdated });
    expect(await told('votes', items, key)).toEqual({ added: 3, existing: 0, rejected: [] });
    const votes = (await log.of(`ranking/m0/${user}`)).map(({ data }) => data);
    expect(votes).toMatchObject([{ vote: 'like' }, { vote: 'dislike' }, { vote: 'like' }]);
  });

  it.each([
    ['reminders', (movieId: string) => ({ movieId })],
    ['watched', (movieId: string) => ({ movieId, watchedAt: '2026-01-02T00:00:00Z' })],
  ] as const)(
    'of %s with the same key again decides anew if nothing was added',
    async (list, item) => {
      const key = { 'idempotency-key': `late ${list}` };
      const movieId = `late-${list}-${user}`;
      await told(list, [item('m0')]);
      const items = [item('m0'), item(movieId)];
      const rejected = [{ index: 1, code: 'movie-unknown' }];
      expect(await told(list, items, key)).toEqual({ added: 0, existing: 1, rejected });
      doneOf(await ask(api.url, `PUT /v1/movies/${movieId}`, { body: up, headers: catalogue }));
      const first = { added: 1, existing: 1, rejected: [] };
      expect(await told(list, items, key)).toEqual(first);
      await told(list, [item('m1')]);
      expect(await told(list, items, key)).toEqual(first);
    },
  );

  it.each(['votes', 'reminders', 'watched'] as const)(
    'of %s with the same key and another body is refused',
    async (list) => {
      const key = { 'idempotency-key': `other ${list}` };
      const item = list === 'votes' ? like : (movieId: string) => ({ movieId });
      await told(list, [item('m0'), item('m1')], key);
      const appended = await log.during(async () => {
        problemOf(await send(list, [item('m1'), item('m0')], key), 'key-reused');
        problemOf(await send(list, [item('m0')], key), 'key-reused');
      });
      expect(appended).toEqual([]);
    },
  );

  it('is refused as a whole for what is malformed in it', async () => {
    const refused = async (list: List, items: unknown, path: string) => {
      const { errors } = problemOf(await send(list, items), 'invalid-input');
      expect(errors?.map((one) => one.path)).toEqual([path]);
    };
    const appended = await log.during(async () => {
      await refused('votes', [like('m0'), { movieId: 'm1', vote: 'none' }], 'items.1.vote');
      await refused('votes', [like('m0', { more: 1 })], 'items.0.more');
      await refused('votes', [], 'items');
      await refused('votes', 'm0', 'items');
      await refused(
        'votes',
        Array.from({ length: 501 }, (_, n) => like(`m${n}`)),
        'items',
      );
      for (const list of ['votes', 'reminders', 'watched'] as const) {
        const item = list === 'votes' ? like('m0') : { movieId: 'm0' };
        const ahead = [{ ...item, changedAt: new Date(Date.now() + 120_000).toISOString() }];
        await refused(list, ahead, 'items.0.changedAt');
      }
      problemOf(await send('votes', [like('m0')], { 'if-match': '"1"' }), 'invalid-input');
    });
    expect(appended).toEqual([]);
    const long = Array.from({ length: 300 }, (_, n) => ({
      movieId: `m${n}`,
      note: 'x'.repeat(900),
    }));
    problemOf(await send('reminders', long), 'body-too-large');
    const post = { body: { items: [like('m0')] }, headers: me };
    problemOf(await ask(api.url, 'POST /v1/me/votes:batch', post), 'idempotency-key-required');
  });

  it('counts as a request for each 25 items begun', async () => {
    const left = async (count: number) => {
      const items = Array.from({ length: count }, (_, n) => like(`none-${n}`));
      const { headers } = await send('votes', items);
      return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    expect(await left(1)).toBe(59);
    expect(await left(25)).toBe(58);
    expect(await left(26)).toBe(56);
    expect(await left(500)).toBe(36);
    await left(500);
    const items = Array.from({ length: 500 }, (_, n) => like(`none-${n}`));
    problemOf(await send('votes', items), 'rate-limited');
  });
});

describe('changedAt', () => {
  const outdated = { added: 0, existing: 0, rejected: [{ index: 0, code: 'item-outdated' }] };
  const added = { added: 1, existing: 0, rejected: [] };
  const [old, same, newer] = [ago(300), ago(200), ago(100)];

  it('of a vote: older and equal ones are outdated, a newer one is cast', async () => {
    expect(await told('votes', [like('m0', { changedAt: same })])).toEqual(added);
    expect(await told('votes', [dislike('m0', { changedAt: old })])).toEqual(outdated);
    expect(await told('votes', [dislike('m0', { changedAt: same })])).toEqual(outdated);
    expect(await told('votes', [like('m0', { changedAt: newer })])).toMatchObject({ existing: 1 });
    expect(await told('votes', [dislike('m0', { changedAt: newer })])).toEqual(added);
    const [first, second] = await log.of(`ranking/m0/${user}`);
    expect(first?.data).toMatchObject({ vote: 'like', changedAt: Date.parse(same) });
    expect(second?.data).toMatchObject({ vote: 'dislike', changedAt: Date.parse(newer) });
  });

  it('of a vote: what was cast or taken back without one counts as changed then', async () => {
    doneOf(await single('PUT /v1/movies/m0/vote', { vote: 'like' }));
    expect(await told('votes', [dislike('m0', { changedAt: newer })])).toEqual(outdated);
    doneOf(await single('DELETE /v1/movies/m0/vote'));
    expect(await told('votes', [like('m0', { changedAt: newer })])).toEqual(outdated);
    expect(await told('votes', [like('m0')])).toEqual(added);
  });

  it('of a reminder: the same', async () => {
    const item = (changedAt: string, note: string) => [{ movieId: 'm0', note, changedAt }];
    expect(await told('reminders', item(same, 'a'))).toEqual(added);
    expect(await told('reminders', item(old, 'b'))).toEqual(outdated);
    expect(await told('reminders', item(same, 'b'))).toEqual(outdated);
    expect(await told('reminders', item(newer, 'b'))).toEqual(added);
    doneOf(await single('DELETE /v1/me/reminders/m0'));
    expect(await told('reminders', item(newer, 'c'))).toEqual(outdated);
  });

  it('of a play: one that was removed later stays so', async () => {
    const play = (changedAt?: string) => [{ movieId: 'm0', watchedAt: old, changedAt }];
    expect(await told('watched', play(newer))).toEqual(added);
    const [event] = await log.of(`reminders/${user}`);
    const { playId } = (event as Event<string, MovieWatched>).data;
    doneOf(await single(`DELETE /v1/me/watched/m0/${playId}`));
    expect(await told('watched', play(newer))).toEqual(outdated);
    expect(await told('watched', play())).toEqual(added);
  });

  it('of a play: a reminder that was set later stays', async () => {
    const remind = [{ movieId: 'm0', changedAt: same }];
    const watch = (watchedAt: string, changedAt: string) =>
      told('watched', [{ movieId: 'm0', watchedAt, changedAt }]);
    expect(await told('reminders', remind)).toEqual(added);
    const types = async () => (await log.of(`reminders/${user}`)).map(({ type }) => type);
    await watch(old, old);
    expect(await types()).toEqual(['ReminderSet', 'MovieWatched']);
    await watch(newer, newer);
    expect((await types()).slice(2)).toEqual(['MovieWatched', 'ReminderRemoved']);
  });
});

describe('a list', () => {
  it('takes items until it is full', async () => {
    me = await system.as('full', 'viewer');
    const items = [{ movieId: 'm10', note: 'Soon' }, { movieId: 'new' }, { movieId: 'newer' }];
    const rejected = [{ index: 2, code: 'reminders-full' }];
    expect(await told('reminders', items)).toEqual({ added: 2, existing: 0, rejected });
  });

  it('takes five hundred plays as one command, in one set of events', async () => {
    const items = Array.from({ length: 500 }, (_, n) => ({
      movieId: movies[n % 12],
      watchedAt: new Date(n * 86_400_000).toISOString(),
    }));
    const key = { 'idempotency-key': 'five hundred' };
    const first = await told('watched', items, key);
    expect(first).toEqual({ added: 500, existing: 0, rejected: [] });
    const events = await log.of(`reminders/${user}`);
    expect(events).toHaveLength(500);
    expect(new Set(events.map(({ meta }) => meta.commandid)).size).toBe(1);
    expect(events.map(({ meta }) => meta.sequence)).toEqual(events.map((_, n) => n + 1));
    expect(await told('watched', items, key)).toEqual(first);
    doneOf(await single('POST /v1/me/watched/m1', {}), { version: 501 });
  });
});
