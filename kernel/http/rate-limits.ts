import { isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';
import {
  type ClientRateLimitInfo,
  ipKeyGenerator,
  rateLimit,
  type Store,
} from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { service } from '../auth/roles.ts';
import type { Caller } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { Problem } from '../problems.ts';

/** Requests a minute that a node takes; 0 is no limit. */
export type RateLimits = { perUser: number; perService: number; perAddress: number };

export const rateLimitsOf = (config: Config): RateLimits => ({
  perUser: config.rateLimitPerUser,
  perService: config.rateLimitPerService,
  perAddress: config.rateLimitPerAddress,
});

const windowMs = 60_000;
/** Beyond these the clients that were silent longest are forgotten. */
const clientsRemembered = 20_000;

/**
 * Counts each request for one client: a user, a service, or an address where there is no caller.
 * Wrong tokens are counted apart, so that they don't take an address's anonymous reads away.
 */
export class RateCounters {
  readonly #anonymous: RequestHandler;
  readonly #users: RequestHandler;
  readonly #services: RequestHandler;
  readonly #wrongTokens: RequestHandler;
  readonly #wrong = new BoundedStore();
  readonly #limits: RateLimits;

  constructor(limits: RateLimits) {
    const { perUser, perService, perAddress } = limits;
    this.#limits = limits;
    this.#anonymous = counter('address', perAddress, clientAddress);
    this.#users = counter('user', perUser, userOf);
    this.#services = counter('service', perService, userOf);
    this.#wrongTokens = counter('wrong-tokens', perAddress, clientAddress, this.#wrong);
  }

  readonly anonymous: RequestHandler = (...given) => this.#anonymous(...given);
  readonly wrongToken: RequestHandler = (...given) => this.#wrongTokens(...given);

  ofCaller(caller: Caller): RequestHandler {
    return caller.roles.has(service) ? this.#services : this.#users;
  }

  /** Whether an address has sent so many wrong tokens that none of its tokens is looked at. */
  isGuessing(req: Request): boolean {
    const { perAddress } = this.#limits;
    return perAddress > 0 && this.#wrong.hits(clientAddress(req)) >= perAddress;
  }
}

/** The address that a request comes from; of IPv6, the network that one client commonly has. */
export function clientAddress(req: Request): string {
  const addresses = [req.ip, req.socket.remoteAddress];
  return ipKeyGenerator(addresses.find((address) => isIP(address ?? '') !== 0) ?? '');
}

const userOf = ({ caller }: Request): string => caller?.userId ?? '';

function counter(
  name: string,
  limit: number,
  keyGenerator: (req: Request) => string,
  store = new BoundedStore(),
): RequestHandler {
  if (limit === 0) return (_req, _res, next) => next();
  return rateLimit({
    ...{ windowMs, limit, keyGenerator, store, identifier: name },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (_req, res, next) => {
      const retryAfterSeconds = Number(res.getHeader('Retry-After')) || windowMs / 1_000;
      const detail = `${limit} a minute are taken of one client (${name}).`;
      next(new Problem('rate-limited', detail, { retryAfterSeconds }));
    },
  });
}

/** Counts in memory, whose size doesn't grow with the number of clients. */
export class BoundedStore implements Store {
  readonly localKeys = true;
  readonly #windows = new LRUCache<string, { hits: number; resetTime: Date }>({
    max: clientsRemembered,
  });

  increment(key: string): ClientRateLimitInfo {
    const window = this.#current(key) ?? { hits: 0, resetTime: new Date(Date.now() + windowMs) };
    window.hits += 1;
    this.#windows.set(key, window);
    return { totalHits: window.hits, resetTime: window.resetTime };
  }

  decrement(key: string): void {
    const window = this.#current(key);
    if (window) window.hits -= 1;
  }

  resetKey(key: string): void {
    this.#windows.delete(key);
  }

  hits(key: string): number {
    return this.#current(key)?.hits ?? 0;
  }

  /** The window that has begun; none if the clock was set back since. */
  #current(key: string) {
    const window = this.#windows.get(key);
    const leftMs = (window?.resetTime.getTime() ?? 0) - Date.now();
    return leftMs > 0 && leftMs <= windowMs ? window : undefined;
  }
}
