import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { signToken } from '#kernel/auth/tokens.ts';
import { rounded } from '../results.ts';
import type { VisibleLoad, VisibleLoaded } from './visible.ts';
import { movies } from './votes.ts';

/**
 * Sends commands at a fixed rate, however long answers take, and after some of the answers a read
 * that waits for what the command did and has to show it.
 */

const { commandUrl, queryUrl, secret, perSecond, readEvery, seconds, users } = JSON.parse(
  process.argv[2]!,
) as VisibleLoad;

const voters = 1_000;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const body = JSON.stringify({ vote: 'like' });

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

function ask(url: string, method: string, headers: Record<string, string>, sent = '') {
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(url, { method, headers, agent }, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      text(answer).then((body) => resolve({ status, headers, body }), reject);
    });
    asked.once('error', reject);
    asked.end(sent);
  });
}

const authorizations = await Promise.all(
  Array.from({ length: voters }, async (_, at) => {
    const user = `${users}-${at}`;
    const token = await signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
    return `Bearer ${token}`;
  }),
);

/** In microseconds. */
const commanded = createHistogram();
const visible = createHistogram();
let refused = 0;
let commands = 0;

const record = (into: RecordableHistogram, ms: number) =>
  into.record(Math.max(1, Math.round(ms * 1_000)));

/** The n-th command is a vote that its user has not cast yet. */
async function voteAndSee(at: number, dueAt: number): Promise<void> {
  const movieId = `m${1 + (at % movies)}`;
  const authorization = authorizations[(at + Math.floor(at / movies)) % voters]!;
  const put = { authorization, 'content-type': 'application/json' };
  const voted = await ask(`${commandUrl}/v1/movies/${movieId}/vote`, 'PUT', put, body);
  const answeredAt = performance.now();
  const token = voted.headers['consistency-token'];
  if (voted.status !== 200 || typeof token !== 'string') {
    refused += 1;
    return;
  }
  commands += 1;
  record(commanded, answeredAt - dueAt);
  if (at % readEvery !== 0) return;
  const get = { authorization, 'consistency-token': token };
  const seen = await ask(`${queryUrl}/v1/me/votes?limit=5`, 'GET', get);
  record(visible, performance.now() - answeredAt);
  // A read without the vote would be a broken promise, not a slow one.
  if (seen.status !== 200 || !seen.body.includes(`"${movieId}"`)) refused += 1;
}

const startedAt = performance.now();
const total = perSecond * seconds;
const underWay: Promise<void>[] = [];
while (underWay.length < total) {
  const due = Math.min(total, ((performance.now() - startedAt) * perSecond) / 1_000);
  while (underWay.length < due) {
    const at = underWay.length;
    const failed = () => {
      refused += 1;
    };
    underWay.push(voteAndSee(at, startedAt + (at * 1_000) / perSecond).catch(failed));
  }
  await pause(1);
}
await Promise.all(underWay);
const tookSeconds = (performance.now() - startedAt) / 1_000;

const ms = (of: RecordableHistogram, percentile: number) =>
  rounded(of.percentile(percentile) / 1_000);
const result: VisibleLoaded = {
  commandsPerSecond: Math.round(commands / tookSeconds),
  visibleP50Ms: ms(visible, 50),
  visibleP99Ms: ms(visible, 99),
  visibleMaxMs: rounded(visible.max / 1_000),
  commandP50Ms: ms(commanded, 50),
  commandP99Ms: ms(commanded, 99),
  refused,
};
agent.destroy();
process.stdout.write(JSON.stringify(result));
