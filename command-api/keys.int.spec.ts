import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { type Answer, type Asked, ask, type Done, doneOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** A command with a key is done once, even if the API is killed or its cached state is lost. */

const mongo = new MongoClient(inject('stack').mongo);
let system: System;
let api: Service;
let log: CommittedEvents;
let alice: Record<string, string>;

beforeAll(async () => {
  system = await startSystem('keys');
  api = await startApi();
  log = await committedEvents(system);
  alice = await system.as('alice', 'viewer', 'catalogue');
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
  await mongo.close();
});

const startApi = () => system.start('command-api', { ADVERTISED_URL: 'https://movies.example' });
const send = (route: string, { body, headers }: Asked = {}) =>
  ask<Done>(api.url, route, { body, headers: { ...alice, ...headers } });
const keyed = (key: string) => ({ 'idempotency-key': key });
const writeState = () => mongo.db(system.settings.MONGO_DATABASE).collection('write_state');

/** The parts of an answer that must be equal when it is repeated. */
const shown = ({ status, headers, body }: Answer<Done>) => ({
  ...{ status, body, etag: headers.get('etag'), location: headers.get('location') },
});

/** Commands of every kind, on more streams than there are lanes. */
const commands = Array.from({ length: 12 }, (_, index) => {
  const movieId = `m${index}`;
  return [
    { route: `PUT /v1/movies/${movieId}`, body: up, headers: keyed(`add ${index}`) },
    {
      route: `PUT /v1/movies/${movieId}/vote`,
      body: { vote: 'like' },
      headers: keyed(`vote ${index}`),
    },
    { route: `DELETE /v1/movies/${movieId}/vote`, headers: keyed(`retract ${index}`) },
    { route: `DELETE /v1/movies/${movieId}`, headers: keyed(`retire ${index}`) },
  ];
});

let firstAnswers: object[][];
const sendAll = () =>
  Promise.all(
    commands.map(async (inTurn) => {
      const answers: object[] = [];
      for (const asked of inTurn) answers.push(shown(await send(asked.route, asked)));
      return answers;
    }),
  );

/** Repeats every command: each gets its first answer, and no event is appended. */
async function expectFirstAnswers(): Promise<void> {
  const appended = await log.during(async () => {
    expect(await sendAll()).toEqual(firstAnswers);
  });
  expect(appended).toEqual([]);
}

it('a key sent 20 times at once: one event, and one answer for all', async () => {
  const movieId = 'once';
  const asked = { body: up, headers: keyed('one key') };
  const appended = await log.during(async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(`PUT /v1/movies/${movieId}`, asked)),
    );
    const [first, ...others] = answers.map(shown);
    expect(first).toMatchObject({ status: 201, body: { events: ['MovieAdded'], version: 1 } });
    for (const other of others) expect(other).toEqual(first);
  });
  expect(appended.map(({ type }) => type)).toEqual(['MovieAdded']);
});

it('a key whose command changed nothing is decided again', async () => {
  await send('PUT /v1/movies/again', { body: up });
  const asked = { body: up, headers: keyed('changes nothing') };
  doneOf(await send('PUT /v1/movies/again', asked), { unchanged: true });
  doneOf(await send('PUT /v1/movies/again', { body: { ...up, rating: 1 } }), { version: 2 });
  doneOf(await send('PUT /v1/movies/again', asked), { version: 3, unchanged: false });
});

it('a stream remembers 64 keys', async () => {
  const rate = (rating: number) =>
    send('PUT /v1/movies/often', { body: { ...up, rating }, headers: keyed(`rate ${rating}`) });
  for (let change = 1; change <= 64; change += 1) doneOf(await rate(change / 10));
  const appended = await log.during(async () => {
    for (const rating of [0.1, 3, 6.4]) {
      doneOf(await rate(rating), { version: Math.round(rating * 10), unchanged: false });
    }
  });
  expect(appended).toEqual([]);
});

describe('a command that was done gets its first answer, and appends nothing,', () => {
  beforeAll(async () => {
    firstAnswers = await sendAll();
  });

  it('when it is repeated', expectFirstAnswers);

  it('and is told that it is a repeat', async () => {
    const { route, ...asked } = commands[0]![1]!;
    expect((await send(route, asked)).headers.get('idempotent-replayed')).toBe('true');
    for (const other of [keyed('a new key'), {}]) {
      const { headers } = await send(route, { ...asked, headers: other });
      expect(headers.has('idempotent-replayed')).toBe(false);
    }
  });

  it('after kill -9 of the API', async () => {
    await api.end('SIGKILL');
    api = await startApi();
    await expectFirstAnswers();
  });

  it('after write_state was dropped while the API ran', async () => {
    await writeState().drop();
    await expectFirstAnswers();
    // The next flush finds that the cache is gone, and the cache is built anew from the log.
    for (let index = 0; index < 12; index += 1) {
      doneOf(await send(`PUT /v1/movies/new${index}`, { body: up }), { version: 1 });
    }
    const lanes = Number(system.settings.LANES);
    await until(
      async () => (await writeState().countDocuments({ cacheId: { $exists: true } })) === lanes,
    );
    await expectFirstAnswers();
  });

  it('after write_state was dropped while the API was stopped', async () => {
    expect(await api.end()).toBe(0);
    await writeState().drop();
    api = await startApi();
    await expectFirstAnswers();
  });
});
