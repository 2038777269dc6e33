import { LaneReadError, type Log, type LogReader, type LogRecord } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import type { Piece } from './place-search.ts';

/** A reader has one request under way at each broker. */
const readers = 4;

/** Reads pieces of the log, several at once. */
export class PieceReader {
  readonly #log: Log;
  readonly #prefix: string;
  #readers: LogReader[] | null = null;

  constructor(log: Log, prefix: string) {
    this.#log = log;
    this.#prefix = prefix;
  }

  async close(): Promise<void> {
    await Promise.all((this.#readers ?? []).map((reader) => reader.close()));
  }

  /** @param isWanted chooses records by their value, before any is kept. */
  async read(pieces: readonly Piece[], isWanted: (value: Buffer) => boolean): Promise<LogRecord[]> {
    this.#readers ??= Array.from({ length: readers }, () => this.#log.reader());
    const [reader] = this.#readers;
    const all = await Promise.all(
      distinct(pieces).map((some, at) =>
        this.#readSome(this.#readers?.[at % readers] ?? reader!, some, isWanted),
      ),
    );
    return all.flat();
  }

  async #readSome(
    reader: LogReader,
    pieces: readonly Piece[],
    isWanted: (value: Buffer) => boolean,
  ): Promise<LogRecord[]> {
    const at = (piece: Piece, next: number) => {
      const { context, lane } = piece.place.options;
      return { topic: topicName(this.#prefix, context), lane, next };
    };
    const subscription = reader.subscribe(
      pieces.map((piece) => at(piece, piece.from)),
      { until: pieces.map((piece) => at(piece, piece.until)), compacted: true },
    );
    const found: LogRecord[] = [];
    try {
      for (;;) {
        const chunks = await subscription.take();
        if (chunks.length === 0) return found;
        for (const { records } of chunks) {
          for (const record of records)
            if (record.value && isWanted(record.value)) found.push(record);
        }
      }
    } catch (error) {
      // Kafka has deleted them since their offsets were asked for.
      if (error instanceof LaneReadError && error.code === 'out-of-range') return found;
      throw error;
    } finally {
      await subscription.close();
    }
  }
}

/** Lists with one piece of each place, since a subscription has a lane once. */
function distinct(pieces: readonly Piece[]): Piece[][] {
  const lists: Piece[][] = [];
  const used = new Map<unknown, number>();
  for (const piece of pieces) {
    const at = used.get(piece.place) ?? 0;
    used.set(piece.place, at + 1);
    lists[at] = [...(lists[at] ?? []), piece];
  }
  return lists;
}
