import type { Db, MongoClient } from 'mongodb';
import { aborted, sleep } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import type { DatabaseClock } from '../leases/database-clock.ts';
import {
  holdLeases,
  type LaneWork,
  type Lease,
  type LeaseHolder,
  type Member,
} from '../leases/leases.ts';
import type { Log, LogReader } from '../log/log.ts';
import type { AnyProjection } from '../projection.ts';
import type { Measured } from '../tracing/messaging-metrics.ts';
import type { Traced } from '../tracing/tracing.ts';
import { build } from './building/build.ts';
import type { BuildProgress } from './building/lane-board.ts';
import type { DocumentCache } from './document-cache.ts';
import { Generations, viewId } from './generations/generations.ts';
import type { GroupCommit } from './group-commit.ts';
import { type ProjectionStatus, projectLane } from './projection-pass.ts';

export type ViewProjectorOptions = Traced &
  Measured & {
    projection: AnyProjection;
    client: MongoClient;
    db: Db;
    log: Log;
    codec: Codec;
    /** Shared by all views of the process, so that topics of several views are read once. */
    reader: LogReader;
    commits: GroupCommit;
    cache: DocumentCache;
    /** Stands before the topics' names in the log. */
    prefix: string;
    lanes: number;
    member: Member;
    leaseTtlMs: number;
    clock?: DatabaseClock;
    onWarning(message: string): void;
  };

const lookEveryMs = 2_000;
const pastDeadlineMs = 20;

/**
 * One view version in this process: works its share of the lanes on the generation that is
 * served, and builds the first generation if there is none.
 */
export class ViewProjector {
  /** By lane; only lanes that this process works. */
  readonly statuses = new Map<number, ProjectionStatus>();
  readonly view: string;
  /** Events read by this process's build of the view; null while it builds none. */
  building: number | null = null;
  readonly #options: ViewProjectorOptions;
  #passed = 0;
  readonly #generations: Generations;
  readonly #closing = new AbortController();
  readonly #lanes: LeaseHolder;
  readonly #looking: Promise<void>;
  #builder: LeaseHolder | undefined;
  #active: string | null = null;
  #switched = new AbortController();
  #wake = new AbortController();

  constructor(options: ViewProjectorOptions) {
    this.#options = options;
    this.view = viewId(options.projection.view);
    this.#generations = new Generations(options.db, options.projection.view);
    this.#lanes = this.#hold('projector', options.lanes, (lease) => this.#work(lease));
    this.#looking = this.#look();
  }

  /** Events passed by all lanes that were worked here. */
  get passed(): number {
    return [...this.statuses.values()].reduce((sum, { events }) => sum + events, this.#passed);
  }

  /** Called when any view was switched: looks at once whether it was this one. */
  look(): void {
    this.#wake.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#lanes.close(), this.#builder?.close()]);
    await this.#looking;
  }

  #hold(role: string, lanes: number, work: (lease: Lease) => LaneWork): LeaseHolder {
    const { client, db, member, leaseTtlMs: ttlMs, clock, onWarning } = this.#options;
    return holdLeases({
      client,
      database: db.databaseName,
      role: `${role}:${this.view}`,
      lanes,
      member,
      ttlMs,
      clock,
      dropAtDeadline: true,
      work,
      onWarning,
    });
  }

  /** Looks now and then for the generation that is served. */
  async #look(): Promise<void> {
    const { signal } = this.#closing;
    const closing = aborted(signal);
    while (!signal.aborted) {
      // While Mongo is away an answer may take long; closing doesn't wait for it.
      this.#wake = new AbortController();
      await Promise.race([this.#lookOnce().catch(() => {}), closing]);
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      await sleep(lookEveryMs, woken);
    }
  }

  async #lookOnce(): Promise<void> {
    const model = await this.#generations.read();
    const active = model?.active ?? null;
    if (model?.retired?.length || model?.reserved?.length) await this.#generations.sweep();
    if (this.#closing.signal.aborted) return;
    if (!active) {
      this.#builder ??= this.#hold('builder', 1, (lease) => this.#build(lease));
    } else if (active !== this.#active) {
      const before = this.#switched;
      this.#active = active;
      this.#switched = new AbortController();
      before.abort();
      void this.#builder?.close();
      this.#builder = undefined;
    }
  }

  #work(lease: Lease): LaneWork {
    const own = new AbortController();
    const stop = AbortSignal.any([own.signal, lease.lost]);
    const status: ProjectionStatus = { stopped: null, trouble: null, events: 0, parked: 0 };
    const run = async () => {
      while (!stop.aborted) {
        const switched = this.#switched.signal;
        const generation = this.#active;
        const untilSwitch = AbortSignal.any([stop, switched]);
        if (generation === null) await aborted(untilSwitch);
        // After a sleep of the process past the deadline, this runs before the deadline's timer.
        else if (!lease.valid) await sleep(pastDeadlineMs, stop);
        else {
          const place = { view: this.view, generation, lane: lease.lane };
          await projectLane({ ...this.#options, lease, place, status, stop: untilSwitch });
        }
      }
      if (this.statuses.get(lease.lane) === status) this.statuses.delete(lease.lane);
      this.#passed += status.events;
    };
    this.statuses.set(lease.lane, status);
    const done = run();
    const drain = () => {
      own.abort();
      return done;
    };
    return { drain };
  }

  /** Builds the first generation of this view version, then serves it. */
  #build(lease: Lease): LaneWork {
    const own = new AbortController();
    const stop = AbortSignal.any([own.signal, lease.lost]);
    const done = this.#buildOnce(stop).catch((error: Error) => {
      if (!stop.aborted) this.#builder?.giveUp(lease, error.message);
    });
    const drain = () => {
      own.abort();
      return done;
    };
    return { drain };
  }

  async #buildOnce(stop: AbortSignal): Promise<void> {
    if ((await this.#generations.read())?.active) return;
    this.building = 0;
    try {
      const onProgress = ({ events }: BuildProgress) => {
        this.building = events;
      };
      const { generation } = await build({ ...this.#options, stop, onProgress });
      // If another process has taken the build over, this does nothing, and that one serves it.
      await this.#generations.activate(generation);
    } finally {
      this.building = null;
    }
    await this.#lookOnce();
  }
}
