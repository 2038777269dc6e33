import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aggregate, type Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import type { Event, NewEvent } from '../event.ts';
import { topicName, transactionalId } from '../log/topic-names.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { until } from '../testing/until.ts';
import { Committer } from './committer.ts';
import { LaneMovedError, LaneWriter } from './lane-writer.ts';
import { defaultWriterLimits } from './lanes.ts';
import { type Request, request } from './request.ts';
import { mongoLaneStore, prepareStore } from './store.ts';
import { StreamReads } from './stream-reads.ts';
import { defaultStreamLimits } from './streams.ts';
import type { WriterLease, WriterLimits } from './writer-options.ts';

/** A lane's writer on a real log and a real MongoDB, without HTTP and leases around it. */

const laneCount = 24;
let world: TestLog;
let lanes = 0;

beforeAll(async () => {
  world = await openTestLog({ label: 'writer', lanes: laneCount, schemas: parcelSchemas });
  await prepareStore(world.db);
});

const writers: LaneWriter[] = [];
/** Each writer is in a process of its own. */
const committers: Committer[] = [];
afterAll(async () => {
  await Promise.all(writers.map((made) => made.drain()));
  await Promise.all(committers.map((committer) => committer.close()));
  await world.close();
});

/** Counts the events of a stream; a command appends one while there are fewer than `upTo`. */
const counter = aggregate<number, Event>({
  topic: 'parcels',
  stateVersion: 1,
  initial: 0,
  evolve: (count) => count + 1,
});
type Wish = { stream: string; upTo: number };
const count = counter.command({
  name: 'count',
  route: null,
  role: operator,
  input: { parse: (input: Wish) => input } as never,
  stream: (input: Wish) => ({ key: 'k', id: input.stream }),
  decide: ({ upTo }: Wish, state): NewEvent[] =>
    state < upTo ? [{ type: 'ParcelScanned', data: parcelExamples.ParcelScanned.data }] : [],
}) as Command;

const asked = (stream: string, upTo = 1_000_000, key: string = randomUUID()): Request =>
  request(
    count,
    { stream, upTo },
    { userId: 'alice', roles: new Set() },
    {
      idempotencyKey: key,
      expectedVersion: null,
      trace: { correlationid: 'c', causationid: null, traceparent: '' },
    },
  );

type Lease = WriterLease & { valid: boolean; lose(): void };

function lease(): Lease {
  const controller = new AbortController();
  const { signal: lost } = controller;
  return { valid: true, lost, passOn: () => false, lose: () => controller.abort() };
}

function writer(lane: number, more: { lease?: Lease; limits?: Partial<WriterLimits> } = {}) {
  const { client, database, db, log, codec, prefix } = world;
  const name = transactionalId(prefix, `writer-${randomUUID()}`);
  const committer = new Committer({ log, prefix, name, onWarning: () => undefined });
  committers.push(committer);
  const made = new LaneWriter({
    lane,
    laneCount,
    prefix,
    aggregates: new Map([['parcels', counter]]),
    lease: more.lease ?? lease(),
    log,
    codec,
    store: mongoLaneStore({
      client,
      database,
      lane,
      stateVersion: 'test',
      session: client.startSession(),
      reads: new StreamReads(db),
    }),
    source: '/test',
    committer,
    limits: { ...defaultWriterLimits, ...more.limits },
    now: Date.now,
    onWarning: () => undefined,
  });
  writers.push(made);
  const ended = made.run();
  ended.catch(() => undefined);
  return Object.assign(made, { ended, name });
}

const newLane = () => lanes++;

/** The committed events of a lane, oldest first. */
async function eventsOf(lane: number): Promise<Event[]> {
  const { log, codec, prefix } = world;
  const topic = topicName(prefix, 'parcels');
  const next = (await log.stableOffsets(topic))[lane] as number;
  const reader = log.reader();
  const subscription = reader.subscribe([{ topic, lane, next: 0 }], {
    until: [{ topic, lane, next }],
  });
  const events: Event[] = [];
  for (;;) {
    const chunks = await subscription.take();
    if (chunks.length === 0) break;
    for (const { records } of chunks) {
      await codec.learn(records);
      events.push(...records.map((record) => codec.decode(record)));
    }
  }
  await reader.close();
  return events;
}

