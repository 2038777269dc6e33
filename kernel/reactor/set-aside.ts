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

/** The name under which a reactor's letters stand beside those of the views. */
export const letterBox = ({ name }: Pick<AnyReactor, 'name'>): string => `reactor:${name}`;

/**
 * Events that a reactor can't read, kept among the dead letters: they are passed, stay visible,
 * and are tried again whenever the lane is taken, so after every new version.
 */
export class SetAside {
  readonly #letters: Collection<DeadLetter>;
  readonly #topic: string;
  readonly #place: { view: string; generation: string; lane: number };

  constructor(db: Db, reactor: AnyReactor, lane: number) {
    this.#letters = deadLettersOf(db);
    this.#topic = reactor.topic;
    this.#place = { view: letterBox(reactor), generation: letterBox(reactor), lane };
  }

  async put(record: LogRecord, error: Error): Promise<void> {
    await park(this.#letters, [deadLetter(this.#place, this.#topic, record, error)]);
  }

  /** As they were read, in order. */
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
