import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import type { Endpoints } from '#local-stack/parts/endpoints.ts';
import { ask, type Done } from './answers.ts';
import { movieBody } from './chaos-wishes.ts';
import { fillLane } from './filled-lane.ts';
import { type Service, type System, startSystem } from './system.ts';

/** A system with some movies, and people who vote for them. */

export type VotedMovies = {
  system: System;
  commands: Service;
  queries: Service;
  projectors: Service;
  db: Db;
  movies: readonly string[];
  /** Another person likes a movie. @returns the token of that. */
  like(movie: string, patience?: Patience): Promise<string>;
  /** Likes movies in turn, one after the other, until stopped. @returns how many times. */
  likeOn(patience?: Patience): () => Promise<number>;
  /** How many likes were acknowledged. */
  likes: ReadonlyMap<string, number>;
  /** Until the views have passed all that was acknowledged. */
  seen(): Promise<void>;
  close(): Promise<void>;
};

/** To send it again, with the same key, where no answer came or 503: by default nobody does. */
type Patience = { again?: boolean };

export type VotedMoviesOptions = {
  /** Parts to hurt; those that all test files share unless others are given. */
  parts?: Endpoints;
  /** So many votes stand in each lane before anybody votes, on another movie. */
  past?: number;
};

/** A pace that leaves the machine to what is tested. */
const voteEveryMs = 50;

export async function startVotedMovies(
  label: string,
  count: number,
  { parts, past = 0 }: VotedMoviesOptions = {},
): Promise<VotedMovies> {
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

async function startOn(system: System, count: number): Promise<VotedMovies> {
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
  /** The last of each movie, and of the vote on it, so that nothing is later. */
  const tokens = new Map<string, string>();
  for (const movie of movies) {
    const route = `PUT /v1/movies/${movie}`;
    tokens.set(route, await send(route, movieBody(movie, 1), catalogue));
  }
  const likes = new Map<string, number>();
  let users = 0;
  const like: VotedMovies['like'] = async (movie, patience) => {
    users += 1;
    const headers = await system.as(`user${users}`, 'viewer');
    const route = `PUT /v1/movies/${movie}/vote`;
    const token = await send(route, { vote: 'like' }, headers, patience);
    likes.set(movie, (likes.get(movie) ?? 0) + 1);
    tokens.set(route, token);
    return token;
  };
  const likeOn: VotedMovies['likeOn'] = (patience) => {
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