const versionsOf = (events: Event[]) =>
  events.map(({ meta }) => `${meta.subject}@${meta.sequence}`);

/** The events of a lane, once as many as were answered can be read. */
const settledEvents = async (lane: number, atLeast: number) => {
  await until(async () => (await eventsOf(lane)).length >= atLeast);
  return eventsOf(lane);
};

describe('one writer', () => {
  it('answers each command with its version, and commits waiting ones together', async () => {
    const lane = newLane();
    const one = writer(lane);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => one.submit(asked(`s${n % 7}`))),
    );
    expect(new Set(answers.map(({ seen }) => seen?.offset)).size).toBe(100);
    const events = await settledEvents(lane, 100);
    expect(new Set(versionsOf(events)).size).toBe(100);
    const times = events.map(({ meta }) => meta.time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('does a command once, however often its key comes back', async () => {
    const lane = newLane();
    const one = writer(lane);
    const same = () => one.submit(asked('s', undefined, 'key'));
    const answers = await Promise.all(Array.from({ length: 20 }, same));
    const [first, ...more] = answers.filter(({ replayed }) => !replayed);
    expect(more).toEqual([]);
    const repeated = answers.filter(({ replayed }) => replayed);
    expect(repeated).toEqual(Array(19).fill({ ...first, replayed: true }));
    expect(await settledEvents(lane, 1)).toHaveLength(1);
  });

  it('puts no more commands of one stream into a transaction than it remembers', async () => {
    const lane = newLane();
    const one = writer(lane);
    const answers = await Promise.all(Array.from({ length: 200 }, () => one.submit(asked('s'))));
    const versions = answers.map(({ version }) => version);
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  });

  it('keeps few streams in memory and reads the others back', async () => {
    const lane = newLane();
    const streams = { ...defaultStreamLimits, streams: 5, dirtyStreams: 10 };
    const one = writer(lane, { limits: { streams, flushMs: 20, flushStreams: 5 } });
    for (let round = 1; round <= 3; round += 1) {
      const submitted = Array.from({ length: 40 }, (_, n) => one.submit(asked(`s${n}`)));
      const versions = (await Promise.all(submitted)).map(({ version }) => version);
      expect(new Set(versions)).toEqual(new Set([round]));
    }
    await until(() => one.state.hot.size <= 5);
    expect((await one.submit(asked('s7', 3))).version).toBe(3);
  });

  it('refuses commands at once when its queue is full', async () => {
    const lane = newLane();
    const one = writer(lane, { limits: { queue: 3 } });
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => one.submit(asked('s'))),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([
      { reason: { code: 'overloaded', status: 503 } },
      { reason: { code: 'overloaded', status: 503 } },
    ]);
  });

  it('refuses commands while its lease is not valid', async () => {
    const held = lease();
    held.valid = false;
    const one = writer(newLane(), { lease: held, limits: { waitMs: 50, flushMs: 10 } });
    await expect(one.submit(asked('s'))).rejects.toMatchObject({ code: 'lane-unavailable' });
  });
});

