import { randomUUID } from 'node:crypto';
import confluent from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '#kernel/event.ts';
import { examplesOf } from '#kernel/schemas/load-schemas.ts';
import { until } from '#kernel/testing/until.ts';
import { eventSchemas, schemas } from '#schemas/load.ts';
import type { RoleName } from '#schemas/roles.ts';
import { ask, type Done, doneOf, problemOf, up } from './answers.ts';
import { type Committed, committedEvents } from './committed-events.ts';
import { type Service, type System, startSystem } from './system.ts';
import { openTopic } from './topic-events.ts';

/**
 * A person's whole evening, through every service: searches, reminders, a film, votes and a ticket.
 * Each client sends its last token with its next request, as an app would, and so sees its own
 * changes without waiting for them.
 */

let system: System;
let commandApi: Service;
let queryApi: Service;
beforeAll(async () => {
  system = await startSystem('evening');
  commandApi = await system.start('command-api');
  [queryApi] = await Promise.all([
    system.start('query-api'),
    system.start('projectors'),
    system.start('reactors', { COMMAND_API_URL: commandApi.url }),
  ]);
});
afterAll(() => system?.stop());

/** Somebody with an app that keeps the last token it was given. */
function person(user: string, ...roles: RoleName[]) {
  let seen = '';
  const send = async <Body>(url: string, route: string, body?: object) => {
    const headers = {
      ...(await system.as(user, ...roles)),
      ...(seen && { 'consistency-token': seen, prefer: 'wait=10' }),
      ...(route.startsWith('POST') && { 'idempotency-key': randomUUID() }),
    };
    const answer = await ask<Body>(url, route, { ...(body && { body }), headers });
    seen = answer.headers.get('consistency-token') ?? seen;
    return answer;
  };
  return {
    does: async (route: string, body?: object) =>
      doneOf(await send<Done>(commandApi.url, route, body)) as Done & Record<string, string>,
    may: (route: string, body?: object) => send(commandApi.url, route, body),
    sees: async <Body = List>(path: string): Promise<Body> => {
      const answer = await send<Body>(queryApi.url, `GET ${path}`);
      expect(answer, path).toMatchObject({ status: 200 });
      return answer.body;
    },
    missing: async (path: string) => problemOf(await send(queryApi.url, `GET ${path}`)).code,
    /** Takes another person's token over, so that later reads show that person's changes. */
    hears: (token: string) => {
      seen = [seen, token].filter((one) => one !== '').join(',');
    },
    last: () => seen,
  };
}

type List = { items: Record<string, unknown>[]; count: number };
type Details = { version: number; me: object; ranks: object[]; retired: boolean };
type Entry = { by: string; type: string; message?: string };
type Ticket = { status: string; timeline: Entry[]; serviceOrder: object | null };

const amelie = { ...up, title: 'Amélie', genres: ['Romance'], year: 2001 };

const titles = ({ items }: List) => items.map(({ title }) => title);

