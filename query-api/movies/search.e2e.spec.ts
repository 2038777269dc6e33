import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openCodec } from '#kernel/codec/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { rebuild } from '#kernel/projector/building/rebuild.ts';
import { Generations } from '#kernel/projector/generations/generations.ts';
import { eventSchemas } from '#schemas/load.ts';
import { views } from '#schemas/views.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';
import { movies } from '../../projectors/movies/movies.ts';

const details = {
  ...{ title: 'Quixotic Zebra', genres: ['Drama'], description: 'A film.', director: 'Ann Lee' },
  ...{ actors: ['Bo Ek'], year: 2010, runtimeMinutes: 100, rating: 7, ratingVotes: 1_000 },
};

let system: System;
let commands: Service;
let queries: Service;
beforeAll(async () => {
  system = await startSystem('search');
  [commands, , queries] = await Promise.all([
    system.start('command-api'),
    system.start('projectors'),
    system.start('query-api'),
  ]);
});
afterAll(() => system.stop());

/** Sends a command. @returns the token of its answer. */
async function send(method: 'PUT' | 'DELETE', movieId: string, body?: object): Promise<string> {
  const answer = await fetch(`${commands.url}/v1/movies/${movieId}`, {
    method,
    headers: {
      ...(await system.as('cleo', 'catalogue')),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return answer.headers.get('consistency-token') ?? '';
}

/** The ids that a search with this token finds. */
async function found(q: string, token: string, path = '/v1/search'): Promise<string[]> {
  const answer = await fetch(`${queries.url}${path}?${new URLSearchParams({ q })}`, {
    headers: { 'consistency-token': token, prefer: 'wait=10' },
  });
  expect(answer.status).toBe(200);
  const { items } = (await answer.json()) as { items: { movieId: string }[] };
  return items.map(({ movieId }) => movieId);
}

/** Rebuilds the view from the first event and switches to the new generation. */
async function rebuilt(): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '' } = system.settings;
  const { TOPIC_PREFIX: prefix = '', MONGO_DATABASE, LANES } = system.settings;
  const client = await MongoClient.connect(inject('stack').mongo);
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  try {
    const db = client.db(MONGO_DATABASE);
    const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
    const generations = new Generations(db, views.movies);
    const generation = await generations.begin();
    const lanes = Number(LANES);
    await rebuild({ projection: movies, db, log, codec, prefix, lanes, generation });
    await generations.createIndexes(generation);
    expect(await generations.activate(generation)).toBe(true);
  } finally {
    await log.close();
    await client.close();
  }
}

describe('a search that is sent the token of a command', () => {
  it('finds the movie that was added', async () => {
    const token = await send('PUT', 'm1', details);
    expect(await found('quixotic zebra', token)).toEqual(['m1']);
    expect(await found('quixotik', token, '/movies/')).toEqual(['m1']);
  });

  it('finds a movie under its new title, and not under the old one', async () => {
    const token = await send('PUT', 'm1', { ...details, title: 'Vexed Yak' });
    expect(await found('vexed yak', token)).toEqual(['m1']);
    expect(await found('quixotic zebra', token)).toEqual([]);
  });

  it('finds movies added before and after a rebuild of the view', async () => {
    await rebuilt();
    const token = await send('PUT', 'm2', { ...details, title: 'Wholly Other' });
    expect(await found('wholly other', token)).toEqual(['m2']);
    expect(await found('vexed yak', token)).toEqual(['m1']);
  });

  it('does not find a retired movie', async () => {
    const token = await send('DELETE', 'm1');
    expect(await found('vexed yak', token)).toEqual([]);
    expect(await found('vexed yak', token, '/v1/movies')).toEqual([]);
  });

  it('finds each of many movies right after it was added', async () => {
    for (let count = 0; count < 30; count += 1) {
      const token = await send('PUT', `many${count}`, { ...details, title: `Many ${count}x` });
      expect(await found(`${count}x`, token), `${count}`).toEqual([`many${count}`]);
    }
  });
});
