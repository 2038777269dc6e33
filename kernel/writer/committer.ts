import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  AbortedError,
  InDoubtError,
  type Log,
  type Offset,
  type RecordToAppend,
  type TopicLane,
} from '../log/log.ts';
import type { Measured } from '../tracing/messaging-metrics.ts';
import { tracedWork } from '../tracing/traced-work.ts';
import type { Traced } from '../tracing/tracing.ts';
import { Claims } from './claims/claims.ts';
import { Fences } from './claims/fences.ts';
import { type Entered, LaneClaim, type Taken } from './claims/lane-claim.ts';
import { Tenure } from './claims/tenure.ts';
import { Probes } from './probes.ts';

type Told = Traced & Measured;

export type CommitterOptions = Told & {
  log: Log;
  prefix: string;
  /** Of this process, and of no other before or after it; with the prefix. */
  name: string;
  onWarning(message: string): void;
};

/** What a lane wants to have committed; each is called once, when the node's transaction forms. */
export type LaneWork = {
  /** Decides what waits. @returns its records; none if nothing has to be appended. */
  form(): RecordToAppend[];
  /** The transaction has begun: more records for topics that it has records of this lane for. */
  late(): RecordToAppend[];
};

type Asked = { tenure: Tenure; lanes: TopicLane[]; work: LaneWork | null };
type Waiting = Asked & PromiseWithResolvers<Offset[]>;
type Formed = Waiting & { records: RecordToAppend[]; late: RecordToAppend[] };

/**
 * Commits for all lanes of a node: one transaction at a time, with all that waits. A transaction
 * costs the node and Kafka much the same whether it carries one event or a hundred. Nothing
 * lingers: a lane that is alone with its command doesn't wait for others.
 */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #claims: Claims;
  readonly #fences: Fences;
  readonly #probes: Probes;
  readonly #lanes = new Map<number, LaneClaim>();
  #tenures = 0;
  #tenure: Promise<Tenure> | null = null;
  #begun: Tenure | null = null;
  #waiting: Waiting[] = [];
  #isWorking = false;
  #committed = 0;
  #closed = false;

  constructor(options: CommitterOptions) {
    const { log, prefix } = options;
    this.#options = options;
    this.#claims = new Claims(log, prefix);
    this.#fences = new Fences(log);
    this.#probes = new Probes(log, options.name);
  }

  /** How many transactions with events have committed. */
  get transactions(): number {
    return this.#committed;
  }

  /** This process is going to take the lane, once those who work it here have left it. */
  enter(lane: number): Entered {
    return this.#laneClaim(lane).enter();
  }

  /**
   * Makes this node the only one that can append to a lane.
   * @param topicLanes the lane's partitions.
   * @throws Error if that has to be tried again.
   */
  async take(lane: number, topicLanes: TopicLane[]): Promise<Taken> {
    const tenure = await this.#current();
    return this.#laneClaim(lane).take(tenure, topicLanes);
  }

  /**
   * Appends for a lane in the node's next transaction.
   * @returns the offset of each record.
   * @throws InDoubtError when the lane has to be taken again. @throws AbortedError when nothing was
   *   appended, and the commands have to be decided again.
   */
  async commit(tenure: Tenure, lanes: TopicLane[], work: LaneWork): Promise<Offset[]> {
    await this.#probes.well(lanes);
    return this.#add({ tenure, lanes, work });
  }

  /** Shows that nobody else has taken the lane until now. @throws as `commit`. */
  async confirm(tenure: Tenure, lanes: TopicLane[]): Promise<void> {
    await this.#add({ tenure, lanes, work: null });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#probes.close();
    // One that is only beginning ends by itself, when the log closes.
    void this.#tenure?.catch(() => undefined);
    await this.#begun?.end(new InDoubtError('the node has closed'));
    this.#fences.close();
    await this.#claims.close();
  }

  #laneClaim(lane: number): LaneClaim {
    const known = this.#lanes.get(lane);
    if (known) return known;
    const { prefix, name } = this.#options;
    const parts = { claims: this.#claims, fences: this.#fences };
    const made = new LaneClaim({ ...parts, lane, prefix, barrierName: `${name}-barrier` });
    this.#lanes.set(lane, made);
    return made;
  }

  /** The tenure of the moment; a new one when the last is over. */
  async #current(): Promise<Tenure> {
    if (this.#closed) throw new InDoubtError('the node has closed');
    this.#tenure ??= this.#begin();
    return this.#tenure;
  }

  #begin(): Promise<Tenure> {
    const { log, name } = this.#options;
    const begun = Tenure.begin(`${name}-${this.#tenures++}`, log);
    const forget = () => {
      if (this.#tenure === begun) this.#tenure = null;
    };
    begun.then((tenure) => {
      this.#begun = tenure;
      tenure.over.addEventListener('abort', forget);
    }, forget);
    return begun;
  }

  #add(asked: Asked): Promise<Offset[]> {
    const waiting = { ...asked, ...Promise.withResolvers<Offset[]>() };
    this.#waiting.push(waiting);
    if (!this.#isWorking) void this.#work();
    return waiting.promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    // What comes in the same turn of the event loop shares the first transaction.
    await nextTurn();
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const [tenure, some] of Map.groupBy(waiting, ({ tenure }) => tenure)) {
        await this.#commitTogether(tenure, some);
      }
      // Lanes that have just been answered join the next transaction, if they have work.
      await nextTurn();
    }
    this.#isWorking = false;
  }

  /** Never rejects. */
  async #commitTogether(tenure: Tenure, waiting: readonly Waiting[]): Promise<void> {
    const formed: Formed[] = [];
    for (const one of waiting) {
      try {
        tenure.check();
        const records = one.work?.form() ?? [];
        if (records.length > 0) formed.push({ ...one, records, late: [] });
        else if (one.work) one.resolve([]);
      } catch (error) {
        one.reject(error);
      }
    }
    const confirming = waiting.filter(({ work }) => work === null);
    try {
      if (formed.length > 0) {
        await appendAll(tenure, formed, this.#options);
        this.#committed += 1;
      }
      if (confirming.length > 0) await confirmAll(tenure, confirming);
    } catch (error) {
      for (const one of [...formed, ...confirming]) one.reject(error);
      await this.#failed(tenure, error);
    }
  }

  async #failed(tenure: Tenure, error: unknown): Promise<void> {
    if (error instanceof AbortedError) this.#probes.begin(error.lanes);
    else await tenure.end(error);
    this.#options.onWarning(String(error));
  }
}

/** One transaction for all of them. */
async function appendAll(
  tenure: Tenure,
  formed: readonly Formed[],
  { tracer, durations }: Told,
): Promise<void> {
  const first = formed.flatMap(({ records }) => records);
  const late = () =>
    formed.flatMap((one) => {
      one.late = one.work?.late() ?? [];
      return one.late;
    });
  const messages = () => formed.flatMap(({ records, late }) => [...records, ...late]);
  const about = { name: 'events', operation: 'send', messages } as const;
  const append = () => tracedWork(tracer, about, () => tenure.append(first, late));
  const offsets = await (durations?.of(append) ?? append());
  const firsts = offsets.slice(0, first.length);
  const lates = offsets.slice(first.length);
  for (const { records, late, resolve } of formed) {
    resolve([...firsts.splice(0, records.length), ...lates.splice(0, late.length)]);
  }
}

async function confirmAll(tenure: Tenure, waiting: readonly Waiting[]): Promise<void> {
  await tenure.confirm(waiting.flatMap(({ lanes }) => lanes));
  for (const { resolve } of waiting) resolve([]);
}
