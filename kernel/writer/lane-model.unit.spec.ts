import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Aggregate, Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { type FencedProducer, InDoubtError, type Log } from '../log/log.ts';
import {
  type Fate,
  ModelLog,
  ModelStore,
  modelCodec,
  trail,
  trailInParts,
} from '../testing/lane-model.ts';
import { BatchBuilder } from './batch-builder.ts';
import { LaneState } from './lane-state.ts';
import { partOf } from './parts.ts';
import { type Request, request } from './request.ts';
import { foldLane, laneOfTopics } from './take-lane.ts';
import { CacheLostError } from './write-state.ts';

/**
 * The rules of a lane's state under random histories: two nodes that both believe in their lane,
 * commands that repeat, answers that get lost, flushes that land late or never, evictions,
 * crashes, dropped caches, planned moves, clocks that go back. After every step all that a node
 * holds must be a fold of the log.
 */

const topics = ['left', 'right'];
const limits = { streams: 3, bytes: 1e9, dirtyStreams: 4, dirtyBytes: 1e9 };

const aggregates = new Map([
  ['left', trail('left')],
  ['right', trailInParts('right')],
] as [string, Aggregate][]);

const command = (topic: string): Command => ({
  aggregate: aggregates.get(topic) as Aggregate,
  name: 'write',
  route: null,
  role: operator,
  input: z.unknown(),
  stream: (input) => ({ key: 'k', id: String((input as { stream: number }).stream) }),
  ...(topic === 'right' && { part: (input) => (input as { part: string }).part }),
  decide: (input, _state, { nextNumber }) => {
    const { events, part } = input as { events: number; part: string };
    const numbered = { type: `${topic} numbered`, data: { nextNumber, part } };
    return [numbered, { type: 'Written', data: { part } }].slice(0, events);
  },
});
const commands = topics.map(command);

type Asked = { topic: number; stream: number; key: number };

const asked = ({ topic, stream, key }: Asked): Request =>
  request(
    commands[topic] as Command,
    // The events depend on the key alone: a repeat asks for the same.
    { stream, events: (key % 2) + 1, part: `p${key % 3}` },
    { userId: 'u', roles: new Set() },
    {
      idempotencyKey: `key-${key}`,
      expectedVersion: null,
      trace: { correlationid: 'c', causationid: null, traceparent: '' },
    },
  );

class Node {
  state: LaneState;
  producer: FencedProducer | null = null;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.state = this.#fresh();
  }

  #fresh(): LaneState {
    return new LaneState(aggregates, this.#world.store.asStore(this), limits);
  }

  crash(): void {
    this.state.drop();
    this.state = this.#fresh();
    this.producer = null;
  }

  async take(): Promise<void> {
    this.producer = null;
    try {
      this.producer = await this.#world.settling(this, this.#takeWith(this.state));
    } catch (error) {
      if (!(error instanceof CacheLostError)) throw error;
      this.crash();
    }
  }

  async #takeWith(state: LaneState): Promise<FencedProducer> {
    const log = this.#world.log.asLog() as Log;
    const producer = await log.producer('owner');
    const place = { lane: 0, prefix: '', topics };
    const barriers = await producer.barrier(laneOfTopics(place));
    await foldLane(barriers, { ...place, log, codec: modelCodec, state, silenceMs: 1_000 });
    return producer;
  }

  async write(requests: Request[], late: Request[], fate: Fate, clock: number): Promise<void> {
    if (!this.producer) return;
    try {
      if (this.state.hot.dirtyFull) await this.#world.settling(this, this.state.flush());
      await this.state.load(() =>
        [...requests, ...late].flatMap(({ stream, item: { part } }) =>
          part ? [stream, part] : [stream],
        ),
      );
      const builder = new BatchBuilder({
        stream: (name) => this.state.hot.get(name),
        encode: modelCodec.encode,
        source: 's',
        numbers: (type) => ({ next: (this.state.row.numbers[type] ?? 0) + 1, step: 1 }),
      });
      this.#world.log.fate = fate;
      const { batch } = builder;
      const decide = (some: Request[]) => {
        const before = batch.events.length;
        const left = builder.take(some, Math.max(clock, this.state.row.lastTime));
        const records = batch.events.slice(before).map(({ topic, key, value }) => {
          return { topic, key, value, lane: 0, timestamp: 1 };
        });
        return { left, records };
      };
      const { left, records } = decide(requests);
      if (records.length === 0) return;
      const offsets = await this.producer.append(records, () => {
        builder.begun();
        return decide([...left, ...late]).records;
      });
      this.state.commit(batch, offsets);
      for (const { request, decision } of batch.decided) {
        if (decision.kind === 'fails') continue;
        this.#world.acknowledge(request.commandid, decision.version);
      }
    } catch (error) {
      this.producer = null;
      if (error instanceof CacheLostError) this.crash();
      else if (!(error instanceof InDoubtError)) throw error;
    }
  }

  /** Leaves the lane to another, as far as its store lets it. */
  async drain(): Promise<void> {
    if (this.producer) await this.#world.settling(this, this.state.flush()).catch(() => undefined);
    this.crash();
  }

  flush(): void {
    if (!this.producer || this.state.flushing) return;
    const { state } = this;
    state.flush().catch((error) => {
      if (error instanceof CacheLostError && this.state === state) this.crash();
    });
  }
}

