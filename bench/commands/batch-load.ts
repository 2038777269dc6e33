import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { rounded } from '../results.ts';
import type { BatchLoad } from './batches.ts';

/** Sends batches of 500 votes over one connection, the next one when the last is answered. */

const { url, tokens, seconds, movies } = JSON.parse(process.argv[2]!) as BatchLoad;
const itemsEach = 500;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Made beforehand: each half of the movies liked, then disliked. */
const bodies = (['like', 'dislike'] as const).map((vote) =>
  Array.from({ length: Math.floor(movies / itemsEach) }, (_, part) =>
    JSON.stringify({
      items: Array.from({ length: itemsEach }, (_, n) => {
        return { movieId: `m${part * itemsEach + n + 1}`, vote };
      }),
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
    const path = `${url}/v1/me/votes:batch`;
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
  // A first vote is the first round of each user; a single user goes on changing its votes.
  const token = tokens[round % tokens.length]!;
  for (const body of bodies[Math.floor(round / tokens.length) % 2]!) {
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
