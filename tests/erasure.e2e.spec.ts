import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { type Service, type System, startSystem } from './system.ts';

/** The whole path of a person's text: written, read, erased, written again. */

const secret = 'Meet Grace at the harbour';
const sea = {
  ...{ title: 'Sea', description: 'Waves', director: 'Grace', actors: ['Ann'], year: 1999 },
  ...{ runtimeMinutes: 90, genres: ['Drama'], rating: 7, ratingVotes: 10 },
};
let system: System;
let commands: Service;
let queries: Service;
let alice: { authorization: string };
let sam: { authorization: string };

beforeAll(async () => {
  system = await startSystem('erasure');
  [commands, queries] = await Promise.all([
    system.start('command-api'),
    system.start('query-api'),
    system.start('projectors'),
  ]);
  alice = await system.as('alice', 'viewer');
  sam = await system.as('sam', 'support');
  const catalogue = await system.as('cat', 'catalogue');
  await send('PUT', '/v1/movies/m1', catalogue, sea);
});

afterAll(() => system?.stop());

type Sent = { status: number; token: string; body: Record<string, unknown> };

async function send(
  method: string,
  path: string,
  as: { authorization: string },
  body?: object,
  key: string = randomUUID(),
  { url } = commands,
): Promise<Sent> {
  const response = await fetch(url + path, {
    method,
    headers: { ...as, 'idempotency-key': key, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  expect(response.status, JSON.stringify(answer)).toBeLessThan(300);
  const token = response.headers.get('consistency-token') ?? '';
  return { status: response.status, token, body: answer };
}

async function read(path: string, as: { authorization: string }, token: string): Promise<string> {
  const headers = { ...as, 'consistency-token': token, prefer: 'wait=10' };
  const response = await fetch(queries.url + path, { headers });
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return body;
}

/** What the database's server has logged lately, slow operations included. */
async function serverLog(): Promise<string> {
  const client = new MongoClient(inject('stack').mongo);
  const { log } = await client.db('admin').command({ getLog: 'global' });
  await client.close();
  return (log as string[]).join('\n');
}

/** Every byte of the system's topics, and every document of its database. */
async function everything(): Promise<Buffer> {
  const { TOPIC_PREFIX = '', KAFKA_BROKERS = '', MONGO_DATABASE } = system.settings;
  const { mongo } = inject('stack');
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const client = new MongoClient(mongo, { promoteBuffers: true });
  const parts: Buffer[] = [];
  try {
    const topics = [...(await log.topics())].filter(([topic]) => topic.startsWith(TOPIC_PREFIX));
    for (const [topic] of topics) {
      const ends = await log.stableOffsets(topic);
      const until = ends.map((next, lane) => ({ topic, lane, next }));
      const from = ends.map((_, lane) => ({ topic, lane, next: 0 }));
      const reader = log.reader();
      const subscription = reader.subscribe(from, { until, compacted: true });
      for (let chunks = await subscription.take(); chunks.length > 0; ) {
        for (const { records } of chunks) {
          for (const { key, value } of records)
            parts.push(...[key, value].filter((b) => b !== null));
        }
        chunks = await subscription.take();
      }
      await reader.close();
    }
    const db = client.db(MONGO_DATABASE);
    for (const { name } of await db.listCollections().toArray()) {
      for await (const document of db.collection(name).find({}, { raw: true })) {
        parts.push(document as unknown as Buffer);
      }
    }
  } finally {
    await Promise.all([client.close(), log.close()]);
  }
  return Buffer.concat(parts);
}

describe('a person’s text', () => {
  const note = (text: string) => ({ note: text, remindAt: null });
  let ticket = '';

  it('is answered as it was written, and stands nowhere in clear', async () => {
    const first = await send('PUT', '/v1/me/reminders/m1', alice, note(secret));
    const opened = await send('POST', '/v1/tickets', alice, { subject: secret, message: secret });
    ticket = String(opened.body.ticketId);
    const path = `/v1/tickets/${ticket}/messages`;
    const told = await send('POST', path, sam, { message: `${secret}: I know` });
    expect(await read('/v1/me/reminders', alice, first.token)).toContain(secret);
    expect(await read(`/v1/tickets/${ticket}`, sam, told.token)).toContain(`${secret}: I know`);
    const bytes = await everything();
    expect(bytes.includes(Buffer.from('alice'))).toBe(true);
    expect(bytes.includes(Buffer.from(secret))).toBe(false);
    expect(await serverLog()).not.toContain(secret);
  });

  it('is known to be the same again', async () => {
    const again = await send('PUT', '/v1/me/reminders/m1', alice, note(secret));
    expect(again.body.unchanged).toBe(true);
  });

  it('is still open at a node that takes the lanes', async () => {
    await commands.end('SIGKILL');
    commands = await system.start('command-api');
    const again = await send('PUT', '/v1/me/reminders/m1', alice, note(secret));
    expect(again.body.unchanged).toBe(true);
  });

  it('is erased everywhere, and everything else is answered on', async () => {
    const key = randomUUID();
    const message = { message: 'One more' };
    await send('POST', `/v1/tickets/${ticket}/messages`, alice, message, key);
    const { token, body } = await send('DELETE', '/v1/me', alice);
    expect(body.events).toEqual(['PersonErased']);
    for (const path of ['/v1/me/reminders', '/v1/me/tickets', `/v1/tickets/${ticket}`]) {
      const shown = await read(path, alice, token);
      expect(shown).toContain('[erased]');
      expect(shown).not.toContain(secret);
    }
    expect(await read('/v1/tickets', sam, token)).toContain('[erased]');
    // The key of a request is still known, but confirms no guess of its text.
    const other = { message: 'A guess' };
    const repeated = await send('POST', `/v1/tickets/${ticket}/messages`, alice, other, key);
    expect(repeated.body.events).toEqual(['TicketMessageAdded']);
    expect((await send('DELETE', '/v1/me', alice)).body.unchanged).toBe(true);
  });

  it('that support writes then is erased from birth', async () => {
    const path = `/v1/tickets/${ticket}/resolve`;
    const { token } = await send('POST', path, sam, { message: 'Goodbye, Alice' });
    expect(await read(`/v1/tickets/${ticket}`, sam, token)).not.toContain('Goodbye');
    expect((await everything()).includes(Buffer.from('Goodbye'))).toBe(false);
  });

  it('is kept again for somebody who comes back, and the old one stays erased', async () => {
    const back = 'Back from the sea';
    const set = await send('PUT', '/v1/me/reminders/m1', alice, note(back));
    const path = `/v1/tickets/${ticket}/reopen`;
    const { token } = await send('POST', path, alice, { message: back });
    expect(await read('/v1/me/reminders', alice, set.token)).toContain(back);
    const shown = await read(`/v1/tickets/${ticket}`, sam, token);
    expect(shown).toContain(back);
    expect(shown).not.toContain(secret);
  });

  it('is taken back for good also from somebody who has written none yet', async () => {
    const eve = await system.as('eve', 'viewer');
    const first = await send('DELETE', '/v1/me', eve);
    expect(first.body.events).toEqual(['PersonErased']);
    expect((await send('DELETE', '/v1/me', eve)).body.unchanged).toBe(true);
  });

  it('is readable if it was written at another node right after an erasure', async () => {
    const other = await system.start('command-api');
    const bob = await system.as('bob', 'viewer');
    for (let round = 0; round < 12; round += 1) {
      const text = `Round ${round} of Bob`;
      const subject = { subject: text, message: text };
      const nodes = round % 2 === 0 ? [commands, other] : [other, commands];
      const erased = await send('DELETE', '/v1/me', bob, undefined, randomUUID(), nodes[0]);
      const answers = await Promise.all([
        send('PUT', '/v1/me/reminders/m1', bob, note(text), randomUUID(), nodes[1]),
        send('POST', '/v1/tickets', bob, subject, randomUUID(), nodes[1]),
      ]);
      const [reminder, opened] = answers.map(({ token }) => `${erased.token},${token}`);
      expect(await read('/v1/me/reminders', bob, reminder as string)).toContain(text);
      const shown = await read('/v1/me/tickets', bob, opened as string);
      // As the subject and as the message.
      expect(shown.match(/Round/g)).toHaveLength(2);
      expect(shown).toContain(text);
    }
    await other.end();
  });

  it('survives the loss of the database, and what was erased does not come back', async () => {
    await Promise.all([commands.end(), queries.end()]);
    const client = new MongoClient(inject('stack').mongo);
    await client.db(system.settings.MONGO_DATABASE).dropDatabase();
    await client.close();
    [commands, queries] = await Promise.all([
      system.start('command-api'),
      system.start('query-api'),
    ]);
    const { token } = await send('PUT', '/v1/me/reminders/m1', alice, note('Later'));
    expect(await read('/v1/me/reminders', alice, token)).toContain('Later');
    const shown = await read(`/v1/tickets/${ticket}`, sam, token);
    expect(shown).toContain('Back from the sea');
    expect(shown).toContain('[erased]');
  });
});
