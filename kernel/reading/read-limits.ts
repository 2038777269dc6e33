import { operator } from '../auth/roles.ts';
import type { Caller } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { AnswerCache } from './answer-cache.ts';
import { AskedUrls } from './asked.ts';
import { ClientShares } from './client-shares.ts';
import { ReadLimiter } from './read-limiter.ts';

export type ReadLimits = {
  /** Reads that the database answers at once; a quarter as many more of operators. */
  atOnce: number;
  /** Reads that wait for their turn, and reads that wait for a consistency token. */
  queue: number;
  /** Memory for answers that may be given again. */
  answerCacheBytes: number;
  /** A slower answer is given up: the database is away or overrun. */
  answerWithinMs: number;
};

export const readLimitsOf = (config: Config): ReadLimits => ({
  atOnce: config.readsAtOnce,
  queue: config.readQueueLimit,
  answerCacheBytes: config.answerCacheMb * 2 ** 20,
  answerWithinMs: 5_000,
});

/** The turns of the reads of one kind of caller. */
export type Turns = {
  limiter: ReadLimiter;
  /** Those that wait for a consistency token, which costs the database nothing. */
  behind: ClientShares;
};

/** What the reads of all routes share. */
export class SharedLimits {
  readonly answers: AnswerCache;
  readonly urls = new AskedUrls();
  readonly answerWithinMs: number;
  readonly #users: Turns;
  readonly #operators: Turns;

  constructor(limits: ReadLimits) {
    const { atOnce, queue } = limits;
    this.answers = new AnswerCache(limits);
    this.answerWithinMs = limits.answerWithinMs;
    this.#users = turns(atOnce, queue);
    this.#operators = turns(Math.ceil(atOnce / 4), Math.ceil(queue / 4));
  }

  /** Operators have to see what is going on while users take all turns. */
  turnsOf(caller: Caller | null): Turns {
    return caller?.roles.has(operator) ? this.#operators : this.#users;
  }
}

const turns = (atOnce: number, queue: number): Turns => ({
  limiter: new ReadLimiter({ atOnce, queue }),
  behind: new ClientShares(queue),
});
