import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { answerOf, type MoviesClient } from '#client/client.ts';
import { deadLetter, deadLettersOf, park } from '#kernel/projector/dead-letters/dead-letters.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { deploySchemas } from '#kernel/schemas/deploy.ts';
import { until } from '#kernel/testing/until.ts';
import { eventSchemas } from '#schemas/load.ts';
import { up } from './answers.ts';
import { type Apis, clientOf } from './clients.ts';
import { replay } from './replay-tool.ts';
import { type Service, type System, startSystem } from './system.ts';
import { openTopic } from './topic-events.ts';

/** What is left of a person's text in all other places than the views, once it is erased. */

const secret = 'Meet Grace at the harbour';
const settings = { WEBHOOK_HTTP: 'true', WEBHOOK_PRIVATE_ADDRESSES: 'true' };
const path = { movieId: 'm1' };

let system: System;
let apis: Apis;
let reactors: Service;
let alice: MoviesClient;
let bob: MoviesClient;
let olga: MoviesClient;
let receiver: Server;
let letterId = '';
let eventPlace = '';
const told: string[] = [];
const backup = () => `${system.settings.TOPIC_PREFIX}copy.`;

beforeAll(async () => {
  receiver = createServer((req, res) => {
    told.push(req.url ?? '');
    req.resume();
    res.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  system = await startSystem('erased-elsewhere', undefined, { settings });
  const registryUrl = system.settings.SCHEMA_REGISTRY_URL!;
  await deploySchemas({ registryUrl, topicPrefix: backup(), schemas: eventSchemas });
  const [commandApi, queryApi] = await Promise.all([
    system.start('command-api'),
    system.start('query-api'),
    system.start('projectors'),
  ]);
  apis = { commandApi, queryApi };
  reactors = await system.start('reactors', { COMMAND_API_URL: commandApi.url });
  alice = await clientOf(system, apis, 'alice', 'viewer');
  bob = await clientOf(system, apis, 'bob', 'viewer', 'catalogue');
  olga = await clientOf(system, apis, 'olga', 'operator', 'support');
  await bob.commands.PUT('/v1/movies/{movieId}', { params: { path }, body: up });
}, 180_000);
afterAll(async () => {
  await system?.stop();
  receiver?.close();
});

const hook = (owner: string) => {
  const { port } = receiver.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/${owner}`, events: ['vote.cast' as const] };
};
const vote = (by: MoviesClient, vote: 'like' | 'dislike') =>
  by.commands.PUT('/v1/movies/{movieId}/vote', { params: { path }, body: { vote } });
const hooksOf = async (owner: MoviesClient) =>
  (await answerOf(owner.queries.GET('/v1/me/webhooks'))).items;

/** The whole text of an answer that may be in lines. */
async function textOf(route: string, user: string, ...roles: ('viewer' | 'operator')[]) {
  const { authorization } = await system.as(user, ...roles);
  const token = [...alice.seen(), ...olga.seen()].join(',');
  const headers = { authorization, 'consistency-token': token, prefer: 'wait=10' };
  const answer = await fetch(apis.queryApi.url + route, { headers });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return text;
}

/** Parks the event of alice's note, as a fold does that fails on it. */
async function parkNote(): Promise<void> {
  const topic = await openTopic(system, 'reminders');
  const client = new MongoClient(inject('stack').mongo);
  try {
    const db = client.db(system.settings.MONGO_DATABASE);
    const [record] = await topic.records();
    const views = await readModelsOf(db).find().toArray();
    const { _id: view, active } = views.find(({ _id }) => _id.startsWith('reminders@'))!;
    const place = { view, generation: active!, lane: record!.lane };
    const letter = deadLetter(place, 'reminders', record!, new Error('no such fold'));
    await park(deadLettersOf(db), [letter]);
    letterId = letter._id;
    eventPlace = `reminders/${record!.lane}/${record!.offset}`;
  } finally {
    await Promise.all([client.close(), topic.close()]);
  }
}

async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await replay(system, ...args);
  expect(code, `${args.join(' ')}: ${out} ${err}`).toBe(0);
  return out;
}

const copy = () => {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '' } = system.settings;
  const target = ['--to', KAFKA_BROKERS, '--registry', SCHEMA_REGISTRY_URL];
  return run('copy', ...target, '--prefix', backup());
};

describe('text that is erased', () => {
  beforeAll(async () => {
    const note = { note: secret, remindAt: null };
    await alice.commands.PUT('/v1/me/reminders/{movieId}', { params: { path }, body: note });
    const ticket = { subject: secret, message: secret };
    await alice.commands.POST('/v1/tickets', { body: ticket });
    await alice.commands.POST('/v1/me/webhooks', { body: hook('alice') });
    await bob.commands.POST('/v1/me/webhooks', { body: hook('bob') });
    expect(await textOf('/v1/me/export', 'alice', 'viewer')).toContain(secret);
    await parkNote();
    const now = new Date().toISOString();
    await run('as-of', now, 'reminders', 'movies', 'tickets', 'ticket-entries', '--into', 'then');
    await copy();
    await vote(alice, 'like');
    await until(() => told.includes('/alice'));
    await alice.commands.DELETE('/v1/me');
  }, 120_000);

  it.each(['/v1/me/export', '/v1/me/changes', '/v1/me/reminders', '/v1/me/tickets'])(
    'is not in %s',
    async (route) => {
      const text = await textOf(route, 'alice', 'viewer');
      expect(text).toContain('[erased]');
      expect(text).not.toContain(secret);
    },
  );

  it('is not in the past', async () => {
    const roles = ['viewer', 'operator'] as const;
    const then = await textOf('/v1/me/reminders?asOf=then', 'alice', ...roles);
    expect(then).toContain('[erased]');
    expect(then).not.toContain(secret);
  });

  it('is not in dead letters, nor where operators look at them and reveal events', async () => {
    const shown = await run('dead-letters', 'show', letterId);
    expect(shown).toContain('[erased]');
    const letters = await textOf('/v1/ops/dead-letters?details=true', 'olga', 'operator');
    expect(letters).toContain(letterId);
    await olga.commands.POST('/v1/ops/reveals', { body: { event: eventPlace } });
    const revealed = await textOf(`/v1/ops/revealed?event=${eventPlace}`, 'olga', 'operator');
    expect(revealed).toContain('[erased]');
    for (const text of [shown, letters, revealed]) expect(text).not.toContain(secret);
  });

  it('is not in printed events', async () => {
    expect(await run('events', '--topic', 'reminders')).toContain('"note":"[erased]"');
  });

  it('is erased in a copy that was made before, once it is copied on', async () => {
    const there = {
      ...system,
      settings: { ...system.settings, TOPIC_PREFIX: backup() },
    };
    const before = await replay(there, 'events', '--topic', 'reminders');
    expect(before).toMatchObject({ code: 0, out: expect.not.stringContaining('[erased]') });
    await copy();
    const after = await replay(there, 'events', '--topic', 'reminders');
    expect(after).toMatchObject({ code: 0, out: expect.stringContaining('"note":"[erased]"') });
  });

  it('stays erased in views that are built anew, which are the same as before', async () => {
    await run('rebuild', 'reminders', 'tickets', 'ticket-entries');
    for (const route of ['/v1/me/reminders', '/v1/me/tickets']) {
      const text = await textOf(route, 'alice', 'viewer');
      expect(text).toContain('[erased]');
    }
    await run('verify', 'reminders', 'tickets');
  });
});

describe('the webhooks of somebody who was erased', () => {
  it('are removed, and told of nothing any more', async () => {
    await until(async () => (await hooksOf(alice)).length === 0);
    const before = told.length;
    await vote(alice, 'dislike');
    await vote(bob, 'like');
    await until(() => told.includes('/bob'));
    expect(told.slice(before)).toEqual(['/bob']);
  });

  it('stay, if they were added after coming back', async () => {
    await reactors.end();
    await alice.commands.PUT('/v1/me/reminders/{movieId}', {
      ...{ params: { path }, body: { note: 'Back', remindAt: null } },
    });
    await alice.commands.POST('/v1/me/webhooks', { body: hook('alice') });
    await alice.commands.DELETE('/v1/me');
    await alice.commands.POST('/v1/me/webhooks', { body: hook('alice-is-back') });
    const { commandApi } = apis;
    await system.start('reactors', { COMMAND_API_URL: commandApi.url });
    await until(async () => (await hooksOf(alice)).length === 1);
    await vote(alice, 'like');
    await until(() => told.includes('/alice-is-back'));
  });
});
