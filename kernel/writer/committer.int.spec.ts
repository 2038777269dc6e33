import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AbortedError, InDoubtError, type Log, type TopicLane } from '../log/log.ts';
import { claimsTopic, laneWriterId, topicName, transactionalId } from '../log/topic-names.ts';
import { parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { Claims } from './claims/claims.ts';
import type { Taken } from './claims/lane-claim.ts';
import type { Tenure } from './claims/tenure.ts';
import { Committer } from './committer.ts';

/** Nodes that take lanes from each other, on a real log, without the state of lanes. */

const laneCount = 64;
let world: TestLog;
let lanes = 0;
const newLane = () => lanes++;

beforeAll(async () => {
  world = await openTestLog({ label: 'committer', lanes: laneCount, schemas: parcelSchemas });
});
const nodes: Committer[] = [];
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await world.close();
});

function newNode(log: Log = world.log) {
  const { prefix } = world;
  const name = transactionalId(prefix, `writer-${randomUUID()}`);
  const node = new Committer({ log, prefix, name, onWarning: () => undefined });
  nodes.push(node);
  return Object.assign(node, { name });
}

const partitions = (lane: number): TopicLane[] => [
  { topic: topicName(world.prefix, 'parcels'), lane },
];

/** A machine that is busy for a moment makes the node try again. */
async function take(node: Committer, lane: number): Promise<Taken> {
  for (;;) {
    try {
      return await node.take(lane, partitions(lane));
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error;
    }
  }
}

const append = (node: Committer, tenure: Tenure, lane: number, value: string) =>
  node.commit(tenure, partitions(lane), {
    form: () => [
      { ...partitions(lane)[0]!, key: 'k', value: Buffer.from(value), timestamp: Date.now() },
    ],
    late: () => [],
  });

/** The committed values of a lane, once all that was appended before can be read. */
async function valuesOf(lane: number): Promise<string[]> {
  const looking = await world.log.producer(transactionalId(world.prefix, randomUUID()));
  const until = await looking.barrier(partitions(lane));
  await looking.close();
  const reader = world.log.reader();
  const subscription = reader.subscribe(
    partitions(lane).map((one) => ({ ...one, next: 0 })),
    { until },
  );
  const values: string[] = [];
  for (let chunks = await subscription.take(); chunks.length > 0; ) {
    values.push(...chunks.flatMap(({ records }) => records.map(({ value }) => String(value))));
    chunks = await subscription.take();
  }
  await reader.close();
  return values;
}

async function liveNames(lane: number): Promise<string[]> {
  const claims = new Claims(world.log, world.prefix);
  const end = (await world.log.stableOffsets(claimsTopic(world.prefix)))[lane]!;
  const live = new Map<string, boolean>();
  for (const { name, live: isLive } of await claims.before(lane, end)) live.set(name, isLive);
  await claims.close();
  return [...live].flatMap(([name, isLive]) => (isLive ? [name] : []));
}

describe('a node that is fenced', () => {
  it('loses all of its lanes, takes the others again, and loses nothing', async () => {
    const [first, second, third] = [newLane(), newLane(), newLane()];
    const [before, after] = [newNode(), newNode()];
    const takings = [first, second, third].map((lane) => take(before, lane));
    const taken = await Promise.all(takings);
    const { tenure } = taken[0]!;
    expect(taken.map((one) => one.tenure)).toEqual([tenure, tenure, tenure]);
    await Promise.all([first, second, third].map((lane) => append(before, tenure, lane, 'one')));

    const theirs = await take(after, first);
    const isFenced = append(before, tenure, second, 'lost');
    await expect(isFenced).rejects.toBeInstanceOf(InDoubtError);
    expect(tenure.over.aborted).toBe(true);
    await append(after, theirs.tenure, first, 'two');

    const again = await take(before, second);
    expect(again.tenure).not.toBe(tenure);
    await append(before, again.tenure, second, 'two');
    // It has fenced only itself.
    await append(after, theirs.tenure, first, 'three');
    expect(await valuesOf(first)).toEqual(['one', 'two', 'three']);
    expect(await valuesOf(second)).toEqual(['one', 'two']);
  });

  it('is not fenced by the next owner of a lane that it has given up', async () => {
    const [moving, staying] = [newLane(), newLane()];
    const [before, after] = [newNode(), newNode()];
    const entered = before.enter(moving);
    await entered.ready;
    const { tenure } = await take(before, moving);
    await take(before, staying);
    await append(before, tenure, moving, 'one');
    await entered.leave();
    const next = await take(after, moving);
    await append(after, next.tenure, moving, 'two');
    await append(before, tenure, staying, 'still here');
    expect(await valuesOf(moving)).toEqual(['one', 'two']);
  });

  it('commits for several lanes in one transaction', async () => {
    const some = [newLane(), newLane(), newLane()];
    const node = newNode();
    const takings = some.map((lane) => take(node, lane));
    const { tenure } = (await Promise.all(takings))[0]!;
    let transactions = 0;
    const appending = tenure.append.bind(tenure);
    tenure.append = (...call) => {
      transactions += 1;
      return appending(...call);
    };
    await Promise.all(some.map((lane) => append(node, tenure, lane, 'first')));
    await Promise.all(some.map((lane) => append(node, tenure, lane, 'second')));
    // The first lane doesn't wait for the others; these share the next one.
    expect(transactions).toBeLessThanOrEqual(4);
    for (const lane of some) expect(await valuesOf(lane)).toEqual(['first', 'second']);
  });
});

