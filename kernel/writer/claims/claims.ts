import type { Log, LogReader, LogRecord, Offset } from '../../log/log.ts';
import { claimsTopic } from '../../log/topic-names.ts';
import type { ClaimRecord } from './protocol.ts';

/**
 * Stands for a name that no process can claim again, but which counts as claimed where there is no
 * record of it. So this one must stay, while the tombstones of other names go.
 */
const ended = Buffer.from('{"ended":true}');

/** The topic of claims: partition i says which names may write lane i. */
export class Claims {
  readonly #log: Pick<Log, 'put'>;
  readonly #reader: LogReader;
  readonly #topic: string;

  constructor(log: Pick<Log, 'put' | 'reader'>, prefix: string) {
    this.#log = log;
    this.#reader = log.reader();
    this.#topic = claimsTopic(prefix);
  }

  /** @returns the claim's offset. @throws InDoubtError or LogUnavailableError as `put`. */
  claim(lane: number, name: string): Promise<Offset> {
    const since = new Date().toISOString();
    return this.#put(lane, name, Buffer.from(JSON.stringify({ since })));
  }

  /** All that stands before an offset. */
  async before(lane: number, offset: Offset): Promise<ClaimRecord[]> {
    const topic = this.#topic;
    const subscription = this.#reader.subscribe([{ topic, lane, next: 0 }], {
      until: [{ topic, lane, next: offset }],
      compacted: true,
    });
    const found: ClaimRecord[] = [];
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      found.push(...chunks.flatMap(({ records }) => records.map(claimOf)));
      chunks = await subscription.take();
    }
    // A subscription that was closed early brings nothing more either, but then this throws.
    await subscription.take();
    return found;
  }

  /** Says that a name can't write the lane any more. @throws as `claim`. */
  async end(lane: number, name: string, { forGood = false } = {}): Promise<void> {
    await this.#put(lane, name, forGood ? ended : null);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #put(lane: number, name: string, value: Buffer | null): Promise<Offset> {
    return this.#log.put({ topic: this.#topic, lane, key: name, value, timestamp: Date.now() });
  }
}

const claimOf = ({ key, value }: LogRecord): ClaimRecord => ({
  name: String(key),
  live: value !== null && !value.equals(ended),
});
