import { isIP, isIPv6, type Socket } from 'node:net';
import type { Request, Response } from 'express';
import { Address6 } from 'ip-address';
import { LRUCache } from 'lru-cache';
import { service } from '../auth/roles.ts';
import type { Caller } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { Problem } from '../problems.ts';
import { setCommon } from './common-headers.ts';

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
  readonly #anonymous: RateCounter;
  readonly #users: RateCounter;
  readonly #services: RateCounter;
  readonly #wrongTokens: RateCounter;

  constructor({ perUser, perService, perAddress }: RateLimits) {
    this.#anonymous = new RateCounter('address', perAddress);
    this.#users = new RateCounter('user', perUser);
    this.#services = new RateCounter('service', perService);
    this.#wrongTokens = new RateCounter('wrong-tokens', perAddress);
  }

  /** @throws Problem `rate-limited`, as the others. */
  anonymous(req: Request, res: Response): void {
    this.#anonymous.count(clientAddress(req), res);
  }

  /** @param requests how many this one counts for. */
  ofCaller({ userId, roles }: Caller, res: Response, requests = 1): void {
    const counter = roles.has(service) ? this.#services : this.#users;
    counter.count(userId, res, requests);
  }

  wrongToken(req: Request, res: Response): void {
    this.#wrongTokens.count(clientAddress(req), res);
  }

  /** Whether an address has sent so many wrong tokens that no further one of it is verified. */
  isGuessing(req: Request): boolean {
    return this.#wrongTokens.isUsedUp(clientAddress(req));
  }
}

/** The address that a request comes from; of IPv6, the network that one client commonly has. */
export function clientAddress(req: Request): string {
  // Without a proxy that is trusted, all requests of a connection come from its other end.
  if (req.app.get('trust proxy') !== false) return addressOf(req);
  const known = ofConnections.get(req.socket);
  if (known !== undefined) return known;
  const address = addressOf(req);
  ofConnections.set(req.socket, address);
  return address;
}

const ofConnections = new WeakMap<Socket, string>();

function addressOf(req: Request): string {
  const addresses = [req.ip, req.socket.remoteAddress];
  const address = addresses.find((one) => isIP(one ?? '') !== 0) ?? '';
  return isIPv6(address) ? clientOfIPv6(address) : address;
}

const ofIPv6 = new LRUCache<string, string>({ max: 2_000 });
const networkBits = 56;

/** Reading an address costs much more than the rest of a request's count. */
function clientOfIPv6(text: string): string {
  const known = ofIPv6.get(text);
  if (known !== undefined) return known;
  const address = new Address6(text);
  const client = address.isMapped4()
    ? address.to4().correctForm()
    : new Address6(`${text}/${networkBits}`).networkForm();
  ofIPv6.set(text, client);
  return client;
}

type Window = { hits: number; endsAt: number };

/**
 * Counts the requests of each client in windows of a minute. Its size doesn't grow with the number
 * of clients. Answers say what is left, by the headers of draft-ietf-httpapi-ratelimit-headers-10.
 */
export class RateCounter {
  readonly #name: string;
  readonly #limit: number;
  readonly #policy: string;
  readonly #windows = new LRUCache<string, Window>({ max: clientsRemembered });

  /** @param limit requests of a client in a minute; 0 counts nothing. */
  constructor(name: string, limit: number) {
    this.#name = name;
    this.#limit = limit;
    this.#policy = `"${name}";q=${limit};w=${windowMs / 1_000}`;
  }

  /** @throws Problem `rate-limited` beyond the limit. */
  count(client: string, res: Response, requests = 1): void {
    const limit = this.#limit;
    if (limit === 0) return;
    const now = Date.now();
    let window = this.#current(client, now);
    if (!window) {
      window = { hits: 0, endsAt: now + windowMs };
      this.#windows.set(client, window);
    }
    window.hits += requests;
    const left = Math.max(0, limit - window.hits);
    const seconds = Math.ceil((window.endsAt - now) / 1_000);
    setCommon(res, 'RateLimit-Policy', this.#policy);
    setCommon(res, 'RateLimit', `"${this.#name}";r=${left};t=${seconds}`);
    if (window.hits <= limit) return;
    const detail = `${limit} a minute are taken of one client (${this.#name}).`;
    throw new Problem('rate-limited', detail, { retryAfterSeconds: seconds });
  }

  isUsedUp(client: string): boolean {
    return this.#limit > 0 && this.hits(client) >= this.#limit;
  }

  hits(client: string): number {
    return this.#current(client, Date.now())?.hits ?? 0;
  }

  /** The window that has begun; none if the clock was set back since. */
  #current(client: string, now: number): Window | undefined {
    const window = this.#windows.get(client);
    const leftMs = (window?.endsAt ?? 0) - now;
    return leftMs > 0 && leftMs <= windowMs ? window : undefined;
  }
}
