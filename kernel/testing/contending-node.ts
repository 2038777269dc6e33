import { z } from 'zod';
import type { Aggregate, Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import type { FencedProducer, Log } from '../log/log.ts';
import { namesOf } from '../log/topic-names.ts';
import { Committer } from '../writer/committer.ts';
import { LaneWriter } from '../writer/lane-writer.ts';
import { defaultWriterLimits } from '../writer/lanes.ts';
import { request } from '../writer/request.ts';
import type { LaneStore } from '../writer/store.ts';
import type { ContendedClient } from './contended-log.ts';
import { modelCodec } from './lane-model.ts';

export const topic = 'counted';

/** Counts its events; each says which one it is. */
export const counter: Aggregate<{ count: number }> = {
  topic,
  stateVersion: 1,
  initial: { count: 0 },
  evolve: ({ count }) => ({ count: count + 1 }),
};

/** So that nothing is given up only because the test takes its time. */
const unlimited = { waitMs: 1e8, doubtMs: 1e8, silenceMs: 1e8, flushMs: 1e8, attempts: 1e8 };

/** Nothing is cached: whoever takes the lane folds all of it. */
const emptyStore: LaneStore = {
  take: async () => ({ cacheId: 'c', next: {}, last: {}, lastTime: 0, numbers: {}, types: [] }),
  load: async (_, names) => new Map(names().map((name) => [name, null])),
  flush: async () => true,
};

/** Where the event is that a command led to. */
export type Answer = { offset: number; commandid: string };

type Told = {
  /** Somebody still gives this node the lane. */
  mayTake(): boolean;
  /** It decides on a lane that it has so many events of. */
  decides(lane: number, count: number): void;
  /** It can't work the lane any more. */
  fails(error: unknown): void;
};

/**
 * The real writers of one node's lanes. Every node believes that all lanes are its own: leases,
 * which make that rare, are left out.
 */
export class ContendingNode {
  readonly name: string;
  alive = true;
  /** What has come to it: all that it knows follows from that. */
  readonly #seen: string[] = [];
  /** How many names it has claimed lanes under, or is about to; and the last of them. */
  names = 0;
  lastName = '';
  readonly #client: ContendedClient;
  readonly #told: Told;
  readonly #committer: Committer;
  readonly #writers = new Map<number, LaneWriter>();
  /** Also writers that are being drained. */
  #running = 0;
  readonly #asked = new Set<number>();

  constructor(name: string, client: ContendedClient, told: Told) {
    this.name = name;
    this.#client = client;
    this.#told = told;
    const log = { ...client, producer: (id: string) => this.#producer(id) } as Log;
    this.#committer = new Committer({ log, prefix: '', name, onWarning: () => undefined });
  }

  /** Takes the lane, and works it until it is told to drain it. */
  enter(lane: number): void {
    const told = this.#told;
    const writer = new LaneWriter({
      ...{ lane, laneCount: 2, prefix: '', source: '/test' },
      aggregates: new Map([[topic, counter as Aggregate]]),
      lease: {
        get valid() {
          return told.mayTake();
        },
        lost: new AbortController().signal,
        passOn: () => false,
      },
      log: this.#client as Log,
      codec: modelCodec,
      store: emptyStore,
      committer: this.#committer,
      limits: { ...defaultWriterLimits, ...unlimited },
      now: () => 0,
      onWarning: () => undefined,
    });
    this.#writers.set(lane, writer);
    this.#running += 1;
    const left = () => {
      this.#running -= 1;
    };
    writer.run().then(left, (error: unknown) => this.#told.fails(error));
  }

  /** It starts the name for itself. */
  isNew(name: string): boolean {
    const own = [this.lastName, `${this.lastName}-spare`, `${this.name}-barrier`];
    return own.flatMap(namesOf).includes(name);
  }

  /** It waits until all are started that it needs, so their order makes no difference to it. */
  sees(what: string): void {
    const isStart = (one: string | undefined) => one?.startsWith('start ') ?? false;
    let at = this.#seen.length;
    while (isStart(what) && isStart(this.#seen[at - 1]) && (this.#seen[at - 1] as string) > what) {
      at -= 1;
    }
    this.#seen.splice(at, 0, what);
  }

  get history(): string {
    return this.#seen.join();
  }

  /** It has the lane, or tries to. */
  has(lane: number): boolean {
    return this.#writers.has(lane);
  }

  isOpen(lane: number): boolean {
    return this.#writers.get(lane)?.open ?? false;
  }

  /** It waits for the log or a clock. */
  get isBusy(): boolean {
    const isOpen = [...this.#writers.values()].every(({ open }) => open);
    return !isOpen || this.#asked.size > 0 || this.#running > this.#writers.size;
  }

  /** A client waits for its answer. */
  isAsked(lane: number): boolean {
    return this.#asked.has(lane);
  }

  /** It may enter again before it has left. */
  drain(lane: number): void {
    this.#writers.get(lane)?.drain();
    this.#writers.delete(lane);
  }

  /** Sends a command. */
  async submit(lane: number, idempotencyKey: string): Promise<Answer> {
    const writer = this.#writers.get(lane);
    if (!writer) throw new Error(`${this.name} has left lane ${lane}`);
    const trace = { correlationid: 'c', causationid: null, traceparent: '' };
    const caller = { userId: 'u', roles: new Set<string>() };
    const options = { idempotencyKey, expectedVersion: null, trace };
    const asked = request(this.#count(lane), {}, caller, options);
    this.#asked.add(lane);
    try {
      const { seen } = await writer.submit(asked);
      return { offset: seen?.offset ?? -1, commandid: asked.commandid };
    } finally {
      this.#asked.delete(lane);
    }
  }

  #producer(id: string): Promise<FencedProducer> {
    if (id === `${this.name}-${this.names}`) {
      this.names += 1;
      this.lastName = id;
    }
    return this.#client.producer(id);
  }

  #count(lane: number): Command {
    return {
      aggregate: counter as Aggregate,
      name: 'count',
      route: null,
      role: operator,
      input: z.unknown(),
      stream: () => ({ key: 'k', id: `lane-${lane}` }),
      decide: (_, state) => {
        const { count } = state as { count: number };
        this.#told.decides(lane, count);
        return [{ type: 'Counted', data: { number: count + 1 } }];
      },
    };
  }
}
