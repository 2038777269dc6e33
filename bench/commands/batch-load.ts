import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { rounded } from '../results.ts';
import type { BatchLoad } from './batches.ts';

/** Sends batches of 500 items over one connection, the next one when the last is answered. */

const { url, tokens, seconds, movies, list, itemsOfUser } = JSON.parse(
  process.argv[2]!,
) as BatchLoad;
const itemsEach = 500;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const day = 24 * 3_600_000;
const firstDay = Date.parse('2020-01-01T20:15:00.000Z');

/** What a user sends of a movie, the first time, the second time, and so on. */
const items = {
  votes: (movieId: string, pass: number) => ({
    movieId,
    vote: pass % 2 === 0 ? 'like' : 'dislike',
  }),
  reminders: (movieId: string, pass: number) => ({
    movieId,
    remindAt: '2096-01-01T18:00:00.000Z',
    note: pass % 2 === 0 ? 'Grace says that it is good' : 'With Grace, and not alone',
  }),
  watched: (movieId: string, pass: number) => ({
    movieId,
    watchedAt: new Date(firstDay + pass * day).toISOString(),
  }),
} satisfies Record<BatchLoad['list'], (movieId: string, pass: number) => object>;

/** Made beforehand: all movies in as many batches as that takes, for each pass. */
const bodies = Array.from({ length: Math.max(2, itemsOfUser / movies) }, (_, pass) =>
  Array.from({ length: Math.floor(movies / itemsEach) }, (_, part) =>
    JSON.stringify({
      items: Array.from({ length: itemsEach }, (_, n) =>
        items[list](`m${part * itemsEach + n + 1}`, pass),
      ),
    }),
  ),
);

async function send(token: string, body: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const path = `${url}/v1/me/${list}:batch`;
    const sent = request(path, { method: 'POST', agent, headers }, (answer) => {
      text(answer).then((said) => {
        if (answer.statusCode !== 200) return resolve(0);
        resolve((JSON.parse(said) as { added: number }).added);
      }, reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const latency = createHistogram();
let [done, refused] = [0, 0];
const began = performance.now();
const until = began + seconds * 1_000;
for (let round = 0; performance.now() < until; round += 1) {
  // Users take turns, so each is at its next pass once all have had a turn.
  const token = tokens[round % tokens.length]!;
  for (const body of bodies[Math.floor(round / tokens.length) % bodies.length]!) {
    const at = performance.now();
    const added = await send(token, body);
    latency.record(Math.max(1, Math.round((performance.now() - at) * 1_000)));
    done += added;
    if (added !== itemsEach) refused += 1;
  }
}
const loadedSeconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    requestsPerSecond: Math.round(done / loadedSeconds),
    p50Ms: rounded(latency.percentile(50) / 1_000),
    p99Ms: rounded(latency.percentile(99) / 1_000),
    ...{ refused, loadedSeconds, cpuSeconds: (user + system) / 1e6 },
  }),
);
agent.destroy();
