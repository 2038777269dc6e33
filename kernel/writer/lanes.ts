import type { MongoClient } from 'mongodb';
import type { Aggregate } from '../aggregate.ts';
import { Backoff } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import { DatabaseClock } from '../leases/database-clock.ts';
import {
  holdLeases,
  type Lease,
  type LeaseHolder,
  type Member,
  type Owner,
} from '../leases/leases.ts';
import { laneOf } from '../log/lane-of.ts';
import type { Log } from '../log/log.ts';
import { transactionalId } from '../log/topic-names.ts';
import type { KnownPeople } from '../personal/sealing.ts';
import { Problem } from '../problems.ts';
import type { Measured } from '../tracing/messaging-metrics.ts';
import type { Traced } from '../tracing/tracing.ts';
import { Committer } from './committer.ts';
import { LaneOutages } from './lane-outages.ts';
import { LaneMovedError, LaneWriter } from './lane-writer.ts';
import { retireOlderLeases, writerRole } from './older-leases.ts';
import type { Outcome, Request } from './request.ts';
import { sharedReaders } from './shared-readers.ts';
import { mongoLaneStore, prepareStore, sweepCaches } from './store.ts';
import { StreamReads } from './stream-reads.ts';
import { defaultStreamLimits } from './streams.ts';
import type { WriterLimits } from './writer-options.ts';

export const defaultWriterLimits: WriterLimits = {
  queue: 10_000,
  waitMs: 5_000,
  doubtMs: 10_000,
  attempts: 5,
  flushMs: 4_000,
  flushStreams: 2_000,
  silenceMs: 15_000,
  streams: defaultStreamLimits,
};

export type LanesOptions = Traced &
  Measured & {
    aggregates: readonly Aggregate[];
    client: MongoClient;
    database: string;
    log: Log;
    codec: Codec;
    lanes: number;
    /** Stands before the names of topics and transactional ids. */
    prefix: string;
    /** The `source` in the events' `meta`. */
    source: string;
    member: Member;
    leaseTtlMs: number;
    /** Of the process; lanes are worked while it shows the database's time. */
    clock?: DatabaseClock;
    limits: WriterLimits;
    skipped?: ReadonlySet<string> | undefined;
    /** The people whose text is encrypted. */
    knownPeople?: KnownPeople | undefined;
    onWarning(message: string): void;
  };

/**
 * Sends a command to the node that owns its lane.
 * @param gone aborts when another node owns the lane, so that a sleeping node is not waited for.
 */
export type Forward = (owner: Owner, gone: AbortSignal) => Promise<Outcome>;

export type LaneStatus = {
  lane: number;
  open: boolean;
  waiting: number;
  hot: number;
  dirty: number;
  /** In which the lane had events; other lanes may have had some in the same ones. */
  transactions: number;
  commands: number;
  events: number;
  /** Transactions of which it was not known whether they had committed. */
  inDoubt: number;
  /** How often another node's producer had taken the lane over. */
  fenced: number;
  /** Of the last transactions; null before the first. */
  latencyMs: { p50: number; p99: number } | null;
};

/** All lanes as one node sees them: it writes those it owns, and knows the owners of the others. */
export type Lanes = {
  /** @throws Problem as the command's decision says, or because its lane can't be reached now. */
  submit(request: Request, forward: Forward): Promise<Outcome>;
  /**
   * Decides a command that another node forwards to the owner of that term. In a later term the
   * command may have been answered elsewhere, so a copy that arrives late must not be decided.
   * @throws Problem as `submit`; `lane-unavailable` in another term.
   */
  decide(request: Request, term: number): Promise<Outcome>;
  status(): LaneStatus[];
  /** How many transactions this node has committed, for all of its lanes together. */
  transactions(): number;
  /** The other nodes that own lanes now. */
  peers(): Member[];
  /** Every lane has an owner that can be asked. */
  ready(): boolean;
  /** Finishes what was accepted and gives all lanes back; later commands go to the new owners. */
  leave(): Promise<void>;
  close(): Promise<void>;
};

const oldCacheMs = 24 * 3_600_000;

