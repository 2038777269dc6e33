import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { AbortedError, type FencedProducer, InDoubtError, type Log } from '../log/log.ts';
import {
  decoded,
  ModelLog,
  type ModelledLog,
  ModelStore,
  modelCodec,
  trail,
} from '../testing/lane-model.ts';
import { until } from '../testing/until.ts';
import { Committer } from './committer.ts';
import { LaneState } from './lane-state.ts';
import { LaneMovedError, LaneWriter } from './lane-writer.ts';
import { defaultWriterLimits } from './lanes.ts';
import { LaneQueue } from './queue.ts';
import { type Request, request } from './request.ts';
import type { LaneStore } from './store.ts';
import { defaultStreamLimits, type StreamLimits } from './streams.ts';
import { foldLane, laneOfTopics } from './take-lane.ts';
import type { WriterLease, WriterLimits } from './writer-options.ts';

/** Moments of a lane's life that a real log and MongoDB show too rarely. */

const topic = 'trail';
const aggregates = new Map([[topic, trail(topic)]]) as never;
const small: StreamLimits = { streams: 3, bytes: 1e9, dirtyStreams: 100, dirtyBytes: 1e9 };

const write: Command = {
  aggregate: trail(topic),
  name: 'write',
  route: null,
  role: operator,
  input: z.unknown(),
  stream: (input) => ({ key: 'k', id: (input as { stream: string }).stream }),
  decide: (input) => ((input as { idle: boolean }).idle ? [] : [{ type: 'Written', data: {} }]),
};

let keys = 0;
const asked = (stream: string, idle = false, bulk = false): Request =>
  request(
    write,
    { stream, idle },
    { userId: 'u', roles: new Set() },
    {
      idempotencyKey: `key-${keys++}`,
      expectedVersion: null,
      bulk,
      trace: { correlationid: 'c', causationid: null, traceparent: '' },
    },
  );

/** A store whose flushes land at once. */
function landing(store: ModelStore, owner = {}): LaneStore {
  const slow = store.asStore(owner);
  return {
    ...slow,
    flush: (...given) => {
      const written = slow.flush(...given);
      store.landAllOf(owner);
      return written;
    },
  };
}

type Lease = WriterLease & { valid: boolean; lose(): void };

function lease(): Lease {
  const controller = new AbortController();
  const { signal: lost } = controller;
  return { valid: true, lost, passOn: () => false, lose: () => controller.abort() };
}

let processes = 0;
/** Of a process of its own. */
const committerOf = (log: ModelledLog) => {
  const name = `writer-${processes++}`;
  return new Committer({ log: log as Log, prefix: '', name, onWarning: () => undefined });
};

function writer(
  log: ModelledLog,
  more: { lease?: Lease; store?: LaneStore; limits?: Partial<WriterLimits> } = {},
) {
  const made = new LaneWriter({
    lane: 0,
    laneCount: 1,
    prefix: '',
    aggregates,
    lease: more.lease ?? lease(),
    log: log as Log,
    codec: modelCodec,
    store: more.store ?? landing(new ModelStore()),
    source: '/test',
    committer: committerOf(log),
    limits: { ...defaultWriterLimits, flushMs: 10, streams: small, ...more.limits },
    now: Date.now,
    onWarning: () => undefined,
  });
  made.run().catch(() => undefined);
  return made;
}

const taking = async (model: ModelLog, state: LaneState) => {
  const log = model.asLog() as Log;
  const place = { lane: 0, prefix: '', topics: [topic] };
  const barriers = await model.producer('taker').barrier(laneOfTopics(place));
  await foldLane(barriers, { ...place, log, codec: modelCodec, state, silenceMs: 1_000 });
};

it('a writer that slept while fencing does not append beside the owner of the lease', async () => {
  const log = new ModelLog([topic]).asLog();
  const ownerLease = lease();
  const sleeperLease = lease();
  const owned = Promise.withResolvers<void>();
  const sleeper = writer(
    {
      ...log,
      producer: async (id) => {
        sleeperLease.valid = false;
        await owned.promise; // It sleeps before its request leaves, and another one takes the lane.
        return log.producer(id);
      },
    },
    { lease: sleeperLease },
  );
  const late = sleeper.submit(asked('s'));
  late.catch(() => undefined);
  await until(() => !sleeperLease.valid);
  const owner = writer(log, { lease: ownerLease });
  await until(() => owner.open);
  owned.resolve();
  await expect(Promise.race([late, eventLoopTurns(100)])).resolves.toBeUndefined();
  sleeperLease.lose();
  await expect(late).rejects.toBeInstanceOf(LaneMovedError);
  expect((await owner.submit(asked('s', true))).version).toBe(0);
  await owner.drain();
});