class World {
  readonly log = new ModelLog(topics);
  readonly store = new ModelStore();
  readonly nodes = [new Node(this), new Node(this)];
  readonly acknowledged = new Map<string, number>();

  /** The same command never gets two different answers. */
  acknowledge(commandid: string, version: number): void {
    expect(this.acknowledged.get(commandid) ?? version).toBe(version);
    this.acknowledged.set(commandid, version);
  }

  /** A node that waits for its own flush gets it; another's may still be under way. */
  async settling<T>(node: Node, work: Promise<T>): Promise<T> {
    let done = false;
    const mark = () => {
      done = true;
    };
    work.then(mark, mark);
    while (!done) {
      this.store.landAllOf(node);
      await new Promise(setImmediate);
    }
    return work;
  }

  /** Every stream in the log is gapless, every acknowledged command is in it exactly once. */
  checkLog(): void {
    const versions = new Map<string, number>();
    const found = new Map<string, number>();
    for (const { event } of this.log.committed()) {
      const { subject, sequence, commandid } = event.meta;
      expect(sequence, subject).toBe((versions.get(subject) ?? 0) + 1);
      versions.set(subject, sequence);
      if (sequence === this.acknowledged.get(commandid)) {
        found.set(commandid, (found.get(commandid) ?? 0) + 1);
      }
    }
    for (const commandid of this.acknowledged.keys()) expect(found.get(commandid)).toBe(1);
    for (const topic of topics) this.#checkOrder(topic);
  }

  /** Numbers are handed out in turn, each once; time never runs back. */
  #checkOrder(topic: string): void {
    const events = this.log.committed().filter((one) => one.topic === topic);
    const numbers = events.flatMap(({ event: { type, data } }) =>
      type === `${topic} numbered` ? [(data as { nextNumber: number }).nextNumber] : [],
    );
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    const times = events.map(({ event }) => event.meta.time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }

  /** A node whose cache was dropped notices at its next read or flush, and begins anew. */
  async #takenWithItsCache(node: Node): Promise<void> {
    for (;;) {
      await node.take();
      if (!node.producer) continue;
      const isOurs = await node.state
        .load(() => ['left/none'])
        .then(
          () => true,
          () => false,
        );
      if (isOurs) return;
      node.crash();
    }
  }

  /** The lane's owner, and only it, knows every stream and part as a fresh fold of the log does. */
  async checkOwner(node: Node): Promise<void> {
    await this.#takenWithItsCache(node);
    const folds = new Map<string, string[]>();
    const versions = new Map<string, number>();
    for (const { event, topic } of this.log.committed()) {
      const { subject, id, sequence } = event.meta;
      const part = partOf(aggregates.get(topic) as Aggregate, event);
      const add = (name: string, text: string) => {
        folds.set(name, [...(folds.get(name) ?? []), text]);
        versions.set(name, sequence);
      };
      add(subject, part ? `${folds.get(part)?.length ?? 0} ${id}` : id);
      if (part) add(part, id);
    }
    await node.state.load(() => [...folds.keys()]);
    for (const [name, ids] of folds) {
      const stream = node.state.hot.get(name);
      const state = name.startsWith('right/') ? { all: ids } : ids;
      expect({ name, state: stream?.state }).toEqual({ name, state });
      expect(stream?.version).toBe(versions.get(name));
    }
  }
}

const oneAsked: fc.Arbitrary<Asked> = fc.record({
  topic: fc.nat(1),
  stream: fc.nat(3),
  key: fc.nat(30),
});
const who = fc.nat(1);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), who }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      who,
      asked: fc.array(oneAsked, { minLength: 1, maxLength: 4 }),
      late: fc.array(oneAsked, { maxLength: 3 }),
      clock: fc.integer({ min: 1, max: 9 }),
      fate: fc.constantFrom<Fate>('answered', 'answered', 'answered', 'lost-after', 'lost-before'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('flush' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('land' as const, 'fail' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'drain' as const), who }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop cache' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function run(world: World, next: Step): Promise<void> {
  switch (next.do) {
    case 'take':
      return world.nodes[next.who]?.take();
    case 'write': {
      const [now, late] = [next.asked.map(asked), next.late.map(asked)];
      return world.nodes[next.who]?.write(now, late, next.fate, next.clock);
    }
    case 'drain':
      return world.nodes[next.who]?.drain();
    case 'flush':
      return world.nodes[next.who]?.flush();
    case 'crash':
      return world.nodes[next.who]?.crash();
    case 'land':
    case 'fail':
      world.store.pending.shift()?.[next.do]();
      await new Promise(setImmediate);
      return;
    case 'drop cache':
      return world.store.dropCache();
  }
}

it('an owner’s state is a fold of the log after any crash, late flush or cache loss', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const world = new World();
      for (const next of steps) await run(world, next);
      world.checkLog();
      await world.checkOwner(world.nodes[0] as Node);
      await world.checkOwner(world.nodes[1] as Node);
    }),
    { numRuns: Number(process.env.MODEL_RUNS ?? 3_000) },
  );
}, 120_000);
