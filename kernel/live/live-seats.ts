import type { Config } from '../config.ts';
import { Problem } from '../problems.ts';

export type LiveLimits = {
  /** Streams that a node keeps open; those without a token take three quarters of it at most. */
  connections: number;
  /** 0 is no limit. */
  perUser: number;
  perAddress: number;
};

export const liveLimitsOf = (config: Config): LiveLimits => ({
  connections: config.liveConnections,
  perUser: config.livePerUser,
  perAddress: config.livePerAddress,
});

/** Who opens a stream. Without a token it is an address; null if only its proxy's is known. */
export type Sitter = { user: string } | { address: string | null };

const retryAfterSeconds = 10;

/** Counts open streams, so that nobody takes all of a node's. */
export class LiveSeats {
  readonly #limits: LiveLimits;
  readonly #taken = new Map<string, number>();
  #all = 0;
  #anonymous = 0;

  constructor(limits: LiveLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#all;
  }

  /**
   * @returns gives the seat back.
   * @throws Problem `rate-limited` or `overloaded`
   */
  take(sitter: Sitter): () => void {
    const { connections, perUser, perAddress } = this.#limits;
    const isAnonymous = !('user' in sitter);
    const share = isAnonymous ? Math.ceil((connections * 3) / 4) : connections;
    if (this.#all >= connections || (isAnonymous && this.#anonymous >= share)) {
      const detail = 'This node has as many live streams as it takes; try again in a moment.';
      throw new Problem('overloaded', detail, { retryAfterSeconds });
    }
    const key = isAnonymous ? sitter.address : `user ${sitter.user}`;
    const most = isAnonymous ? perAddress : perUser;
    const own = key === null ? 0 : (this.#taken.get(key) ?? 0);
    if (key !== null && most > 0 && own >= most) {
      const whose = isAnonymous ? 'address' : 'user';
      const detail = `One ${whose} has ${most} live streams at once at most; close another one.`;
      throw new Problem('rate-limited', detail, { retryAfterSeconds });
    }
    if (key !== null) this.#taken.set(key, own + 1);
    this.#all += 1;
    if (isAnonymous) this.#anonymous += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#all -= 1;
      if (isAnonymous) this.#anonymous -= 1;
      if (key === null) return;
      const left = (this.#taken.get(key) ?? 1) - 1;
      if (left > 0) this.#taken.set(key, left);
      else this.#taken.delete(key);
    };
  }
}