/** Many turns of the event loop: all work that doesn't wait for a clock is done by then. */
async function eventLoopTurns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise(setImmediate);
}

it.each([
  ['in doubt', new InDoubtError('no answer')],
  ['that weren’t appended', new AbortedError([], 'no leader')],
])('commands %s whose lane has left meanwhile go to its next owner', async (_which, failure) => {
  const log = new ModelLog([topic]).asLog();
  const [sent, lost] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const append: FencedProducer['append'] = async () => {
    sent.resolve();
    await lost.promise;
    throw failure;
  };
  const held = lease();
  const producer = async (id: string) =>
    Object.assign(Object.create(await log.producer(id)), { append });
  const one = writer({ ...log, producer }, { lease: held });
  const asking = one.submit(asked('s'));
  asking.catch(() => undefined);
  await sent.promise;
  held.lose();
  lost.resolve();
  await expect(asking).rejects.toBeInstanceOf(LaneMovedError);
});

it('a client is told of the doubt if Kafka takes too long, and a repeat is answered', async () => {
  const log = new ModelLog([topic]).asLog();
  const answered = Promise.withResolvers<void>();
  const producer = async (id: string) => {
    const real = await log.producer(id);
    const append: FencedProducer['append'] = async (...call) => {
      const offsets = await real.append(...call);
      await answered.promise;
      return offsets;
    };
    return Object.assign(Object.create(real), { append });
  };
  const one = writer({ ...log, producer }, { limits: { waitMs: 20, doubtMs: 20 } });
  const command = asked('s');
  const told = { code: 'lane-unavailable', message: expect.stringContaining('not known yet') };
  await expect(one.submit(command)).rejects.toMatchObject(told);
  answered.resolve();
  await until(() => one.done.commands === 1);
  expect(await one.submit(command)).toMatchObject({ version: 1, replayed: true });
  await one.drain();
});

it('a stream that changes often is written to write_state once for many changes', async () => {
  const store = landing(new ModelStore());
  const flush = vi.spyOn(store, 'flush');
  const one = writer(new ModelLog([topic]).asLog(), {
    store,
    limits: { flushMs: 1e8, waitMs: 50 },
  });
  await one.submit(asked('s'));
  await until(() => flush.mock.calls.length > 0);
  for (let n = 0; n < 50; n += 1) await one.submit(asked('s'));
  // A command that can't be decided is refused when the lane next looks what is due.
  store.load = () => new Promise(() => {});
  await expect(one.submit(asked('cold'))).rejects.toMatchObject({ code: 'lane-unavailable' });
  expect(flush).toHaveBeenCalledOnce();
  await one.drain();
  expect(flush).toHaveBeenCalledTimes(2);
});

it('streams that are only looked at don’t fill the memory', async () => {
  const one = writer(new ModelLog([topic]).asLog());
  for (let n = 0; n < 20; n += 1) await one.submit(asked(`s${n}`, true));
  expect(one.state.hot.size).toBeLessThanOrEqual(small.streams);
  await one.drain();
});

it('a drain ends when the last command that waits is refused', async () => {
  const never: LaneStore = { ...landing(new ModelStore()), load: () => new Promise(() => {}) };
  const one = writer(new ModelLog([topic]).asLog(), { store: never, limits: { waitMs: 50 } });
  await until(() => one.open);
  const refused = one.submit(asked('s'));
  const drained = one.drain();
  await expect(refused).rejects.toMatchObject({ code: 'lane-unavailable' });
  await drained;
});

