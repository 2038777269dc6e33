import type { Address } from './cluster.ts';
import { type Connections, textOf } from './connections.ts';
import { coordinatorErrors, nameOf, ok } from './error-codes.ts';
import type { TopicLane } from './log.ts';
import type { Report } from './reports.ts';
import {
  type Answer,
  type ClusterMetadata,
  findCoordinatorRequest,
  metadataRequest,
  type Request,
  type TopicMetadata,
} from './requests.ts';

export type Leader = Address & { node: number; epoch: number };

/** The brokers to which a producer's requests go; tests put a stub here. */
export type Routes = {
  leader(of: TopicLane): Leader | undefined;
  refresh(topics: Iterable<string>): Promise<void>;
  /** @throws when no broker answers, or none knows yet. */
  coordinator(transactionalId: string): Promise<Address>;
  /** Asks one broker, beside a producer's own connections. @throws as `Wires.send`. */
  askOne<T extends Answer>(to: Address, request: Request<T>): Promise<T>;
};

/** After a refresh within this time the next one asks another broker: the last may be stale. */
const distrustMs = 1_000;

/** The leader of each lane, shared by all readers and producers of one log. */
export class Metadata implements Routes {
  readonly #seeds: Address[];
  readonly #connections: Connections;
  readonly #report: Report;
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #wanted = new Set<string>();
  #brokers = new Map<number, Address>();
  #clusterId: string | null = null;
  #turn = 0;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #flight: { topics: number; done: Promise<void> } | undefined;

  constructor(seeds: Address[], connections: Connections, report: Report) {
    this.#seeds = seeds;
    this.#connections = connections;
    this.#report = report;
  }

  leader({ topic, lane }: TopicLane): Leader | undefined {
    const found = this.#topics.get(topic)?.lanes[lane];
    const address = found && this.#brokers.get(found.leader);
    return address && { ...address, node: found.leader, epoch: found.epoch };
  }

  /** The last metadata of a topic, its errors included; lanes are sorted. */
  topic(topic: string): TopicMetadata | undefined {
    return this.#topics.get(topic);
  }

  get clusterId(): string | null {
    return this.#clusterId;
  }

  /** @throws NotSentError or LostAnswerError of the last broker asked, when none answers. */
  async refresh(topics: Iterable<string> = []): Promise<void> {
    for (const topic of topics) this.#wanted.add(topic);
    const flight = this.#flight;
    if (flight) {
      if (flight.topics === this.#wanted.size) return flight.done;
      await flight.done.catch(() => {});
      return this.refresh();
    }
    const done = this.#refresh().finally(() => {
      this.#flight = undefined;
    });
    this.#flight = { topics: this.#wanted.size, done };
    return done;
  }

  async coordinator(transactionalId: string): Promise<Address> {
    const { error, host, port } = await this.ask(findCoordinatorRequest(transactionalId));
    if (error === ok) return { host, port };
    if (coordinatorErrors.has(error)) this.#turn++;
    throw new Error(`the coordinator of ${transactionalId} is not known: ${nameOf(error)}`);
  }

  /** Asks any broker, each at most once. @throws the error of the last one. */
  async ask<T extends Answer>(request: Request<T>): Promise<T> {
    const addresses = this.#addresses();
    let failure: unknown;
    for (let tried = 0; tried < addresses.length; tried++) {
      try {
        const to = addresses[this.#turn % addresses.length] as Address;
        return await this.#connections.send(to, request);
      } catch (error) {
        failure = error;
        this.#turn++;
        if (!this.#connections.isClosed) this.#report('broker', (error as Error).message);
      }
    }
    throw failure;
  }

  /** The topics of the whole cluster, asked anew. @throws as `ask`. */
  async allTopics(): Promise<TopicMetadata[]> {
    return (await this.ask(metadataRequest(null))).topics;
  }

  /** Asks one broker for something only it can answer. */
  askOne<T extends Answer>(to: Address, request: Request<T>): Promise<T> {
    return this.#connections.send(to, request);
  }

  #addresses(): Address[] {
    const known = [...this.#brokers.values()];
    const seen = new Set(known.map(textOf));
    return [...known, ...this.#seeds.filter((seed) => !seen.has(textOf(seed)))];
  }

  async #refresh(): Promise<void> {
    if (performance.now() - this.#refreshedAt < distrustMs) this.#turn++;
    this.#learn(await this.ask(metadataRequest([...this.#wanted])));
    this.#refreshedAt = performance.now();
  }

  #learn({ brokers, clusterId, topics }: ClusterMetadata): void {
    if (brokers.length === 0) return; // a broker that is just starting
    this.#brokers = new Map(brokers.map(({ node, host, port }) => [node, { host, port }]));
    this.#clusterId = clusterId;
    for (const topic of topics) {
      const lanes: TopicMetadata['lanes'] = [];
      for (const lane of topic.lanes) lanes[lane.lane] = lane;
      this.#topics.set(topic.topic, { ...topic, lanes });
    }
    this.#connections.keepOnly([...this.#brokers.values()]);
  }
}
