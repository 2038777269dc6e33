import { setTimeout as pause } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { ask, type Done } from './answers.ts';
import { movieBody } from './chaos-wishes.ts';
import { type Service, type System, startSystem } from './system.ts';

/** A system with some movies, and people who vote for them. */

export type VotedMovies = {
  system: System;
  commands: Service;
  queries: Service;
  db: Db;
  movies: readonly string[];
  /** Another person likes a movie. @returns the token of that. */
  like(movie: string): Promise<string>;
  /** Likes movies in turn, one after the other, until stopped. @returns how many times. */
  likeOn(): () => Promise<number>;
  /** How many likes were acknowledged. */
  likes: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

/** A pace that leaves the machine to what is tested. */
const voteEveryMs = 50;

export async function startVotedMovies(label: string, count: number): Promise<VotedMovies> {
  const system = await startSystem(label);
  try {
    return await startOn(system, count);
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function startOn(system: System, count: number): Promise<VotedMovies> {
  const [commands, queries] = await Promise.all([
    system.start('command-api'),
    system.start('query-api'),
    system.start('projectors'),
  ]);
  const client = await MongoClient.connect(system.settings.MONGO_URL!);
  const movies = Array.from({ length: count }, (_, at) => `m${at}`);
  const catalogue = await system.as('carl', 'catalogue');
  const send = async (route: string, body: object, headers: Record<string, string>) => {
    const answer = await ask<Done>(commands.url, route, { body, headers });
    if (answer.status < 300) return answer.body.token;
    throw new Error(`${route} answered ${answer.status}`);
  };
  for (const movie of movies) {
    await send(`PUT /v1/movies/${movie}`, movieBody(movie, 1), catalogue);
  }
  const likes = new Map<string, number>();
  let users = 0;
  const like = async (movie: string) => {
    users += 1;
    const headers = await system.as(`user${users}`, 'viewer');
    const token = await send(`PUT /v1/movies/${movie}/vote`, { vote: 'like' }, headers);
    likes.set(movie, (likes.get(movie) ?? 0) + 1);
    return token;
  };
  const likeOn = () => {
    let isStopped = false;
    const run = async () => {
      let done = 0;
      for (; !isStopped; done += 1) {
        await like(movies[done % movies.length]!);
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
  return {
    ...{ system, commands, queries, movies, like, likeOn, likes },
    db: client.db(system.settings.MONGO_DATABASE),
    async close() {
      await system.stop();
      await client.close();
    },
  };
}
