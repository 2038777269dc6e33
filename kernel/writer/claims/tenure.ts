import { type FencedProducer, InDoubtError, type Log } from '../../log/log.ts';

/**
 * The time in which a node appends under one name, for all of its lanes. The name is used once: no
 * producer had it before, and when this one is lost, the next tenure has another.
 */
export class Tenure {
  readonly name: string;
  readonly producer: FencedProducer;
  readonly #over = new AbortController();

  private constructor(name: string, producer: FencedProducer) {
    this.name = name;
    this.producer = producer;
  }

  /** The producer is started before anybody can read of its name in a claim, and never again. */
  static async begin(name: string, log: Pick<Log, 'producer'>): Promise<Tenure> {
    return new Tenure(name, await log.producer(name));
  }

  /** Aborts when the name can't be used any more: all lanes have to be taken again. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** @throws InDoubtError once it is over. */
  check(): void {
    if (!this.over.aborted) return;
    throw new InDoubtError('The lane has to be taken again.', { cause: this.over.reason });
  }

  async end(reason: unknown): Promise<void> {
    if (this.over.aborted) return;
    this.#over.abort(reason);
    await this.producer.close().catch(() => undefined);
  }
}
