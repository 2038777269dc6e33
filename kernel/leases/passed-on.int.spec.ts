import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, inject, it } from 'vitest';
import { z } from 'zod';
import { aggregate, type Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { type Codec, openCodec } from '../codec/codec.ts';
import { type Event, eventId } from '../event.ts';
import { laneOf } from '../log/lane-of.ts';
import type { Log } from '../log/log.ts';
import { projection } from '../projection.ts';
import { startProjectors } from '../projector/runner.ts';
import { startReactors } from '../reactor/runner.ts';
import { type CommandClient, reactor, TryAgainError } from '../reactor.ts';
import { type ParcelsEvent, parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { until } from '../testing/until.ts';
import { view } from '../view.ts';
import { defaultWriterLimits, type Lanes, openLanes } from '../writer/lanes.ts';
import { request } from '../writer/request.ts';
import { DatabaseClock } from './database-clock.ts';
import { newMember } from './leases.ts';

/** Two processes share four lanes, and one of them can't work any. */

const lanes = 4;
const candidates = Array.from({ length: 100 }, (_, at) => `k${at}`);
/** A key for each lane. */
const keys = Array.from({ length: lanes }, (_, lane) => {
  return candidates.find((key) => laneOf(key, lanes) === lane) as string;
});

const counter = aggregate<number, Event>({
  ...{ topic: 'parcels', stateVersion: 1, initial: 0, evolve: (count: number) => count + 1 },
});
const count = counter.command({
  name: 'count',
  route: null,
  role: operator,
  input: z.object({ key: z.string() }),
  stream: ({ key }: { key: string }) => ({ key, id: key }),
  decide: () => [{ type: 'ParcelScanned', data: parcelExamples.ParcelScanned.data }],
}) as Command;

const asked = (key: string) =>
  request(
    count,
    { key },
    { userId: 'alice', roles: new Set() },
    {
      idempotencyKey: randomUUID(),
      expectedVersion: null,
      trace: { correlationid: 'c', causationid: null, traceparent: '' },
    },
  );

const countedView = view<{ _id: string; events: number }>({
  ...{ name: 'counted', version: 1, topics: ['parcels'], indexes: [] },
});
const counted = projection<ParcelsEvent>()({
  view: countedView,
  id: ({ meta }) => meta.subject,
  when: {
    ParcelScanned: (before, { meta }) => ({
      ...{ _id: meta.subject, events: (before?.events ?? 0) + 1 },
    }),
  },
});

const counting = reactor<ParcelsEvent>({
  ...{ name: 'counting', topic: 'parcels', roles: [] },
  when: { ParcelScanned: () => ({ POST: '/v1/counts' }) },
});
const unanswered: CommandClient = {
  send: () => Promise.reject(new TryAgainError('no answer')),
};

let world: TestLog;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await openTestLog({ label: 'passed-on', lanes, schemas: parcelSchemas });
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(() => world.close());

/** The codec of older code, which doesn't know the events. */
const older = () =>
  openCodec({
    ...{ registryUrl: inject('stack').schemaRegistry, topicPrefix: world.prefix },
    schemas: parcelSchemas.filter(({ type }) => type !== 'ParcelScanned'),
  });

const never = new Promise<never>(() => {});

/** The log of a process that the broker gives no answer. */
const cutOff = (log: Log): Log => ({
  ...log,
  producer: () => never,
  reader: () => ({
    subscribe: () => ({ isFailing: true, take: () => never, close: async () => {} }),
    close: async () => {},
  }),
});

type Parts = { log?: Log; codec?: Codec };

const write = async (url: string, parts: Parts = {}): Promise<Lanes> => {
  const { client, database, log, codec, prefix } = world;
  const opened = await openLanes({
    ...{ client, database, log, codec, prefix, aggregates: [counter], lanes, ...parts },
    ...{ limits: defaultWriterLimits, source: '/parcels', leaseTtlMs: 1_000 },
    ...{ member: newMember(url), onWarning: () => undefined },
  });
  closing.push(() => opened.close());
  return opened;
};

const openIn = (writer: Lanes) => writer.status().flatMap(({ lane, open }) => (open ? lane : []));
const onlyOwner = () => Promise.reject(new Error('There should be no other owner.'));

/** How many lanes of a role a member holds by the table. */
const heldBy = (role: string, url: string): Promise<number> =>
  world.db.collection('leases').countDocuments({ role, url });

describe('lanes that a process can’t work', () => {
  it.each([
    ['has older code', async () => ({ codec: await older() })],
    ['gets no answer from their broker', async () => ({ log: cutOff(world.log) })],
  ])('are written by another, beyond its share, if the first %s', async (_, parts) => {
    const healthy = await write('http://healthy');
    await until(() => openIn(healthy).length === lanes);
    for (const key of keys) await healthy.submit(asked(key), onlyOwner);
    await write('http://failing', await parts());
    await until(async () => (await heldBy('node-writer', 'http://failing')) > 0);
    await until(() => openIn(healthy).length < lanes);
    await until(() => openIn(healthy).length === lanes, { limitMs: 12_000 });
    for (const key of keys) await healthy.submit(asked(key), onlyOwner);
  });

  it('are projected by another, if the first gets no answer from their broker', async () => {
    const { client, database, log, codec, prefix } = world;
    const project = async (url: string, parts: Parts = {}) => {
      const projectors = await startProjectors({
        ...{ client, database, log, codec, prefix, lanes, leaseTtlMs: 1_000, ...parts },
        ...{ member: newMember(url), projections: [counted] },
      });
      closing.push(() => projectors.close());
    };
    const role = 'projector:counted@1';
    await project('http://healthy');
    await until(async () => (await heldBy(role, 'http://healthy')) === lanes);
    await project('http://failing', { log: cutOff(log) });
    await until(async () => (await heldBy(role, 'http://failing')) === lanes / 2);
    await until(async () => (await heldBy(role, 'http://healthy')) === lanes, { limitMs: 12_000 });
  });

  it.each([
    ['gets no answer from their broker', () => ({ log: cutOff(world.log) })],
    ['gets no answer to its commands', () => ({ commands: unanswered })],
  ])('are reacted to by another, if the first %s', async (_, parts) => {
    const { client, database, log, codec, prefix } = world;
    const name = `counting-${randomUUID()}`;
    const answered = new Set<string>();
    const commands: CommandClient = {
      send: async ({ causationid = '' }) => {
        answered.add(causationid);
        return { kind: 'done', answer: { unchanged: false } };
      },
    };
    const react = (url: string, own: { log?: Log; commands?: CommandClient } = {}) => {
      const reactors = startReactors({
        ...{ client, database, log, codec, prefix, lanes, leaseTtlMs: 1_000, ...own },
        ...{ clock: new DatabaseClock(), member: newMember(url), registry: new Registry() },
        reactors: [{ reactor: { ...counting, name }, commands: own.commands ?? commands }],
        ...{ clocks: [], workers: [], logger: pino({ level: 'silent' }) },
      });
      closing.push(() => reactors.close());
    };
    const role = `reactor:${name}`;
    react('http://healthy');
    await until(async () => (await heldBy(role, 'http://healthy')) === lanes);
    react('http://failing', parts());
    await until(async () => (await heldBy(role, 'http://failing')) === lanes / 2);
    const writer = await write('http://writer');
    await until(() => openIn(writer).length === lanes);
    const done = await Promise.all(keys.map((key) => writer.submit(asked(key), onlyOwner)));
    const caused = done.map(({ stream, version }) => eventId(stream, version));
    await until(async () => (await heldBy(role, 'http://healthy')) === lanes, { limitMs: 12_000 });
    await until(() => caused.every((event) => answered.has(event)));
  });
});
