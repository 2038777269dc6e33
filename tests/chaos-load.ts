import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '#kernel/testing/until.ts';
import { seeded } from '../bench/random.ts';
import {
  type CommandRequest,
  isMortal,
  movieBody,
  type Play,
  pick,
  randomRequest,
  requestOf,
  roles,
} from './chaos-requests.ts';
import type { System } from './system.ts';

/** Concurrent clients that send a mix of commands to all nodes and record every answer. */

/** One request and its answer. */
export type Sent = CommandRequest & {
  requestId: string;
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
  playId?: string;
  ticketId?: string;
};

export type LoadOptions = {
  system: Pick<System, 'settings' | 'as'>;
  /** The current base URLs of the nodes. */
  nodes(): readonly string[];
  seed: number;
  clients: number;
  movies: readonly string[];
  /** Ids of tickets; clients add those that they open. */
  tickets: string[];
  /** How long a client thinks between two commands, on average; by default not at all. */
  thinkMs?: number;
};

export type Load = {
  sent: readonly Sent[];
  /** Waits until `count` commands sent from now on were decided, some of them in each lane. */
  served(count?: number, limitMs?: number): Promise<void>;
  /** Stops the clients. @returns all requests, once the last one was answered. */
  stop(): Promise<Sent[]>;
};

/** The movies that clients use. */
export const movieIds = [
  ...Array.from({ length: 40 }, (_, n) => `m${n}`),
  ...Array.from({ length: 4 }, (_, n) => `mortal-${n}`),
];
const answerWithinMs = 60_000;
const addedWithinMs = 120_000;
const tries = 8;

/** Starts clients, which send commands until they are stopped. */
export function startLoad(options: LoadOptions): Load {
  const sent: Sent[] = [];
  const stopping = new AbortController();
  const clients = Array.from({ length: options.clients }, (_, at) =>
    client(at, options, stopping.signal, sent),
  );
  const lanes = Number(options.system.settings.LANES);
  return {
    sent,
    async served(count = 80, limitMs = 90_000) {
      const [from, since] = [sent.length, performance.now()];
      const decided = () =>
        sent.slice(from).filter((one) => isAnswered(one) && one.startedAt > since);
      const everywhere = (some: Sent[]) => new Set(some.map(({ lane }) => lane)).size === lanes;
      await until(() => decided().length >= count && everywhere(decided()), { limitMs });
    },
    async stop() {
      stopping.abort();
      await Promise.all(clients);
      return sent;
    },
  };
}

/** Every two clients act as one user, so that their commands compete. */
const userOf = (at: number) => `user${Math.floor(at / 2)}`;

async function client(at: number, options: LoadOptions, stopping: AbortSignal, sent: Sent[]) {
  const { system, seed, movies, tickets, nodes, thinkMs = 0 } = options;
  const random = seeded(seed * 1_000 + at);
  const user = userOf(at);
  const headers = await system.as(user, ...roles);
  const [versions, plays, own] = [new Map<string, number>(), [] as Play[], [] as Sent[]];
  const lanes = Number(system.settings.LANES);
  const state = { random, user, lanes, movies, tickets, plays, versions };
  const send = async (request: CommandRequest) => {
    const one = await sendOnce(request, pick(random, nodes()), headers);
    sent.push(one);
    own.push(one);
    if (!one.answer) return one;
    const { version, playId, ticketId, unchanged } = one.answer;
    versions.set(one.stream, version);
    if (playId) plays.push({ movieId: (one.input as Play).movieId, playId });
    if (ticketId && !unchanged && !tickets.includes(ticketId)) tickets.push(ticketId);
    return one;
  };
  while (!stopping.aborted) {
    // Mostly a new request; now and then one of the last ones again, with its key.
    const repeated = own.slice(-10).filter(({ key }) => key !== null);
    const isRepeat = repeated.length > 0 && random() < 0.15;
    const request = isRepeat ? pick(random, repeated) : randomRequest(state);
    // Now and then a request is sent twice at once, mostly to two nodes.
    const twin = request.key !== null && random() < 0.05 ? send(request) : null;
    let one = await send(request);
    for (let n = 1; n < tries && !isAnswered(one); n += 1) {
      if (one.key === null || random() < 0.1) break;
      await pause(50 + 250 * random());
      one = await send(one);
    }
    await twin;
    if (thinkMs > 0) await pause(2 * thinkMs * random());
  }
}

/** Whether a command was decided: accepted or refused. */
export const isAnswered = ({ status }: Pick<Sent, 'status'>) => status !== null && status < 500;

/** Sends a request. A missing answer is a result too; nothing is thrown. */
export async function sendOnce(
  { user, command, input, stream, lane, method, path, body, key, ifMatch }: CommandRequest,
  node: string,
  headers: Record<string, string>,
): Promise<Sent> {
  const requestId = randomUUID();
  const request = { user, command, input, stream, lane, method, path, body, key, ifMatch };
  const startedAt = performance.now();
  const none = { status: null, answer: null, problem: null, error: null };
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
    return { requestId, ...request, startedAt, ...none, endedAt, status, ...what };
  } catch (error) {
    const { message, cause } = error as Error;
    const endedAt = performance.now();
    return { requestId, ...request, startedAt, ...none, endedAt, error: `${message}: ${cause}` };
  }
}

/** Adds the movies that clients use; a lane may be on its way to another node. */
export async function addMovies(system: LoadOptions['system'], node: string): Promise<Sent[]> {
  const user = 'admin';
  const headers = await system.as(user, ...roles);
  const lanes = Number(system.settings.LANES);
  const client = { user, lanes, versions: new Map<string, number>(), random: () => 0 };
  const end = performance.now() + addedWithinMs;
  const added = movieIds.map(async (movieId) => {
    const input = { movieId, ...movieBody(movieId, isMortal(movieId) ? -2 : -1) };
    const request = requestOf('put-movie', input, client);
    const all = [await sendOnce(request, node, headers)];
    while (!isAnswered(all.at(-1)!) && performance.now() < end) {
      await pause(2_000);
      all.push(await sendOnce(request, node, headers));
    }
    const { status, error } = all.at(-1)!;
    if (status !== 201) throw new Error(`${movieId}: ${status} ${error}`);
    return all;
  });
  return (await Promise.all(added)).flat();
}
