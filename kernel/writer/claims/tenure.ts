import {
  AbortedError,
  type FencedProducer,
  InDoubtError,
  type Log,
  type Offset,
  type RecordToAppend,
  type TopicLane,
} from '../../log/log.ts';
import { AppendLimit } from './append-limit.ts';
import { producersOf } from './protocol.ts';

/**
 * The time in which a node appends under one name, for all of its lanes. The name is used once: no
 * producer had it before, and when this one is lost, the next tenure has another.
 */
export class Tenure {
  readonly name: string;
  readonly #producers: readonly FencedProducer[];
  #turn = 0;
  readonly #limit = new AppendLimit();
  readonly #over = new AbortController();

  private constructor(name: string, producers: readonly FencedProducer[]) {
    this.name = name;
    this.#producers = producers;
  }

  /** The producers are started before anybody can read their name in a claim, and never again. */
  static async begin(name: string, log: Pick<Log, 'producer'>): Promise<Tenure> {
    const starting = await Promise.allSettled(producersOf(name).map((id) => log.producer(id)));
    const started = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = starting.find((one) => one.status === 'rejected');
    if (!failed) return new Tenure(name, started);
    await closeAll(started);
    throw failed.reason;
  }

  /**
   * Appends in one transaction, as `FencedProducer` does.
   * @throws AbortedError if nothing was appended, and the tenure goes on.
   */
  async append(records: RecordToAppend[], late: () => RecordToAppend[]): Promise<Offset[]> {
    try {
      return await this.#limit.under((limit) => this.#producer.append(records, late, limit));
    } catch (error) {
      const isStuck = error instanceof AbortedError && error.lanes.length === 0;
      if (isStuck) this.#turn = (this.#turn + 1) % this.#producers.length;
      throw error;
    }
  }

  /** Succeeds only while nobody has fenced the name. */
  async confirm(lanes: TopicLane[]): Promise<void> {
    await this.#limit.under((limit) => this.#producer.barrier(lanes, limit));
  }

  /** Aborts when the name can't be used any more: all lanes have to be taken again. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Of all lanes that were taken under the name, once it is over. */
  get lost(): InDoubtError {
    const { reason: cause } = this.over;
    const fenced = cause instanceof InDoubtError && cause.fenced;
    return new InDoubtError('The lane has to be taken again.', { cause, fenced });
  }

  /** @throws InDoubtError once it is over. */
  check(): void {
    if (this.over.aborted) throw this.lost;
  }

  async end(reason: unknown): Promise<void> {
    if (this.over.aborted) return;
    this.#over.abort(reason);
    await closeAll(this.#producers);
  }

  get #producer(): FencedProducer {
    return this.#producers[this.#turn] as FencedProducer;
  }
}

const closeAll = (producers: readonly FencedProducer[]) =>
  Promise.all(producers.map((one) => one.close().catch(() => undefined)));
