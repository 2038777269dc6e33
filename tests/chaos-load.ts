import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { System } from './system.ts';

/** Concurrent clients that send mixed commands to any node, and remember what came of each. */

export type Sent = {
  requestId: string;
  user: string;
  command: 'vote' | 'retract-vote' | 'put-movie';
  /** `topic/id`. */
  stream: string;
  method: 'PUT' | 'DELETE';
  path: string;
  body: object | null;
  /** Null where the node had to make one. */
  key: string | null;
  ifMatch: number | null;
  /** `performance.now()`. */
  startedAt: number;
  endedAt: number;
  /** Null when no answer came. */
  status: number | null;
  answer: Answer | null;
  problem: { code: string; detail: string } | null;
  /** Why no answer came. */
  error: string | null;
};

export type Answer = {
  stream: string;
  version: number;
  events: string[];
  unchanged: boolean;
  token: string;
};

type Wanted = Pick<
  Sent,
  'user' | 'command' | 'stream' | 'method' | 'path' | 'body' | 'key' | 'ifMatch'
>;

export type LoadOptions = {
  system: System;
  /** The base URLs of the nodes, as they are just now. */
  nodes(): readonly string[];
  seed: number;
  clients: number;
  movies: readonly string[];
};

/** Numbers in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

export const movieBody = (movie: string, edition: number) => ({
  ...{ title: `${movie}, edition ${edition}`, genres: ['Drama'], description: 'A film.' },
  ...{ director: 'Ann Lee', actors: ['Bo Ek'], year: 2010, runtimeMinutes: 100 },
  ...{ rating: 7, ratingVotes: 1_000, revenueMillions: null, metascore: null },
});

const answerWithinMs = 60_000;
const tries = 8;

/** Sends until stopped. @returns all that was sent, once the last answer is there. */
export function startLoad(options: LoadOptions) {
  const sent: Sent[] = [];
  const stopping = new AbortController();
  const clients = Array.from({ length: options.clients }, (_, at) =>
    client(at, options, stopping.signal, sent),
  );
  return {
    sent,
    async stop(): Promise<Sent[]> {
      stopping.abort();
      await Promise.all(clients);
      return sent;
    },
  };
}

async function client(at: number, options: LoadOptions, stopping: AbortSignal, sent: Sent[]) {
  const { system, seed, movies, nodes } = options;
  const random = seeded(seed * 1_000 + at);
  const user = `user${at}`;
  const headers = await system.as(user, 'viewer', 'catalogue');
  const versions = new Map<string, number>();
  const own: Sent[] = [];
  const send = async (wanted: Wanted) => {
    const one = await sendOnce(wanted, pick(random, nodes()), headers);
    sent.push(one);
    own.push(one);
    if (one.answer) versions.set(one.stream, one.answer.version);
    return one;
  };
  while (!stopping.aborted) {
    let one = await send(another(random, user, movies, versions, own));
    for (let n = 1; n < tries && !isAnswered(one); n += 1) {
      if (one.key === null || random() < 0.1) break;
      await pause(50 + 250 * random());
      one = await send(one);
    }
  }
}

/** It was decided, one way or the other. */
export const isAnswered = ({ status }: Sent) => status !== null && status < 500;

/** Most often something new; now and then one of the last requests again, key and all. */
function another(
  random: () => number,
  user: string,
  movies: readonly string[],
  versions: ReadonlyMap<string, number>,
  own: readonly Sent[],
): Wanted {
  const repeated = own.slice(-10).filter(({ key }) => key !== null);
  if (repeated.length > 0 && random() < 0.15) return pick(random, repeated);
  const movie = pick(random, movies);
  const key = random() < 0.6 ? randomUUID() : null;
  const vote = { user, key, ifMatch: null, stream: `ranking/${movie}/${user}` };
  const path = `/v1/movies/${movie}/vote`;
  const which = random();
  if (which < 0.6) {
    const body = { vote: random() < 0.5 ? 'like' : 'dislike' };
    return { ...vote, command: 'vote', method: 'PUT', path, body };
  }
  if (which < 0.85) return { ...vote, command: 'retract-vote', method: 'DELETE', path, body: null };
  const stream = `movies/${movie}`;
  const ifMatch = random() < 0.5 ? (versions.get(stream) ?? null) : null;
  const body = movieBody(movie, Math.floor(random() * 20));
  const to = { method: 'PUT', path: `/v1/movies/${movie}` } as const;
  return { user, key, ifMatch, stream, command: 'put-movie', ...to, body };
}

async function sendOnce(
  { user, command, stream, method, path, body, key, ifMatch }: Wanted,
  node: string,
  headers: Record<string, string>,
): Promise<Sent> {
  const requestId = randomUUID();
  const wanted = { user, command, stream, method, path, body, key, ifMatch };
  const startedAt = performance.now();
  const none = {
    requestId,
    ...wanted,
    startedAt,
    status: null,
    answer: null,
    problem: null,
    error: null,
  };
  try {
    const response = await fetch(`${node}${path}`, {
      method,
      headers: {
        ...headers,
        'x-request-id': requestId,
        ...(body && { 'content-type': 'application/json' }),
        ...(key !== null && { 'idempotency-key': key }),
        ...(ifMatch !== null && { 'if-match': `"${ifMatch}"` }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const said: unknown = await response.json();
    const endedAt = performance.now();
    const { status, ok } = response;
    const what = ok ? { answer: said as Answer } : { problem: said as Sent['problem'] };
    return { ...none, endedAt, status, ...what };
  } catch (error) {
    const { message, cause } = error as Error;
    return { ...none, endedAt: performance.now(), error: `${message}: ${cause}` };
  }
}
