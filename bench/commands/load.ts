import { createHistogram } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { signToken } from '#kernel/auth/tokens.ts';
import { shuffled } from '../random.ts';
import { rounded } from '../results.ts';
import type { Load, Loaded } from './measure.ts';

/** Loads one server from many connections, each a user of its own, with requests made before. */

const { url, secret, connections, seconds, movies, moviesOfUser, users } = JSON.parse(
  process.argv[2]!,
) as Load;

async function requestsOf(at: number): Promise<autocannon.Request[]> {
  const user = `${users}-${at}`;
  const token = await signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ids = shuffled(
    Array.from({ length: movies }, (_, i) => i + 1),
    at,
  );
  const own = ids.slice(0, moviesOfUser);
  return ['like', 'dislike'].flatMap((vote) =>
    own.map((id) => ({
      method: 'PUT' as const,
      path: `/v1/movies/m${id}/vote`,
      headers,
      body: JSON.stringify({ vote }),
    })),
  );
}

const requests: autocannon.Request[][] = [];
for (let at = 0; at < connections; at += 1) requests.push(await requestsOf(at));

/** In microseconds; autocannon's own knows only whole milliseconds. */
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
      duration: seconds,
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
process.stdout.write(JSON.stringify({ ...loaded, loadedSeconds, cpuSeconds }));
