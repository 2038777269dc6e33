import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { signToken } from '#kernel/auth/tokens.ts';
import type { CastVote } from './heard.ts';
import { nowMs } from './streams.ts';

/** Votes at a fixed rate from a thread of its own, as long as answers come at that rate. */

export type VotesToCast = {
  url: string;
  secret: string;
  perSecond: number;
  seconds: number;
  movies: number;
  users: string[];
};

export type Cast = { votes: CastVote[]; refused: number };

const { url, secret, perSecond, seconds, movies, users } = workerData as VotesToCast;
/** More of them would only wait: a system that is slower gets as many votes as it takes. */
const mostUnderWay = 500;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const body = JSON.stringify({ vote: 'like' });
const authorizations = await Promise.all(
  users.map(async (user) => {
    const token = await signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
    return `Bearer ${token}`;
  }),
);
const cast: Cast = { votes: [], refused: 0 };

function put(path: string, authorization: string): Promise<IncomingMessage> {
  const headers = { authorization, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method: 'PUT', headers, agent }, resolve);
    asked.once('error', reject);
    asked.end(body);
  });
}

/** The n-th vote; no user votes on the same movie twice, so each changes something. */
async function vote(at: number): Promise<void> {
  const movieId = `m${1 + (at % movies)}`;
  const who = (at + Math.floor(at / movies)) % users.length;
  const answer = await put(`/v1/movies/${movieId}/vote`, authorizations[who]!);
  const answeredAtMs = nowMs();
  answer.resume();
  const token = answer.headers['consistency-token'];
  if (answer.statusCode === 200 && typeof token === 'string') {
    cast.votes.push({ user: users[who]!, movieId, token, answeredAtMs });
  } else cast.refused += 1;
}

const startedAt = nowMs();
const underWay = new Set<Promise<void>>();
for (let next = 0; nowMs() - startedAt < seconds * 1_000; ) {
  const due = ((nowMs() - startedAt) * perSecond) / 1_000;
  for (; next < due && underWay.size < mostUnderWay; next += 1) {
    const failed = () => {
      cast.refused += 1;
    };
    const one: Promise<void> = vote(next)
      .catch(failed)
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await pause(2);
}
await Promise.all(underWay);
agent.destroy();
parentPort?.postMessage(cast);
