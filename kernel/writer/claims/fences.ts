import {
  AbortedError,
  type FencedProducer,
  InDoubtError,
  keyOf,
  type Log,
  type Position,
  type TopicLane,
} from '../../log/log.ts';
import { type Batched, Batcher } from '../../mongo/batcher.ts';
import { AppendLimit } from './append-limit.ts';

/** So long a producer that fences is kept, for other lanes of the node that it fenced. */
const keptMs = 10_000;

type Asked = Batched<TopicLane[], Position[]>;
type Fence = {
  producer: Promise<FencedProducer>;
  barriers: Batcher<TopicLane[], Position[]>;
};

/**
 * Starts producers under the names of others, which fences these, and appends barriers. Lanes that
 * are taken at the same time share them: a second start of a name would fence the first.
 */
export class Fences {
  readonly #log: Pick<Log, 'producer'>;
  readonly #fences = new Map<string, Fence>();
  readonly #limit = new AppendLimit();

  constructor(log: Pick<Log, 'producer'>) {
    this.#log = log;
  }

  /** Once it has resolved, no older producer of this name can commit. */
  async fence(name: string): Promise<void> {
    await this.#fence(name).producer;
  }

  /**
   * Appends a barrier to each of the lanes and aborts it. @returns their offsets.
   * @throws InDoubtError, whose `fenced` says that another process has fenced the same name since.
   */
  barrier(name: string, lanes: TopicLane[]): Promise<Position[]> {
    return this.#fence(name).barriers.add(lanes);
  }

  close(): void {
    for (const [name, fence] of this.#fences) void this.#forget(name, fence);
  }

  #fence(name: string): Fence {
    const known = this.#fences.get(name);
    if (known) return known;
    const producer = this.#log.producer(name);
    const fence: Fence = {
      producer,
      barriers: new Batcher((batch) => this.#together(name, fence, batch)),
    };
    this.#fences.set(name, fence);
    const forget = () => void this.#forget(name, fence);
    producer.then(() => setTimeout(forget, keptMs).unref(), forget);
    return fence;
  }

  /** Lanes that can't be appended to are left out, so that they don't hold up the others. */
  async #together(name: string, fence: Fence, batch: readonly Asked[]): Promise<void> {
    try {
      const producer = await fence.producer;
      const lanes = batch.flatMap(({ item }) => item);
      const found = await this.#limit.under((limit) => producer.barrier(lanes, limit));
      for (const { item, done } of batch) done.resolve(found.splice(0, item.length));
    } catch (error) {
      const stuck = new Set(error instanceof AbortedError ? error.lanes.map(keyOf) : []);
      const isStuck = ({ item }: Asked) =>
        stuck.size === 0 || item.some((lane) => stuck.has(keyOf(lane)));
      for (const one of batch.filter(isStuck)) one.done.reject(error);
      const others = batch.filter((one) => !isStuck(one));
      if (others.length > 0) return this.#together(name, fence, others);
      if (!(error instanceof InDoubtError)) return;
      await this.#forget(name, fence);
      // Aborts what may have been left open: readers would wait for its end.
      if (!error.fenced) await this.fence(name).catch(() => undefined);
    }
  }

  async #forget(name: string, fence: Fence): Promise<void> {
    if (this.#fences.get(name) === fence) this.#fences.delete(name);
    const producer = await fence.producer.catch(() => undefined);
    await producer?.close().catch(() => undefined);
  }
}