describe('an evening', () => {
  const carol = person('carol', 'catalogue');
  const alice = person('alice', 'viewer');
  const sam = person('sam', 'support');

  it('begins with new films in the catalogue, which are found and ranked at once', async () => {
    await carol.does('PUT /v1/movies/m1', up);
    await carol.does('PUT /v1/movies/m2', { ...up, title: 'WALL·E', year: 2008, rating: 8.4 });
    await carol.does('PUT /v1/movies/m3', amelie);
    alice.hears(carol.last());
    const { items } = await alice.sees('/v1/genres');
    const genres = [
      ['Adventure', 2],
      ['Animation', 2],
      ['Romance', 1],
    ];
    expect(items.map(({ genre, movies }) => [genre, movies])).toEqual(genres);
    expect(titles(await alice.sees('/v1/rankings?genre=animation'))).toEqual(['WALL·E', 'Up']);
    expect(titles(await alice.sees('/v1/search?q=wall-e'))).toEqual(['WALL·E']);
    const nothing = { vote: null, version: null, reminder: null, plays: 0 };
    expect(await alice.sees('/v1/movies/m1')).toMatchObject({ title: 'Up', me: nothing });
  });

  it('goes on with a reminder, which watching the film clears', async () => {
    const note = 'With Bob,\nafter dinner';
    await alice.does('PUT /v1/me/reminders/m1', { note, remindAt: '2030-01-01T19:00:00.000Z' });
    const { items } = await alice.sees('/v1/me/reminders');
    expect(items).toMatchObject([{ movieId: 'm1', title: 'Up', note }]);
    const watched = await alice.does('POST /v1/me/watched/m1', {});
    expect(watched.events).toEqual(['MovieWatched', 'ReminderRemoved']);
    expect(await alice.sees('/v1/me/reminders')).toMatchObject({ items: [], count: 0 });
    const plays = await alice.sees('/v1/me/watched');
    expect(plays.items).toMatchObject([{ playId: watched.playId, movieId: 'm1', title: 'Up' }]);
    await alice.does('PUT /v1/me/reminders/m2', {});
    await alice.does('DELETE /v1/me/reminders/m2');
    expect(await alice.sees('/v1/me/reminders')).toMatchObject({ items: [], count: 0 });
  });

  it('goes on with a vote, which changes the ranking, and a change of mind', async () => {
    const ranked = async () => titles(await alice.sees('/v1/rankings?genre=animation&by=likes'));
    await alice.does('PUT /v1/movies/m1/vote', { vote: 'like' });
    expect(await ranked()).toEqual(['Up', 'WALL·E']);
    await alice.does('PUT /v1/movies/m1/vote', { vote: 'dislike' });
    expect(await ranked()).toEqual(['WALL·E', 'Up']);
    const details = await alice.sees<Details>('/v1/movies/m1');
    expect(details).toMatchObject({ dislikes: 1, me: { vote: 'dislike', version: 2, plays: 1 } });
    expect(details.ranks).toContainEqual({ genre: 'Animation', by: 'score', rank: 2 });
    expect((await alice.sees('/v1/me/votes')).items).toMatchObject([{ vote: 'dislike' }]);
    await alice.does('DELETE /v1/movies/m1/vote');
    expect(await alice.sees('/v1/me/votes')).toMatchObject({ items: [], count: 0 });
  });

  it('goes on with a ticket, which gets a service order and an answer from support', async () => {
    const ticket = { subject: 'No sound', message: 'Silent from the start.', movieId: 'm1' };
    const { ticketId } = await alice.does('POST /v1/tickets', ticket);
    const path = `/v1/tickets/${ticketId}`;
    expect(await alice.sees(path)).toMatchObject({ status: 'open', openedBy: 'alice' });
    await until(async () => (await alice.sees<Ticket>(path)).serviceOrder !== null);
    sam.hears(alice.last());
    expect((await sam.sees('/v1/service-orders')).items).toMatchObject([{ ticketId }]);
    await alice.does(`POST ${path}/messages`, { message: 'Still silent.' });
    await sam.does(`POST ${path}/resolve`, { message: 'Turn it up.' });
    await alice.does(`POST ${path}/reopen`, { message: 'It is up.' });
    await sam.does(`POST ${path}/close`, { message: 'We refund it.' });
    alice.hears(sam.last());
    const { timeline, status } = await alice.sees<Ticket>(path);
    expect(status).toBe('closed');
    const told = timeline.map(({ by, type, message = '' }) => [by, type, message]);
    expect(told).toEqual([
      ['alice', 'opened', ticket.message],
      ['technical-support', 'service-order', ''],
      ['alice', 'message', 'Still silent.'],
      ['sam', 'resolved', 'Turn it up.'],
      ['alice', 'reopened', 'It is up.'],
      ['sam', 'closed', 'We refund it.'],
    ]);
    expect((await alice.sees('/v1/me/tickets')).items).toMatchObject([{ ticketId, status }]);
    expect(await person('bob', 'viewer').missing(path)).toBe('ticket-unknown');
  });

  it('ends with a film that is retired, and a play that is removed', async () => {
    const [play] = (await alice.sees('/v1/me/watched')).items;
    await alice.does(`DELETE /v1/me/watched/m1/${play?.playId}`);
    expect(await alice.sees('/v1/me/watched')).toMatchObject({ items: [], count: 0 });
    await alice.does('PUT /v1/me/reminders/m2', { note: 'tomorrow' });
    await carol.does('PUT /v1/movies/m3', { ...amelie, rating: 8.2 });
    await carol.does('DELETE /v1/movies/m2');
    alice.hears(carol.last());
    expect(titles(await alice.sees('/v1/movies'))).toEqual(['Amélie', 'Up']);
    expect(titles(await alice.sees('/v1/rankings?genre=animation'))).toEqual(['Up']);
    expect(await alice.sees<Details>('/v1/movies/m2')).toMatchObject({ retired: true, ranks: [] });
    const { items } = await alice.sees('/v1/me/reminders');
    expect(items).toMatchObject([{ movieId: 'm2', retired: true, note: 'tomorrow' }]);
    const vote = await alice.may('PUT /v1/movies/m2/vote', { vote: 'like' });
    expect(problemOf(vote).code).toBe('movie-retired');
  });
});