export async function openLanes(options: LanesOptions): Promise<Lanes> {
  const { client, database, aggregates, member, clock = new DatabaseClock() } = options;
  const db = client.db(database);
  await prepareStore(db);
  const stateVersion = stateVersionOf(aggregates);
  await retireOlderLeases(db, options.lanes, options.onWarning);
  await sweepCaches(db, stateVersion, oldCacheMs);
  const writers = new Map<number, LaneWriter>();
  const committer = committerOf(options);
  const reads = new StreamReads(db);
  const readers = sharedReaders(options.log);
  const outages = new LaneOutages();
  const allLanes = Array.from({ length: options.lanes }, (_, lane) => lane);
  const holder: LeaseHolder = await holdLeases({
    ...{ client, database, member, clock, lanes: options.lanes },
    role: writerRole,
    ttlMs: options.leaseTtlMs,
    dropAtDeadline: false,
    onWarning: options.onWarning,
    work: (lease) => work(lease),
  });

  function work(lease: Lease) {
    const writer = laneWriter(lease, { stateVersion, committer, reads, readers, clock }, options);
    writers.set(lease.lane, writer);
    writer
      .run()
      .catch((error: Error) => {
        options.onWarning(`Lane ${lease.lane} can't be written: ${error.message}`);
        holder.giveUp(lease, error.message);
      })
      .finally(() => {
        if (writers.get(lease.lane) === writer) writers.delete(lease.lane);
      });
    return { drain: () => writer.drain() };
  }

  return {
    submit(request, forward) {
      const lane = laneOf(request.key, options.lanes);
      const routing = { writers, holder, member, lane };
      return outages.watch(lane, () => route(request, forward, routing));
    },
    async decide(request, term) {
      const lane = laneOf(request.key, options.lanes);
      const writer = holder.held(lane)?.term === term ? writers.get(lane) : undefined;
      if (!writer) throw noOwner();
      return outages
        .watch(lane, () => writer.submit(request))
        .catch((error: unknown) => {
          throw error instanceof LaneMovedError ? noOwner() : error;
        });
    },
    peers() {
      const owners = allLanes.map((lane) => holder.ownerOf(lane));
      const others = owners.filter((owner) => owner && isOther(owner, member)) as Owner[];
      return [...new Map(others.map((owner) => [owner.id, owner])).values()];
    },
    status: () =>
      [...writers].sort(([a], [b]) => a - b).map(([lane, writer]) => statusOf(lane, writer)),
    transactions: () => committer.transactions,
    ready: () =>
      allLanes.every((lane) => writers.get(lane)?.open || isOther(holder.ownerOf(lane), member)),
    leave: () => holder.leave(),
    async close() {
      await holder.close();
      await committer.close();
    },
  };
}

/** A process has names of its own, which none had before. */
const committerOf = ({ log, prefix, member, tracer, durations, onWarning }: LanesOptions) =>
  new Committer({
    ...{ log, prefix, tracer, durations, onWarning },
    name: transactionalId(prefix, `writer-${member.id}`),
  });

type Shared = {
  stateVersion: string;
  committer: Committer;
  reads: StreamReads;
  readers: Pick<Log, 'reader'>;
  clock: DatabaseClock;
};

function laneWriter(
  lease: Lease,
  { stateVersion, committer, reads, readers, clock }: Shared,
  options: LanesOptions,
): LaneWriter {
  const { aggregates, client, database, codec, prefix, source, onWarning } = options;
  const { lane, session } = lease;
  return new LaneWriter({
    lane,
    laneCount: options.lanes,
    prefix,
    lease,
    log: readers,
    codec,
    aggregates: new Map(aggregates.map((aggregate) => [aggregate.topic, aggregate])),
    store: mongoLaneStore({ client, database, lane, stateVersion, session, reads }),
    source,
    limits: options.limits,
    skipped: options.skipped,
    committer,
    knownPeople: options.knownPeople,
    now: () => clock.now(),
    onWarning: (message) => onWarning(`Lane ${lane}: ${message}`),
  });
}

type Routing = {
  writers: ReadonlyMap<number, LaneWriter>;
  holder: LeaseHolder;
  member: Member;
  lane: number;
};

const pauses = { firstMs: 20, factor: 1.5, maxMs: 200 };

/** Tries the lane's owner of the moment until there is an answer or time is up. */
async function route(request: Request, forward: Forward, routing: Routing): Promise<Outcome> {
  const { lane } = routing;
  const backoff = new Backoff(pauses);
  do {
    const writer = routing.writers.get(lane);
    const owner = routing.holder.ownerOf(lane);
    try {
      if (writer && !writer.closed) return await writer.submit(request);
      if (owner && isOther(owner, routing.member)) {
        const hasMoved = () => routing.holder.ownerOf(lane)?.term !== owner.term;
        return await whileNot(hasMoved, (gone) => forward(owner, gone));
      }
    } catch (error) {
      if (!(error instanceof LaneMovedError)) throw error;
    }
    if (!routing.holder.hasSuccessor()) break;
    routing.holder.look();
  } while (await backoff.pause(request.until));
  throw noOwner();
}

const noOwner = () =>
  new Problem(
    'lane-unavailable',
    'No node owns the lane of this command just now; try again in a moment.',
  );

const lookEveryMs = 250;

/** Aborts the work as soon as something has happened. */
async function whileNot<T>(happened: () => boolean, work: (gone: AbortSignal) => Promise<T>) {
  const gone = new AbortController();
  const look = setInterval(() => happened() && gone.abort(), lookEveryMs);
  try {
    return await work(gone.signal);
  } finally {
    clearInterval(look);
  }
}

const isOther = (owner: Member | undefined, member: Member) =>
  owner !== undefined && owner.id !== member.id;

/** A new state version of any aggregate leads to a new cache. */
export const stateVersionOf = (aggregates: readonly Aggregate[]) =>
  aggregates
    .map(({ topic, stateVersion }) => `${topic}.${stateVersion}`)
    .sort()
    .join(',');

const statusOf = (lane: number, writer: LaneWriter): LaneStatus => ({
  lane,
  open: writer.open,
  waiting: writer.waiting,
  hot: writer.state.hot.size,
  dirty: writer.state.hot.dirtySize,
  ...writer.done,
  // Metrics ask for the status many times, and not for this.
  get latencyMs() {
    return writer.latencies.quantiles();
  },
});
