import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, type MoviesClient, ProblemError } from '#client/client.ts';
import { type Event, eventId, personalText } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { deploySchemas, deployTopics } from '#kernel/schemas/deploy.ts';
import { request } from '#kernel/writer/request.ts';
import { eventSchemas, schemas } from '#schemas/load.ts';
import { roles } from '#schemas/roles.ts';
import { openTicket } from '../command-api/support/ticket.ts';
import { up } from './answers.ts';
import { clientOf } from './clients.ts';
import { replay } from './replay-tool.ts';
import { type System, startSystem } from './system.ts';
import { openTopic } from './topic-events.ts';

/** A log whose text was written before encryption, and its encrypted copy, on which services go. */

const secret = 'Meet Grace at the harbour';
const ticketText = { subject: secret, message: `${secret}, she said` };
const then = Date.now() - 86_400_000;

let source: System;
let copied: System;
let alice: MoviesClient;
let bob: MoviesClient;
let carl: MoviesClient;
let sam: MoviesClient;

const asked = request(
  openTicket as never,
  { ...ticketText, priority: 'normal' },
  { userId: 'alice', roles: new Set([roles.viewer]) },
  {
    ...{ idempotencyKey: 'tickets-key', expectedVersion: null },
    trace: { correlationid: 'old', causationid: null, traceparent: '' },
  },
);
const ticketId = asked.key;
const metaOf = (subject: string, sequence: number, actor: string, more: object = {}) => ({
  ...{ id: eventId(subject, sequence), source: '/command-api', subject, sequence, actor },
  ...{ time: then + sequence, correlationid: 'old', causationid: null },
  ...{ commandid: randomUUID(), requesthash: '', ...more },
});

const opened: Event = {
  type: 'TicketOpened',
  meta: metaOf(`support/${ticketId}`, 1, 'alice', commandOf(asked)),
  data: {
    ...{ ticketId, userId: 'alice', movieId: null, priority: 'normal', openedAt: then },
    subject: personalText(ticketText.subject),
    message: personalText(ticketText.message),
  },
};
const told = (sequence: number, text: string): Event => ({
  type: 'TicketMessageAdded',
  meta: metaOf(`support/${ticketId}`, sequence, 'sam'),
  data: { ticketId, by: 'sam', message: personalText(text), addedAt: then + sequence },
});
const noted = (userId: string): Event => ({
  type: 'ReminderSet',
  meta: metaOf(`reminders/${userId}`, 1, userId),
  data: {
    ...{ movieId: 'm1', userId, note: personalText(`${secret}: ${userId}`), remindAt: null },
    ...{ setAt: then, changedAt: null, batch: null },
  },
});

function commandOf({ commandid, requesthash }: { commandid: string; requesthash: string }) {
  return { commandid, requesthash };
}

async function append(context: string, key: string, ...events: Event[]): Promise<void> {
  const topic = await openTopic(source, context);
  const lane = laneOf(key, Number(source.settings.LANES));
  for (const event of events) {
    await topic.append({ lane, key, value: topic.codec.encode(topic.topic, event), headers: {} });
  }
  await topic.close();
}

async function copy(): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '' } = source.settings;
  const target = ['--to', KAFKA_BROKERS, '--registry', SCHEMA_REGISTRY_URL];
  const prefix = ['--prefix', copied.settings.TOPIC_PREFIX!];
  const { code, out, err } = await replay(source, 'copy', '--encrypt', ...target, ...prefix);
  expect(code, `${out} ${err}`).toBe(0);
}

/** The records of a topic, and its events. */
async function contentOf(system: System, context: string) {
  const topic = await openTopic(system, context);
  const [records, events] = [await topic.records(), await topic.events()];
  await topic.close();
  return { bytes: Buffer.concat(records.map(({ value }) => value!)), events };
}

beforeAll(async () => {
  source = await startSystem('clear');
  const prefix = `${source.settings.TOPIC_PREFIX}copy.`;
  const own = { TOPIC_PREFIX: prefix, MONGO_DATABASE: `${source.settings.MONGO_DATABASE}-copy` };
  copied = {
    ...source,
    settings: { ...source.settings, ...own },
    start: (name, more) => source.start(name, { ...own, ...more }),
  };
  await append('support', ticketId, opened, told(2, `${secret}: sam knows`));
  for (const user of ['alice', 'bob', 'carl']) await append('reminders', user, noted(user));
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', LANES } = source.settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const topics = { topicPrefix: prefix, lanes: Number(LANES) };
  await deployTopics(log, schemas, { ...topics, replication: 1, minInSyncReplicas: 1 });
  await log.close();
  const registry = { registryUrl: SCHEMA_REGISTRY_URL, topicPrefix: prefix };
  await deploySchemas({ ...registry, schemas: eventSchemas });
}, 120_000);
afterAll(() => source?.stop());

