import type { Collection, Db } from 'mongodb';
import type { LogRecord } from '../log/log.ts';
import {
  type DeadLetter,
  deadLetter,
  deadLettersOf,
  park,
  recordOf,
} from '../projector/dead-letters/dead-letters.ts';
import type { AnyReactor } from '../reactor.ts';

/** The view and generation of a reactor's dead letters, which share a collection with views'. */
export const deadLetterOwner = ({ name }: Pick<AnyReactor, 'name'>): string => `reactor:${name}`;

/**
 * Events that a reactor can't read, kept as dead letters. The lane passes them, and tries them
 * again whenever it is taken, so with every new version of the code.
 */
export class ParkedEvents {
  readonly #letters: Collection<DeadLetter>;
  readonly #topic: string;
  readonly #place: { view: string; generation: string; lane: number };

  constructor(db: Db, reactor: AnyReactor, lane: number) {
    this.#letters = deadLettersOf(db);
    this.#topic = reactor.topic;
    this.#place = { view: deadLetterOwner(reactor), generation: deadLetterOwner(reactor), lane };
  }

  async put(record: LogRecord, error: Error): Promise<void> {
    await park(this.#letters, [deadLetter(this.#place, this.#topic, record, error)]);
  }

  /** The parked records as they were read, in order. */
  async *records(prefix: string): AsyncGenerator<LogRecord> {
    const { generation, lane } = this.#place;
    const found = this.#letters.find({ generation, lane }).sort({ offset: 1 });
    for await (const letter of found) yield recordOf(letter, prefix);
  }

  async remove({ offset }: LogRecord): Promise<void> {
    const { generation, lane } = this.#place;
    await this.#letters.deleteOne({ generation, lane, offset });
  }
}
