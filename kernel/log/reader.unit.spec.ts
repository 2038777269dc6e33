import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Address } from './cluster.ts';
import { LostAnswerError, NotSentError, type Wires } from './connections.ts';
import type { LaneReadError, Offset } from './log.ts';
import { LaneReader } from './reader.ts';
import { encodeBatch } from './record-batch.ts';
import type { FetchAnswer, FetchedLane, LaneToFetch, Request } from './requests.ts';

const notLeader = 6;
const outOfRange = 1;
const unknownTopic = 3;
const topicRefused = 29;

const batchAt = (first: Offset, value: string): Buffer => {
  const identity = { transactionalId: 't', producerId: 1n, epoch: 0 };
  const batch = encodeBatch([{ key: 'k', value: Buffer.from(value), timestamp: 1 }], identity, 0);
  batch.writeBigInt64BE(BigInt(first));
  return batch;
};

/** Two brokers that lead even and odd lanes; each fetch waits for the test's answer. */
const stubbedCluster = () => {
  const leaders = new Map([0, 1, 2, 3].map((lane) => [lane, (lane % 2) + 1]));
  const moves = new Map<number, number>();
  const told: string[] = [];
  type Fetch = { to: number; lanes: LaneToFetch[]; settle: PromiseWithResolvers<FetchAnswer> };
  const waiting: Fetch[] = [];
  const history: { to: number; lanes: number[]; waitMs: number | undefined }[] = [];
  let known = false;
  let closed = false;

  const send = async (to: Address, request: Request<FetchAnswer>) => {
    if (closed) throw new NotSentError('closed');
    const { lanes } = request.body as { lanes: LaneToFetch[] };
    const settle = Promise.withResolvers<FetchAnswer>();
    expect(waiting.filter((fetch) => fetch.to === to.port)).toEqual([]);
    waiting.push({ to: to.port, lanes, settle });
    const { waitMs } = request;
    history.push({ to: to.port, lanes: lanes.map(({ lane }) => lane), waitMs });
    return settle.promise;
  };
  const close = async (): Promise<void> => {
    closed = true;
    for (const { settle } of waiting) settle.reject(new LostAnswerError('closed'));
  };
  const metadata = {
    leader: ({ lane }: { lane: number }) => {
      const node = known ? leaders.get(lane) : undefined;
      return node === undefined ? undefined : { node, epoch: 1, host: 'broker', port: node };
    },
    topic: () => undefined,
    refresh: async () => {
      known = true;
      for (const [lane, to] of moves) leaders.set(lane, to);
    },
  };
  const reader = new LaneReader(metadata, { send, close } as unknown as Wires, (_key, message) =>
    told.push(message),
  );
  /** The one request in flight at a broker, as soon as there is one. */
  const fetchAt = (broker: number): Promise<Fetch> =>
    vi.waitFor(
      () => {
        const index = waiting.findIndex(({ to }) => to === broker);
        expect(index).toBeGreaterThanOrEqual(0);
        return waiting.splice(index, 1)[0] as Fetch;
      },
      { timeout: 5_000, interval: 5 },
    );
  return {
    reader,
    told,
    history,
    move: (lane: number, to: number) => moves.set(lane, to),
    answer: async (broker: number, answers: Record<number, Partial<FetchedLane>> = {}) => {
      const { lanes, settle } = await fetchAt(broker);
      const fetched = lanes.map(({ topic, lane }) => {
        const empty = { error: 0, lastStable: 1_000, first: 0, aborted: [] };
        return { topic, lane, ...empty, batches: Buffer.alloc(0), ...answers[lane] };
      });
      settle.resolve({ throttleMs: 0, error: 0, lanes: fetched });
      return lanes;
    },
    fail: async (broker: number, error: Error) => (await fetchAt(broker)).settle.reject(error),
  };
};

const at = (lane: number, next = 0) => ({ topic: 'parcels', lane, next });
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: LaneReadError) => error.code,
  );

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 5 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('each leader is asked for its own lanes, once at a time', async () => {
  const { reader, answer } = stubbedCluster();
  reader.subscribe([at(0), at(1), at(2)]);
  expect((await answer(1)).map(({ lane }) => lane)).toEqual([0, 2]);
  expect((await answer(2)).map(({ lane }) => lane)).toEqual([1]);
  await reader.close();
});

test('a lane whose leader moved is read on there, and the others never stop', async () => {
  const { reader, answer, move } = stubbedCluster();
  const subscription = reader.subscribe([at(0), at(2)]);
  move(0, 2);
  await answer(1, { 0: { error: notLeader }, 2: { batches: batchAt(0, 'a') } });
  expect(await subscription.take()).toMatchObject([{ lane: 2, next: 1 }]);
  expect((await answer(1)).map(({ lane }) => lane)).toEqual([2]);
  await answer(2, { 0: { batches: batchAt(0, 'b') } });
  expect(await subscription.take()).toMatchObject([{ lane: 0, next: 1 }]);
  await reader.close();
});

test('a leader out of reach is reported once, and tried again with growing pauses', async () => {
  const { reader, fail, answer, told, history } = stubbedCluster();
  const subscription = reader.subscribe([at(0)]);
  const since = performance.now();
  for (let time = 0; time < 6; time++) await fail(1, new NotSentError('no connection'));
  expect(subscription.isFailing).toBe(true);
  await answer(1, { 0: { batches: batchAt(0, 'a') } });
  expect(performance.now() - since).toBeGreaterThan(500);
  expect(await subscription.take()).toMatchObject([{ next: 1 }]);
  expect(subscription.isFailing).toBe(false);
  expect(history.length).toBeLessThan(9);
  expect(new Set(told)).toEqual(new Set(['no connection']));
  await reader.close();
});

