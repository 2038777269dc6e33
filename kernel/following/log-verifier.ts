import type { Chunk, Log, Offset, Position } from '../log/log.ts';
import { contextOf, topicName } from '../log/topic-names.ts';
import { digestOf, type LastRecord } from './last-record.ts';

/** The log isn't the one that the checkpoint was made on, so reading must not go on from there. */
export class LogChangedError extends Error {
  override name = 'LogChangedError';
}

/** The parts of a checkpoint that are compared with the log, by topic without prefix. */
export type VerifiedCheckpoint = {
  lane: number;
  /** The offsets read next. */
  next: Record<string, Offset>;
  last: Record<string, LastRecord>;
};

/**
 * Checks a checkpoint against the log: reading begins with the last record before the checkpoint,
 * which has to be unchanged. So reading never goes on in a topic that was recreated or truncated.
 */
export class LogVerifier {
  readonly #checkpoint: VerifiedCheckpoint;
  readonly #prefix: string;
  readonly #cure: string;
  /** By topic, the last records that have not been seen again yet. */
  readonly #expected: Map<string, LastRecord>;

  constructor(checkpoint: VerifiedCheckpoint, prefix: string, cure: string) {
    this.#checkpoint = checkpoint;
    this.#prefix = prefix;
    this.#cure = cure;
    this.#expected = new Map(Object.entries(checkpoint.last));
  }

  /** @throws LogChangedError when the checkpoint lies beyond the log's end. */
  async checkEnds(log: Log): Promise<void> {
    const { next, lane } = this.#checkpoint;
    for (const [topic, offset] of Object.entries(next)) {
      const end = (await log.stableOffsets(topicName(this.#prefix, topic)))[lane];
      if (end === undefined)
        throw new LogChangedError(`${topic} has no lane ${lane}. ${this.#cure}`);
      if (offset > end) {
        const where = `${topic}/${lane} ends at ${end}, but ${offset} is to be read next`;
        throw new LogChangedError(`${where}: it was cut off or made anew. ${this.#cure}`);
      }
    }
  }

  /** Where reading begins. */
  positions(): Position[] {
    const { next, lane } = this.#checkpoint;
    return Object.entries(next).map(([topic, offset]) => ({
      topic: topicName(this.#prefix, topic),
      lane,
      next: this.#expected.get(topic)?.offset ?? offset,
    }));
  }

  /**
   * @returns the chunks without the records before the checkpoint.
   * @throws LogChangedError when the last record before the checkpoint has changed.
   */
  newIn(chunks: Chunk[]): Chunk[] {
    if (this.#expected.size === 0) return chunks;
    return chunks.map((chunk) => {
      const topic = contextOf(this.#prefix, chunk.topic);
      const expected = this.#expected.get(topic);
      if (!expected) return chunk;
      const [first, ...records] = chunk.records;
      if (first?.offset !== expected.offset || digestOf(first) !== expected.digest) {
        const where = `${topic}/${chunk.lane} has another record at offset ${expected.offset}`;
        throw new LogChangedError(`${where} than was folded: it was made anew. ${this.#cure}`);
      }
      this.#expected.delete(topic);
      return { ...chunk, records };
    });
  }
}
