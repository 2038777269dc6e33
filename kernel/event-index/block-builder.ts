import type { Millis } from '../event.ts';
import { lastOf } from '../following/last-record.ts';
import type { Chunk, LogRecord } from '../log/log.ts';
import { type Block, blockId, blockNumber, segmentId, segmentNumber } from './blocks.ts';
import { hashIn, placeHash } from './event-ids.ts';

type Open = { number: number; ids: Set<number>; first: Millis; last: Millis; record: LogRecord };

/** Makes blocks of one place from its records, in order; a block once all its offsets are read. */
export class BlockBuilder {
  readonly #place: string;
  readonly #hash: number;
  #open: Open | null = null;
  #before: Block | null;

  /** @param before the last block that is stored. */
  constructor(place: string, before: Block | null) {
    this.#place = place;
    this.#hash = placeHash(place);
    this.#before = before;
  }

  /** @param idsOf the ids of a record's event; none if it can't be decoded. */
  add({ records, next }: Chunk, idsOf: (record: LogRecord) => readonly string[]): Block[] {
    const closed: Block[] = [];
    for (const record of records) {
      const number = blockNumber(record.offset);
      if (this.#open && this.#open.number < number) closed.push(this.#close(this.#open));
      this.#open ??= { number, ids: new Set(), first: record.timestamp, last: 0, record };
      const { ids, first, last } = this.#open;
      for (const id of idsOf(record)) ids.add(hashIn(this.#hash, id));
      this.#open.first = Math.min(first, record.timestamp);
      this.#open.last = Math.max(last, record.timestamp);
      this.#open.record = record;
    }
    const passed = blockNumber(next) - 1;
    if (this.#open && this.#open.number <= passed) closed.push(this.#close(this.#open));
    // Offsets without records, such as transaction markers, are passed as well.
    if (!this.#open && passed > (this.#before?.number ?? -1)) closed.push(this.#empty(passed));
    return closed;
  }

  #close({ number, ids, first, last, record }: Open): Block {
    this.#open = null;
    return this.#made({ number, ids: [...ids], first, last, lastRecord: lastOf(record) });
  }

  #empty(number: number): Block {
    const { last = 0, lastRecord = null } = this.#before ?? {};
    return this.#made({ number, ids: [], first: last, last, lastRecord });
  }

  #made(block: Omit<Block, '_id' | 'place' | 'segment'>): Block {
    const _id = blockId(this.#place, block.number);
    const segment = segmentId(this.#place, segmentNumber(block.number));
    this.#before = { _id, place: this.#place, segment, ...block };
    return this.#before;
  }
}