test('the broker waits longer while nothing happens, until there are new lanes', async () => {
  const { reader, answer, history } = stubbedCluster();
  const subscription = reader.subscribe([at(0)]);
  for (let time = 0; time < 5; time += 1) await answer(1);
  await answer(1, { 0: { batches: batchAt(0, 'a') } });
  await subscription.take();
  await answer(1);
  reader.subscribe([at(2)]);
  for (let time = 0; time < 3; time += 1) await answer(1);
  await reader.close();

  const waits = history.map(({ waitMs }) => waitMs);
  expect(waits.slice(0, 7)).toEqual([100, 200, 400, 500, 500, 500, 100]);
  const withNew = history.filter(({ lanes }) => lanes.length === 2);
  expect(withNew.slice(0, 2).map(({ waitMs }) => waitMs)).toEqual([100, 200]);
});

test.each([
  ['out-of-range', outOfRange],
  ['refused', topicRefused],
])('%s fails one subscription; what it had read before is still taken', async (code, error) => {
  const { reader, answer } = stubbedCluster();
  const failing = reader.subscribe([at(0, 5), at(2)]);
  const other = reader.subscribe([at(2)]);
  await answer(1, { 2: { batches: batchAt(0, 'a') } });
  await answer(1, { 0: { error }, 2: { batches: batchAt(0, 'a') } });
  expect((await answer(1)).map(({ lane }) => lane)).toEqual([2]);
  expect(await failing.take()).toMatchObject([{ lane: 2 }]);
  expect(await codeOf(failing.take())).toBe(code);
  expect(await other.take()).toMatchObject([{ lane: 2, next: 1 }]);
  await reader.close();
});

test('a topic that is unknown for a moment is no failure; for seconds, it is', async () => {
  const { reader, answer } = stubbedCluster();
  const subscription = reader.subscribe([at(0)]);
  await answer(1, { 0: { error: unknownTopic } });
  await answer(1, { 0: { batches: batchAt(0, 'a') } });
  expect(await subscription.take()).toMatchObject([{ next: 1 }]);
  const failed = codeOf(subscription.take());
  let code = '';
  failed.then((found) => {
    code = found;
  });
  while (code === '') {
    await Promise.race([answer(1, { 0: { error: unknownTopic } }), failed]);
  }
  expect(code).toBe('missing');
  await reader.close();
});

test('without an answer a bounded read gives up in half a minute, a follower never', async () => {
  const { reader, fail } = stubbedCluster();
  const bounded = codeOf(reader.subscribe([at(0)], { until: [at(0, 9)] }).take());
  const follower = reader.subscribe([at(0)]);
  let code = '';
  bounded.then((found) => {
    code = found;
  });
  while (code === '') {
    await fail(1, new LostAnswerError('no answer'));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(code).toBe('unavailable');
  const waiting = follower.take();
  await reader.close();
  expect(await waiting).toEqual([]);
});

test('a batch larger than asked for is asked for with more', async () => {
  const { reader, answer } = stubbedCluster();
  const subscription = reader.subscribe([at(0)]);
  const whole = batchAt(0, 'large');
  const [first] = await answer(1, { 0: { batches: whole.subarray(0, -1) } });
  const [second] = await answer(1, { 0: { batches: whole } });
  expect(second?.maxBytes).toBe(2 * (first?.maxBytes ?? 0));
  expect(await subscription.take()).toMatchObject([{ next: 1 }]);
  await reader.close();
});

test('a subscription that has read a lane to its end keeps no other from reading it', async () => {
  const { reader, answer } = stubbedCluster();
  reader.subscribe([at(0, 5)]);
  reader.subscribe([at(0, 5)]);
  const behind = reader.subscribe([at(0)]);
  const asked = new Set<Offset | undefined>();
  for (let time = 0; time < 4; time++) {
    const [lane] = await answer(1);
    asked.add(lane?.next);
  }
  expect(asked).toEqual(new Set([0, 5]));
  while ((await answer(1, { 0: { batches: batchAt(0, 'a') } }))[0]?.next !== 0);
  expect(await behind.take()).toMatchObject([{ lane: 0, next: 1 }]);
  await reader.close();
});

test('lost records fail the lane that lost them', async () => {
  const { reader, answer } = stubbedCluster();
  const subscription = reader.subscribe([at(0)]);
  await answer(1, { 0: { batches: batchAt(3, 'after the hole') } });
  expect(await codeOf(subscription.take())).toBe('hole');
  await reader.close();
});

test('a closed subscription ends its waiting take, and refuses another', async () => {
  const { reader } = stubbedCluster();
  const subscription = reader.subscribe([at(0)]);
  const waiting = subscription.take();
  await expect(subscription.take()).rejects.toThrow('two takes at once');
  await subscription.close();
  expect(await waiting).toEqual([]);
  await expect(subscription.take()).rejects.toThrow('closed');
  await reader.close();
});

test('each lane of a bounded read needs an end', async () => {
  const { reader } = stubbedCluster();
  expect(() => reader.subscribe([at(0), at(1)], { until: [at(0, 4)] })).toThrow('parcels/1');
  const ended = reader.subscribe([at(0, 4)], { until: [at(0, 4)] });
  expect(await ended.take()).toEqual([]);
  await reader.close();
});
