import { setTimeout as pause } from 'node:timers/promises';
import type { ConsistencyToken } from '../consistency-token.ts';
import { Problem } from '../problems.ts';
import type { Log } from './log.ts';
import { topicName } from './topic-names.ts';

/** Which topics and lanes a log has: the places that a consistency token may name. */
export class LogPlaces {
  readonly #log: Pick<Log, 'topics'>;
  readonly #prefix: string;
  #lanes: ReadonlyMap<string, number> = new Map();
  /** A log only gets more topics and lanes. */
  readonly #checked = new WeakSet<ConsistencyToken>();
  readonly #everyMs: number;
  #listedAt: number;
  #listing: Promise<void> | null = null;

  /** @param everyMs topics are listed no more often, however many tokens name unknown ones. */
  constructor(log: Pick<Log, 'topics'>, prefix: string, everyMs = 1_000) {
    this.#log = log;
    this.#prefix = prefix;
    this.#everyMs = everyMs;
    this.#listedAt = performance.now() - everyMs;
  }

  /**
   * A topic that isn't known yet is looked for: a newer node may have made it.
   * @throws Problem `invalid-token` for a place that the log doesn't have; `part-away` when that
   * can't be found out.
   */
  async check(token: ConsistencyToken): Promise<void> {
    if (this.#checked.has(token)) return;
    const places = Object.keys(token.seen).map(placeOf);
    if (places.some(({ topic }) => this.#lanesOf(topic) === undefined)) await this.#list();
    for (const { topic, lane } of places) {
      const lanes = this.#lanesOf(topic);
      if (lanes !== undefined && lane < lanes) continue;
      const why = lanes === undefined ? 'there is no such topic' : `it has ${lanes} lanes`;
      const detail = `The token names lane ${lane} of ${topic.slice(0, 100)}, but ${why}.`;
      throw new Problem('invalid-token', detail);
    }
    this.#checked.add(token);
  }

  #lanesOf(topic: string): number | undefined {
    return this.#lanes.get(topicName(this.#prefix, topic));
  }

  /** Calls share a list that begins after all of them. */
  #list(): Promise<void> {
    this.#listing ??= this.#listAgain();
    return this.#listing;
  }

  async #listAgain(): Promise<void> {
    await pause(Math.max(0, this.#listedAt + this.#everyMs - performance.now()));
    this.#listing = null;
    this.#listedAt = performance.now();
    try {
      this.#lanes = await this.#log.topics();
    } catch (cause) {
      throw new Problem('part-away', 'Kafka can’t tell now whose token this is.', { cause });
    }
  }
}

function placeOf(at: string): { topic: string; lane: number } {
  const colon = at.lastIndexOf(':');
  return { topic: at.slice(0, colon), lane: Number(at.slice(colon + 1)) };
}