it('is made of a log that goes on, in which some have keys and some were erased', async () => {
  const commandApi = await source.start('command-api');
  const at = { commandApi, queryApi: commandApi };
  const catalogue = await clientOf(source, at, 'cat', 'catalogue');
  for (const movieId of ['m1', 'm2']) {
    await catalogue.commands.PUT('/v1/movies/{movieId}', {
      ...{ params: { path: { movieId } }, body: up },
    });
  }
  bob = await clientOf(source, at, 'bob', 'viewer');
  await bob.commands.PUT('/v1/me/reminders/{movieId}', {
    ...{ params: { path: { movieId: 'm2' } }, body: { note: 'Written later', remindAt: null } },
  });
  carl = await clientOf(source, at, 'carl', 'viewer');
  await carl.commands.DELETE('/v1/me');
  await commandApi.end();
  await copy();
  // Later events rest on those that were copied before.
  await append('support', ticketId, told(3, `${secret}: sam again`));
  await copy();
  await copy();
});

it('has the same events in the same order, and no text in clear', async () => {
  for (const context of ['movies', 'reminders', 'support', 'people']) {
    const [before, after] = [await contentOf(source, context), await contentOf(copied, context)];
    expect(after.bytes.includes(secret)).toBe(false);
    const isCopied = ({ meta }: Event) => meta.source !== '/replay';
    const plain = ({ type, meta }: Event) => ({ type, meta: { ...meta, requesthash: '' } });
    expect(after.events.filter(isCopied).map(plain)).toEqual(before.events.map(plain));
  }
  const { events } = await contentOf(copied, 'people');
  const made = events.filter(({ meta }) => meta.source === '/replay');
  expect(made.map(({ data }) => (data as { userId: string }).userId)).toEqual(['alice']);
  // Without the key, the hash of a request confirms no guess.
  const [first] = (await contentOf(copied, 'support')).events;
  expect(first!.meta.requesthash).not.toContain(asked.requesthash);
});

it('is read, gone on with and erased like text that was encrypted from the first', async () => {
  const commandApi = await copied.start('command-api');
  const [queryApi] = await Promise.all([copied.start('query-api'), copied.start('projectors')]);
  const at = { commandApi, queryApi };
  alice = await clientOf(copied, at, 'alice', 'viewer');
  bob = await clientOf(copied, at, 'bob', 'viewer');
  carl = await clientOf(copied, at, 'carl', 'viewer');
  sam = await clientOf(copied, at, 'sam', 'support');
  const notesOf = async (client: MoviesClient) => {
    const { items } = await answerOf(client.queries.GET('/v1/me/reminders'));
    return items.map(({ note }) => note).toSorted();
  };
  const ticketOf = async (client: MoviesClient) =>
    JSON.stringify(
      await client.queries.GET('/v1/tickets/{ticketId}', { params: { path: { ticketId } } }),
    );
  expect(await notesOf(alice)).toEqual([`${secret}: alice`]);
  expect(await notesOf(bob)).toEqual([`${secret}: bob`, 'Written later'].toSorted());
  expect(await notesOf(carl)).toEqual(['[erased]']);
  expect(await ticketOf(sam)).toContain(`${secret}: sam again`);
  // The old command is still known by its key, with its body and no other.
  const again = (message: string) =>
    alice.commands.POST('/v1/tickets', {
      params: { header: { 'Idempotency-Key': 'tickets-key' } },
      body: { ...ticketText, message },
    });
  expect((await answerOf(again(ticketText.message))).ticketId).toBe(ticketId);
  await expect(again('Something else')).rejects.toThrow(ProblemError);
  const same = { note: `${secret}: alice`, remindAt: null };
  const params = { path: { movieId: 'm1' } };
  const put = alice.commands.PUT('/v1/me/reminders/{movieId}', { params, body: same });
  expect((await answerOf(put)).unchanged).toBe(true);
  await alice.commands.DELETE('/v1/me');
  expect(await notesOf(alice)).toEqual(['[erased]']);
  sam.saw(alice.seen().join(','));
  const shown = await ticketOf(sam);
  expect(shown).toContain('[erased]');
  expect(shown).not.toContain(secret);
});
