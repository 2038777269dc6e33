import { createHistogram } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { signToken } from '#kernel/auth/tokens.ts';
import { seeded, shuffled } from '../random.ts';
import { rounded } from '../results.ts';
import type { Load, Loaded } from './measure.ts';

/** Loads one server from many connections, with requests that were made beforehand. */

const load = JSON.parse(process.argv[2]!) as Load;
const { url, secret, connections, seconds, movies, users } = load;

type Vote = 'like' | 'dislike';

async function voter(user: string): Promise<(movie: number, vote: Vote) => autocannon.Request> {
  const token = await signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (movie, vote) => ({
    method: 'PUT',
    path: `/v1/movies/m${movie}/vote`,
    headers,
    body: JSON.stringify({ vote }),
  });
}

/** The requests of one user, who likes some movies, then dislikes them, and so on. */
async function ownUser(at: number, moviesOfUser: number): Promise<autocannon.Request[]> {
  const votes = await voter(`${users}-${at}`);
  const ids = shuffled(
    Array.from({ length: movies }, (_, i) => i + 1),
    at,
  );
  const own = ids.slice(0, moviesOfUser);
  const inTurn = load.liked ? (['dislike', 'like'] as const) : (['like', 'dislike'] as const);
  return inTurn.flatMap((vote) => own.map((id) => votes(id, vote)));
}

const requestsEach = 1_000;

/** The requests of a share of the existing users, in turn; each changes one of its votes. */
async function allUsers(at: number, { count, round }: NonNullable<Load['everybody']>) {
  const random = seeded(round * connections + at);
  const share = Array.from({ length: Math.ceil((count - at) / connections) }, (_, i) =>
    voter(`${users}-${at + i * connections}`),
  );
  const voters = await Promise.all(share);
  const disliked = new Set<string>();
  return Array.from({ length: requestsEach }, (_, i): autocannon.Request => {
    const who = i % voters.length;
    const movie = 1 + Math.floor(random() * movies);
    const ballot = `${who} ${movie}`;
    if (disliked.delete(ballot)) return voters[who]!(movie, 'like');
    disliked.add(ballot);
    return voters[who]!(movie, 'dislike');
  });
}

const requests: autocannon.Request[][] = [];
for (let at = 0; at < connections; at += 1) {
  const { everybody, moviesOfUser } = load;
  requests.push(await (everybody ? allUsers(at, everybody) : ownUser(at, moviesOfUser)));
}

/** Latencies in microseconds; autocannon's own are whole milliseconds. */
const latency = createHistogram();
let firstAt = 0;
let lastAt = 0;
let done = 0;
let next = 0;

const result = await new Promise<autocannon.Result>((resolve, reject) => {
  const running = autocannon(
    {
      url,
      connections,
      ...(load.onlyLike ? { amount: connections * load.moviesOfUser } : { duration: seconds }),
      ...(load.perSecond && { overallRate: load.perSecond }),
      setupClient: (client) => client.setRequests(requests[next++]!),
    },
    (error, result) => (error ? reject(error) : resolve(result)),
  );
  running.on('response', (_client, _status, _bytes, ms) => {
    latency.record(Math.max(1, Math.round(ms * 1_000)));
    lastAt = performance.now();
    firstAt ||= lastAt;
    done += 1;
  });
});

const loadedSeconds = (lastAt - firstAt) / 1_000;
const loaded: Loaded = {
  requestsPerSecond: Math.round(done / loadedSeconds),
  p50Ms: rounded(latency.percentile(50) / 1_000),
  p99Ms: rounded(latency.percentile(99) / 1_000),
  refused: result.non2xx + result.errors,
};
const { user, system } = process.cpuUsage();
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(JSON.stringify({ ...loaded, requests: done, loadedSeconds, cpuSeconds }));
