import type { Millis } from '../event.ts';
import type { RecordToAppend } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { type Batch, BatchBuilder, recordOf } from './batch-builder.ts';
import type { LaneWork } from './committer.ts';
import type { LaneState } from './lane-state.ts';
import type { LaneQueue } from './queue.ts';
import type { Waiting } from './waiting.ts';
import type { WriterOptions } from './writer-options.ts';

type Options = Pick<
  WriterOptions,
  'codec' | 'lane' | 'laneCount' | 'now' | 'knownPeople' | 'prefix' | 'source'
> & {
  state: LaneState;
  queue: LaneQueue;
};

const nothing: Batch<Waiting> = { decided: [], events: [], tentative: new Map() };

/**
 * A lane's part of one transaction of the node. Waiting commands are decided when the transaction
 * forms; those that come while it begins still join it, so that fewer transactions are needed.
 */
export class LaneBatch implements LaneWork {
  readonly #options: Options;
  #builder: BatchBuilder<Waiting> | null = null;
  #now: Millis = 0;
  /** A `performance.now()`. */
  formedAt = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get batch(): Batch<Waiting> {
    return this.#builder?.batch ?? nothing;
  }

  form(): RecordToAppend[] {
    // A lane that was closed meanwhile has no commands.
    if (!this.#options.state.taken) return [];
    this.#now = this.#options.now();
    this.formedAt = performance.now();
    this.#builder = this.#newBuilder();
    return this.#decide();
  }

  late(): RecordToAppend[] {
    this.#builder?.begun();
    return this.#options.state.taken ? this.#decide() : [];
  }

  /** @returns the records of the commands that it has decided just now. */
  #decide(): RecordToAppend[] {
    const { queue, state, prefix, lane } = this.#options;
    const { batch } = this;
    const before = batch.events.length;
    const time = Math.max(this.#now, state.row.lastTime);
    queue.putBack(this.#builder?.take(queue.take(batch), time) ?? []);
    return batch.events.slice(before).map((event) => recordOf(event, { prefix, lane }));
  }

  #newBuilder(): BatchBuilder<Waiting> {
    const { prefix, codec, source, lane, laneCount, knownPeople: people, state } = this.#options;
    const { hot, row } = state;
    return new BatchBuilder({
      stream: (name) => hot.get(name),
      encode: (topic, event) => codec.encode(topicName(prefix, topic), event),
      source,
      people,
      numbers: (type) => {
        const next = (row.numbers[type] ?? 0) * laneCount + lane + 1;
        return { next, step: laneCount };
      },
    });
  }
}
