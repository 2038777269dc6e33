import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import type { Endpoints } from '#local-stack/parts/endpoints.ts';
import { ask, type Done } from './answers.ts';
import { movieBody } from './chaos-requests.ts';
import { fillLane } from './filled-lane.ts';
import { type Service, type System, startSystem } from './system.ts';

/** A whole system with some movies, and users who like them. */

export type VotingSystem = {
  system: System;
  commands: Service;
  queries: Service;
  projectors: Service;
  db: Db;
  movies: readonly string[];
  /** A new user likes a movie. @returns the token of the vote. */
  like(movie: string, patience?: Patience): Promise<string>;
  /** New users like the movies in turn. @returns a function that stops them and counts them. */
  likeOn(patience?: Patience): () => Promise<number>;
  /** The acknowledged likes of each movie. */
  likes: ReadonlyMap<string, number>;
  /** Waits until the views have passed all acknowledged changes. */
  seen(): Promise<void>;
  close(): Promise<void>;
};

/** Whether to repeat a request, with its key, after no answer or 503; by default it isn't. */
type Patience = { again?: boolean };

export type VotingSystemOptions = {
  /** Parts that the test may damage; by default those that all test files share. */
  parts?: Endpoints;
  /** The number of earlier votes in each lane, on another movie. */
  past?: number;
};

/** A pace that leaves most of the machine to the tested code. */
const voteEveryMs = 50;

export async function startVotingSystem(
  label: string,
  count: number,
  { parts, past = 0 }: VotingSystemOptions = {},
): Promise<VotingSystem> {
  const system = await startSystem(label, parts);
  try {
    const lanes = Number(system.settings.LANES);
    for (let lane = 0; lane < lanes && past > 0; lane += 1) await fillLane(system, lane, past);
    return await startOn(system, count);
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function startOn(system: System, count: number): Promise<VotingSystem> {
  const [commands, queries, projectors] = await Promise.all([
    system.start('command-api'),
    system.start('query-api'),
    system.start('projectors'),
  ]);
  const client = await MongoClient.connect(system.settings.MONGO_URL!);
  const movies = Array.from({ length: count }, (_, at) => `m${at}`);
  const catalogue = await system.as('carl', 'catalogue');
  const send = async (route: string, body: object, own: object, { again }: Patience = {}) => {
    const headers = { ...own, 'idempotency-key': randomUUID() };
    for (;;) {
      const asked = ask<Done>(commands.url, route, { body, headers });
      const answer = again ? await asked.catch(() => null) : await asked;
      if (answer && answer.status < 300) return answer.body.token;
      const isPassing = answer === null || answer.status === 503;
      if (!again || !isPassing) throw new Error(`${route} answered ${answer?.status}`);
      await pause(voteEveryMs);
    }
  };
  /** The last token of each movie and of the votes on it: together they cover all changes. */
  const tokens = new Map<string, string>();
  for (const movie of movies) {
    const route = `PUT /v1/movies/${movie}`;
    tokens.set(route, await send(route, movieBody(movie, 1), catalogue));
  }
  const likes = new Map<string, number>();
  let users = 0;
  const like: VotingSystem['like'] = async (movie, patience) => {
    users += 1;
    const headers = await system.as(`user${users}`, 'viewer');
    const route = `PUT /v1/movies/${movie}/vote`;
    const token = await send(route, { vote: 'like' }, headers, patience);
    likes.set(movie, (likes.get(movie) ?? 0) + 1);
    tokens.set(route, token);
    return token;
  };
  const likeOn: VotingSystem['likeOn'] = (patience) => {
    let isStopped = false;
    const run = async () => {
      let done = 0;
      for (; !isStopped; done += 1) {
        await like(movies[done % movies.length]!, patience);
        await pause(voteEveryMs);
      }
      return done;
    };
    const running = run();
    return () => {
      isStopped = true;
      return running;
    };
  };
  const seen = async () => {
    const headers = { 'consistency-token': [...tokens.values()].join(','), prefer: 'wait=10' };
    const { status } = await ask(queries.url, 'GET /v1/rankings', { headers });
    if (status !== 200) throw new Error(`GET /v1/rankings answered ${status}`);
  };
  return {
    ...{ system, commands, queries, projectors, movies, like, likeOn, likes, seen },
    db: client.db(system.settings.MONGO_DATABASE),
    async close() {
      await system.stop();
      await client.close();
    },
  };
}