describe('names', () => {
  it('that were fenced are no longer live once their lane is open', async () => {
    const lane = newLane();
    const [before, after] = [newNode(), newNode()];
    await take(before, lane);
    const { tidy } = await take(after, lane);
    expect(await liveNames(lane)).toEqual([`${before.name}-0`, `${after.name}-0`]);
    await tidy();
    expect(await liveNames(lane)).toEqual([`${after.name}-0`]);
  });

  it('of older releases are fenced when a lane is taken for the first time', async () => {
    const lane = newLane();
    const older = await world.log.producer(laneWriterId(world.prefix, lane));
    const record = { ...partitions(lane)[0]!, key: 'k', timestamp: Date.now() };
    await older.append([{ ...record, value: Buffer.from('older') }]);
    const { tidy, tenure } = await take(newNode(), lane);
    await expect(older.append([{ ...record, value: Buffer.from('lost') }])).rejects.toMatchObject({
      fenced: true,
    });
    await tidy();
    await tenure.end('no more');
    // Known from now on: the next taker has only the newer node to fence.
    const fenced: string[] = [];
    const log: Log = {
      ...world.log,
      producer: (id) => {
        fenced.push(id);
        return world.log.producer(id);
      },
    };
    await take(newNode(log), lane);
    expect(fenced).not.toContain(laneWriterId(world.prefix, lane));
    expect(fenced).toContain(tenure.name);
    expect(await valuesOf(lane)).toEqual(['older']);
  });
});

/** One of the requests of a taker, in order: producers, a claim, barriers, ends of claims. */
type Cut = { at: number; isDone: boolean };

/** A log that does something at one request, before or after Kafka has executed it. */
function cutLog({ at, isDone }: Cut, happens: () => Promise<never>) {
  let requests = 0;
  let wasCut = false;
  const step = async <T>(request: () => Promise<T>): Promise<T> => {
    if (requests++ !== at) return request();
    if (isDone) await request();
    wasCut = true;
    return happens();
  };
  const log: Log = {
    ...world.log,
    put: (record) => step(() => world.log.put(record)),
    producer: (id) =>
      step(async () => {
        const producer = await world.log.producer(id);
        return {
          append: (...call) => step(() => producer.append(...call)),
          barrier: (...call) => step(() => producer.barrier(...call)),
          close: () => producer.close(),
        };
      }),
  };
  return { log, wasCut: () => wasCut };
}

const steps = 12;
const cuts = Array.from({ length: steps }, (_, at) => [
  { at, isDone: false },
  { at, isDone: true },
]).flat();

describe('a taker', () => {
  it('that dies between any two steps leaves a lane to the next one, with all events', async () => {
    let deaths = 0;
    for (const cut of cuts) {
      const lane = newLane();
      const owner = newNode();
      const { tenure } = await take(owner, lane);
      await append(owner, tenure, lane, 'one');
      const { log, wasCut } = cutLog(cut, () => new Promise(() => undefined));
      const dying = newNode(log);
      const ended = take(dying, lane).then(async (taken) => {
        await taken.tidy();
        await append(dying, taken.tenure, lane, 'of the taker');
      });
      await Promise.race([ended, untilTrue(wasCut)]);
      deaths += wasCut() ? 1 : 0;
      const mine = await append(owner, tenure, lane, 'two').then(
        () => ['two'],
        () => [],
      );
      const next = newNode();
      const theirs = await take(next, lane);
      await expect(append(owner, tenure, lane, 'late')).rejects.toBeInstanceOf(InDoubtError);
      await append(next, theirs.tenure, lane, 'three');
      const all = await valuesOf(lane);
      expect(all.filter((value) => value !== 'of the taker')).toEqual(['one', ...mine, 'three']);
    }
    expect(deaths).toBeGreaterThan(16);
  });

  it('that loses the answer to any request tries again, and two never append', async () => {
    let losses = 0;
    for (const cut of cuts) {
      const lane = newLane();
      const owner = newNode();
      const first = await take(owner, lane);
      await append(owner, first.tenure, lane, 'one');
      const lost = () => Promise.reject(new InDoubtError('the answer was lost'));
      const { log, wasCut } = cutLog(cut, lost);
      const taker = newNode(log);
      const entered = taker.enter(lane);
      await entered.ready;
      const mine = await appended(taker, lane, 'two');
      await expect(append(owner, first.tenure, lane, 'late')).rejects.toThrow();
      await entered.leave();
      // Whether the end of its claim is in the log or comes later: it may take the lane again.
      const again = taker.enter(lane);
      await again.ready;
      mine.push(...(await appended(taker, lane, 'three')));
      const next = newNode();
      const theirs = await take(next, lane);
      await append(next, theirs.tenure, lane, 'four');
      await expect(append(taker, mine.at(-1)!, lane, 'late')).rejects.toThrow();
      const all = [...new Set(await valuesOf(lane))];
      expect(all).toEqual(['one', 'two', 'three', 'four']);
      losses += wasCut() ? 1 : 0;
    }
    expect(losses).toBe(cuts.length);
  });
});

/** Tries until it was appended. @returns the tenures under which it tried. */
async function appended(node: Committer, lane: number, value: string): Promise<Tenure[]> {
  const tenures: Tenure[] = [];
  for (;;) {
    try {
      const { tenure, tidy } = await node.take(lane, partitions(lane));
      tenures.push(tenure);
      await tidy().catch(() => undefined);
      await append(node, tenure, lane, value);
      return tenures;
    } catch {
      // It takes the lane again.
    }
  }
}

async function untilTrue(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 2));
}
