import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { answerOf, type MoviesClient } from '#client/client.ts';
import { up } from './answers.ts';
import { clientOf } from './clients.ts';
import { type Service, type System, startSystem } from './system.ts';
import { openTopic } from './topic-events.ts';

/** People whose tokens name them by an e-mail address, and whom the log knows by random ids. */

const settings = { SUBJECT_IDS: 'random' };
const people = Array.from({ length: 4 }, (_, at) => `ada${at}@example.com`);
let system: System;
let nodes: [Service, Service];
let queryApi: Service;

beforeAll(async () => {
  system = await startSystem('random-ids', undefined, { settings });
  const [one, other, queries] = await Promise.all([
    system.start('command-api'),
    system.start('command-api'),
    system.start('query-api'),
    system.start('projectors'),
  ]);
  nodes = [one, other];
  queryApi = queries;
  const catalogue = await client('cat@example.com', one, 'catalogue');
  for (const movieId of ['m1', 'm2']) {
    await catalogue.commands.PUT('/v1/movies/{movieId}', {
      ...{ params: { path: { movieId } }, body: up },
    });
  }
}, 120_000);
afterAll(() => system?.stop());

const client = (user: string, commandApi: Service, ...roles: ('viewer' | 'catalogue')[]) =>
  clientOf(
    system,
    { commandApi, queryApi },
    user,
    ...(roles.length > 0 ? roles : ['viewer' as const]),
  );
const vote = (by: MoviesClient, movieId: string) =>
  by.commands.PUT('/v1/movies/{movieId}/vote', {
    ...{ params: { path: { movieId } }, body: { vote: 'like' } },
  });
const votesOf = async (user: string, seen: readonly string[] = []) => {
  const mine = await client(user, nodes[0]);
  if (seen.length > 0) mine.saw(seen.join(','));
  const { items } = await answerOf(mine.queries.GET('/v1/me/votes'));
  return items.map(({ movieId }) => movieId).toSorted();
};

/** Everything in the log and the database but the table of ids, as text. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const context of ['movies', 'ranking', 'reminders', 'people']) {
    const topic = await openTopic(system, context);
    for (const { key, value } of await topic.records()) parts.push(`${key} ${value}`);
    await topic.close();
  }
  const mongo = new MongoClient(inject('stack').mongo);
  const db = mongo.db(system.settings.MONGO_DATABASE);
  for (const { name } of await db.listCollections().toArray()) {
    for await (const document of db.collection(name).find()) parts.push(JSON.stringify(document));
  }
  await mongo.close();
  return parts.join('\n');
}

const seen: string[] = [];

it('have one id, also if their first requests come to two nodes at once', async () => {
  for (const user of people) {
    expect(await votesOf(user)).toEqual([]);
    const both = await Promise.all(nodes.map((node) => client(user, node)));
    await Promise.all(both.map((one, at) => vote(one, `m${at + 1}`)));
    seen.push(...both.flatMap((one) => one.seen()));
    expect(await votesOf(user, seen)).toEqual(['m1', 'm2']);
  }
});

it('keep it when everything starts again, without the database', async () => {
  await Promise.all([...nodes, queryApi].map((service) => service.end()));
  const mongo = new MongoClient(inject('stack').mongo);
  await mongo.db(system.settings.MONGO_DATABASE).dropDatabase();
  await mongo.close();
  const [one, other, queries] = await Promise.all([
    system.start('command-api'),
    system.start('command-api'),
    system.start('query-api'),
  ]);
  nodes = [one, other];
  queryApi = queries;
  expect(await votesOf(people[0]!, seen)).toEqual(['m1', 'm2']);
});

it('lose it when they are erased, and come back under another one', async () => {
  const [ada = ''] = people;
  const [here, there] = await Promise.all(nodes.map((node) => client(ada, node)));
  const body = { note: 'By the sea', remindAt: null };
  const params = { path: { movieId: 'm1' } };
  await here!.commands.PUT('/v1/me/reminders/{movieId}', { params, body });
  expect((await answerOf(here!.commands.DELETE('/v1/me'))).events).toEqual(['PersonErased']);
  await vote(there!, 'm2');
  expect(await votesOf(ada, there!.seen())).toEqual(['m2']);
  await there!.commands.PUT('/v1/me/reminders/{movieId}', { params, body });
  const { items } = await answerOf(there!.queries.GET('/v1/me/reminders'));
  expect(items.map(({ note }) => note)).toEqual([body.note]);
  expect(await votesOf(people[1]!, seen)).toEqual(['m1', 'm2']);
});

it('are named nowhere else', async () => {
  const all = await everything();
  expect(all).toContain('m1');
  expect(all).not.toContain('@example.com');
});