it('a command that is refused after its lane’s cache was lost leaves no pin behind', async () => {
  const store = new ModelStore();
  const state = new LaneState(aggregates, landing(store), { ...small, streams: 0 });
  const queue = new LaneQueue(state, { queue: 10, waitMs: 0, attempts: 5, doubtMs: 0 });
  await state.take();
  queue.open();
  const refused = queue.add(asked('s'));
  refused.catch(() => undefined);
  await eventLoopTurns(10);
  expect(state.hot.has('trail/s')).toBe(true);
  state.drop();
  await queue.pause();
  store.dropCache();
  await taking(new ModelLog([topic]), state);
  await state.load(() => ['trail/s']);
  await vi.waitFor(() => {
    queue.refuseLate();
    expect(queue.size).toBe(0);
  });
  await expect(refused).rejects.toMatchObject({ code: 'lane-unavailable' });
  expect(state.hot.pin('trail/s')).toBe(true);
  expect(state.hot.pin('trail/s')).toBe(true);
  state.hot.unpin('trail/s');
  await state.flush();
  expect(state.hot.has('trail/s'), 'a command still waits for it').toBe(true);
});

it.each([
  ['shorter than before', 0],
  ['with a marker where the last event was', 1],
])('a log made anew, %s, closes the lane', async (_, events) => {
  const store = new ModelStore();
  const before = new LaneState(aggregates, landing(store), small);
  const log = new ModelLog([topic]);
  const one = writer(log.asLog(), { store: landing(store) });
  await one.submit(asked('s'));
  await one.submit(asked('s'));
  await one.drain();
  const anew = new ModelLog([topic]);
  for (let n = 0; n < events * 4; n += 1) {
    await anew.producer().barrier([{ topic, lane: 0 }]);
  }
  await expect(taking(anew, before)).rejects.toThrow('another log');
});

describe('bulk commands', () => {
  /**
   * A writer whose transactions wait for `mayAppend` and then last so long, and the streams of each
   * transaction.
   */
  function watched(lastsMs = 0) {
    const log = new ModelLog([topic]).asLog();
    const mayAppend = Promise.withResolvers<void>();
    const transactions: string[][] = [];
    const gated = {
      ...log,
      producer: async (id) => {
        const producer = await log.producer(id);
        return {
          ...producer,
          append: async (first, late = () => []) => {
            const streams = (of: typeof first) =>
              of.map(({ value }) => decoded(value).meta.subject);
            const together = streams(first);
            transactions.push(together);
            await mayAppend.promise;
            await pause(lastsMs);
            return producer.append(first, () => {
              const more = late();
              together.push(...streams(more));
              return more;
            });
          },
        };
      },
    } satisfies ModelledLog;
    const one = writer(gated, { limits: { streams: defaultStreamLimits } });
    return { one, transactions, mayAppend };
  }

  const many = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => asked(`bulk-${from + at}`, false, true));

  it('wait behind those of others, which wait for few of them', async () => {
    const { one, transactions, mayAppend } = watched(60);
    const begun = many(0, 100).map((request) => one.submit(request));
    await until(() => transactions.length === 1);
    const later = many(100, 1_000).map((request) => one.submit(request));
    const other = one.submit(asked('other'));
    mayAppend.resolve();
    await other;
    const at = transactions.findIndex((streams) => streams.includes('trail/other'));
    expect(at).toBeLessThanOrEqual(1);
    await Promise.all([...begun, ...later]);
    const after = transactions.slice(at + 1).map((streams) => streams.length);
    expect(Math.max(...after)).toBeLessThan(50);
    expect(transactions.flat().filter((stream) => stream !== 'trail/other')).toEqual(
      Array.from({ length: 1_000 }, (_, n) => `trail/bulk-${n}`),
    );
    await one.drain();
  });

  it('fill transactions where nobody else sends any', async () => {
    const { one, transactions, mayAppend } = watched();
    mayAppend.resolve();
    await Promise.all(many(0, 2_000).map((request) => one.submit(request)));
    expect(transactions.length).toBeLessThan(12);
    await one.drain();
  });

  it('don’t take the places of others in the queue', async () => {
    const { one, mayAppend } = watched();
    const more = many(0, defaultWriterLimits.queue + 100).map((request) => one.submit(request));
    const refused = Promise.allSettled(more);
    const other = one.submit(asked('other'));
    mayAppend.resolve();
    await expect(other).resolves.toMatchObject({ stream: 'trail/other' });
    const codes = (await refused).flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
    );
    expect(codes).toEqual(Array(100).fill('overloaded'));
    await one.drain();
  });
});