/** Appends an example of each of these event types, beside the services. */
async function appendExamples(some: readonly { context: string; type: string }[]): Promise<void> {
  const examples = await examplesOf(schemas);
  for (const { context, type } of some) {
    const example = examples.get(type) as Event;
    const topic = await openTopic(system, context);
    const value = topic.codec.encode(topic.topic, example);
    await topic.append({ lane: 0, key: example.meta.subject, value, headers: {} });
    await topic.close();
  }
}

describe('a consumer with another client of the schema registry', () => {
  type Decoded = { at: string; meta: object; data: object };
  const inOrder = (events: Decoded[]) =>
    events.toSorted((one, other) => (one.at < other.at ? -1 : 1));

  /** Consumes in an ordinary consumer group, read-committed, and decodes with that client. */
  async function consumed(topics: string[], count: number): Promise<Decoded[]> {
    const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', TOPIC_PREFIX = '' } = system.settings;
    const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
    const registry = new confluent.SchemaRegistry({ host: SCHEMA_REGISTRY_URL });
    const consumer = kafka.consumer({ groupId: `${TOPIC_PREFIX}another`, readUncommitted: false });
    const found: Decoded[] = [];
    try {
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ topic, partition, message: { value, offset } }) => {
          const { meta, ...data } = await registry.decode(value as Buffer);
          found.push({ at: `${topic}/${partition}/${offset}`, meta: { ...meta }, data });
        },
      });
      await until(() => found.length >= count);
    } finally {
      await consumer.disconnect();
    }
    return found;
  }

  const typesOf = (committed: readonly Committed[]) =>
    new Set(committed.map(({ event }) => event.type));

  it('decodes every event of every topic, as it was written', async () => {
    const log = await committedEvents(system);
    const happened = typesOf(await log.all());
    // Each type of this system but ReminderDue: one evening is too short for that.
    expect(happened.size).toBeGreaterThanOrEqual(15);
    await appendExamples(eventSchemas.filter(({ type }) => !happened.has(type)));
    const committed = await log.all();
    await log.close();
    const types = eventSchemas.map(({ type }) => type);
    expect([...typesOf(committed)].toSorted()).toEqual(types.toSorted());
    const topics = [...new Set(committed.map(({ topic }) => topic))];
    const ours = committed.map(({ topic, lane, offset, event: { meta, data } }) => {
      return { at: `${topic}/${lane}/${offset}`, meta, data: data as object };
    });
    expect(inOrder(await consumed(topics, ours.length))).toMatchObject(inOrder(ours));
  });
});