describe('two writers on one lane', () => {
  it('the older one is fenced, and nothing of it is visible', async () => {
    const lane = newLane();
    const oldLease = lease();
    const older = writer(lane, { lease: oldLease });
    await older.submit(asked('s'));
    const newer = writer(lane);
    await newer.submit(asked('s'));
    oldLease.valid = false; // As when it slept: it doesn't know yet that it lost its lane.
    const answer = older.submit(asked('s', undefined, 'of the older one'));
    answer.catch(() => undefined);
    oldLease.lose();
    await expect(answer).rejects.toBeInstanceOf(LaneMovedError);
    await newer.submit(asked('s'));
    const events = await settledEvents(lane, 3);
    expect(versionsOf(events)).toEqual(['parcels/s@1', 'parcels/s@2', 'parcels/s@3']);
    expect(older.closed).toBe(true);
  });

  it('the older one never says "unchanged" from what it remembers', async () => {
    const lane = newLane();
    const oldLease = lease();
    const older = writer(lane, { lease: oldLease });
    await older.submit(asked('s', 1));
    const newer = writer(lane);
    await newer.submit(asked('s', 2));
    oldLease.valid = false;
    const unchanged = older.submit(asked('s', 1));
    unchanged.catch(() => undefined);
    await until(() => !older.open);
    oldLease.lose();
    await expect(unchanged).rejects.toBeInstanceOf(LaneMovedError);
  });

  it('the newer one knows every key of the older one', async () => {
    const lane = newLane();
    const older = writer(lane);
    const first = await older.submit(asked('s', undefined, 'key'));
    const newer = writer(lane);
    expect(await newer.submit(asked('s', undefined, 'key'))).toEqual({ ...first, replayed: true });
    expect(await settledEvents(lane, 1)).toHaveLength(1);
  });

  it('a writer that was fenced by mistake takes its lane again and loses nothing', async () => {
    const lane = newLane();
    const one = writer(lane);
    await one.submit(asked('s'));
    await (await world.log.producer(`${one.name}-0`)).close();
    expect((await one.submit(asked('s'))).version).toBe(2);
    expect(versionsOf(await settledEvents(lane, 2))).toEqual(['parcels/s@1', 'parcels/s@2']);
  });
});

describe('write_state', () => {
  const streamsOf = (lane: number) =>
    world.db
      .collection<{ _id: string; version: number; state: number }>('write_state')
      .find({ _id: { $regex: `/parcels/lane-${lane}-` } })
      .toArray();

  it('equals a fold of the log, stream by stream', async () => {
    const lane = newLane();
    const one = writer(lane);
    const names = Array.from({ length: 50 }, (_, n) => `lane-${lane}-${n % 11}`);
    await Promise.all(names.map((name) => one.submit(asked(name))));
    await one.drain();
    const folded = new Map<string, number>();
    for (const { meta } of await settledEvents(lane, 50)) folded.set(meta.subject, meta.sequence);
    const stored = (await streamsOf(lane)).map(({ _id, version, state }) => {
      expect(state).toBe(version);
      return [_id.slice(_id.indexOf('/') + 1), version] as const;
    });
    expect(new Map(stored)).toEqual(folded);
  });

  it('is built anew after it was dropped while running, and knows the same keys', async () => {
    const lane = newLane();
    const one = writer(lane, { limits: { flushMs: 20 } });
    const first = await one.submit(asked('s', undefined, 'key'));
    await world.db.collection('write_state').drop();
    await one.submit(asked('other'));
    expect(await one.submit(asked('s', undefined, 'key'))).toEqual({ ...first, replayed: true });
    expect((await one.submit(asked('s'))).version).toBe(2);
  });

  it('is built anew after it was dropped with no writer, and knows the same keys', async () => {
    const lane = newLane();
    const one = writer(lane);
    const first = await one.submit(asked('s', undefined, 'key'));
    await one.submit(asked('other'));
    await one.drain();
    await world.db.collection('write_state').drop();
    const other = writer(lane);
    expect(await other.submit(asked('s', undefined, 'key'))).toEqual({ ...first, replayed: true });
    expect((await other.submit(asked('s'))).version).toBe(2);
    const events = ['parcels/s@1', 'parcels/other@1', 'parcels/s@2'];
    expect(versionsOf(await settledEvents(lane, 3))).toEqual(events);
  });

  it('of another log closes the lane, loudly', async () => {
    const lane = newLane();
    const one = writer(lane);
    await one.submit(asked('s'));
    await one.drain();
    await world.db
      .collection<{ _id: string }>('write_state')
      .updateOne({ _id: `lane:${lane}@test` }, { $set: { 'last.parcels.id': 'of another log' } });
    await expect(writer(lane).ended).rejects.toThrow('another log');
  });
});
