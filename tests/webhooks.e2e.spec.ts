import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask, type Done, up } from './answers.ts';
import { type Service, type System, startSystem } from './system.ts';

/** A user's webhook from its first secret to its end, and a receiver that isn't always well. */

type Received = { id: string; headers: Record<string, string>; body: string };
type Body = { type: string; data: Record<string, unknown> };

let system: System;
let commandApi: Service;
let queryApi: Service;
let reactors: Service;
let ada: { authorization: string };
let receiver: Server;
let url = '';
let status = 204;
/** Until then, no request is answered. */
let held = Promise.resolve();
const received: Received[] = [];

const settings = {
  ...{ WEBHOOK_HTTP: 'true', WEBHOOK_PRIVATE_ADDRESSES: 'true' },
  ...{ WEBHOOK_RETRY_MS: '50', WEBHOOK_GIVE_UP_S: '2' },
};

beforeAll(async () => {
  receiver = createServer(async (req, res) => {
    let body = '';
    for await (const part of req) body += part;
    const headers = req.headers as Record<string, string>;
    await held;
    received.push({ id: headers['webhook-id'] ?? '', headers, body });
    res.writeHead(status, { location: '/elsewhere' }).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  system = await startSystem('webhooks', undefined, { settings });
  const names = ['command-api', 'projectors', 'query-api'] as const;
  [commandApi, , queryApi] = (await Promise.all(names.map((name) => system.start(name)))) as [
    Service,
    Service,
    Service,
  ];
  reactors = await system.start('reactors', { COMMAND_API_URL: commandApi.url });
  ada = await system.as('ada', 'viewer', 'catalogue');
  for (const id of ['m1', 'm2', 'm3']) await sent(`PUT /v1/movies/${id}`, up);
}, 180_000);
afterAll(async () => {
  await system?.stop();
  receiver?.close();
});

let keys = 0;
async function sent<Answer = Done>(route: string, body: unknown = {}, headers = ada) {
  keys += 1;
  const asked = { body, headers: { ...headers, 'idempotency-key': `key-${keys}` } };
  const answer = await ask<Answer & Done>(commandApi.url, route, asked);
  expect(answer.status, `${route} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

async function read<Answer>(path: string, token = ''): Promise<Answer> {
  const headers = { ...ada, ...(token && { 'consistency-token': token }), prefer: 'wait=10' };
  return (await ask<Answer>(queryApi.url, `GET ${path}`, { headers })).body;
}

const bodyOf = ({ body }: Received) => JSON.parse(body) as Body;
const told = (type: string) => received.filter((one) => bodyOf(one).type === type);
const isSigned = (secret: string) => (one: Received) => {
  try {
    new Webhook(secret).verify(one.body, one.headers);
    return true;
  } catch {
    return false;
  }
};

type Deliveries = { items: { deliveryId: string; status: string; attempts: number }[] };
const deliveries = async (id: string) =>
  (await read<Deliveries>(`/v1/me/webhooks/${id}/deliveries`)).items;

let webhookId = '';
let secret = '';

it('tells its owner of their events, signed, and nobody of those of others', async () => {
  const made = await sent<{ webhookId: string; secret: string }>('POST /v1/me/webhooks', {
    ...{ url, events: ['vote.cast', 'ticket.message', 'webhook.test'] },
  });
  ({ webhookId, secret } = made);
  await sent('PUT /v1/movies/m1/vote', { vote: 'like' }, await system.as('bob', 'viewer'));
  // A webhook hears of everything that comes after its own answer, however late views are.
  await sent('PUT /v1/movies/m1/vote', { vote: 'like' });
  await until(() => told('vote.cast').length > 0);
  expect(bodyOf(told('vote.cast')[0]!).data).toEqual({ movieId: 'm1', vote: 'like' });
  expect(told('vote.cast').every(isSigned(secret))).toBe(true);
  await sent(`POST /v1/me/webhooks/${webhookId}/test`);
  await until(() => told('webhook.test').length === 1);
  expect(told('vote.cast')).toHaveLength(1);
  expect(await read(`/v1/me/webhooks/${webhookId}`)).not.toHaveProperty('secret');
});

it('tells of what others do to a ticket, without its text', async () => {
  const words = { subject: 'Secret', message: 'Secret' };
  const { ticketId } = await sent<{ ticketId: string }>('POST /v1/tickets', words);
  const sam = await system.as('sam', 'support');
  await sent(`POST /v1/tickets/${ticketId}/messages`, { message: 'Secret, too' }, sam);
  await until(() => told('ticket.message').length === 1);
  expect(JSON.stringify(received)).not.toContain('Secret');
});

it('repeats a delivery with the same id until it is taken, and when it is asked to', async () => {
  status = 302;
  await sent('PUT /v1/movies/m2/vote', { vote: 'like' });
  const ofSecond = () => told('vote.cast').filter((one) => bodyOf(one).data.movieId === 'm2');
  await until(() => ofSecond().length >= 2);
  status = 204;
  await until(async () => (await deliveries(webhookId))[0]?.status === 'delivered');
  const [delivery] = await deliveries(webhookId);
  expect(new Set(ofSecond().map(({ id }) => id))).toEqual(new Set([delivery?.deliveryId]));
  expect(delivery?.attempts).toBeGreaterThan(1);
  const before = ofSecond().length;
  const path = `/v1/me/webhooks/${webhookId}/deliveries/${delivery?.deliveryId}/redeliver`;
  await sent(`POST ${path}`);
  await until(() => ofSecond().length > before);
  expect(ofSecond().at(-1)?.id).toBe(delivery?.deliveryId);
});

it('signs with the old secret, too, after a new one was made', async () => {
  const rotated = await sent<{ secret: string }>(`POST /v1/me/webhooks/${webhookId}/rotate-secret`);
  expect(rotated.secret).not.toBe(secret);
  await sent(`POST /v1/me/webhooks/${webhookId}/test`);
  await until(() => told('webhook.test').length === 2);
  const last = told('webhook.test').at(-1)!;
  expect([isSigned(secret)(last), isSigned(rotated.secret)(last)]).toEqual([true, true]);
});

it('is disabled when it takes nothing for long, tells its owner, and goes on later', async () => {
  status = 500;
  await sent('PUT /v1/movies/m3/vote', { vote: 'like' });
  type Shown = { enabled: boolean; disabledBecause: string | null };
  const shown = () => read<Shown>(`/v1/me/webhooks/${webhookId}`);
  await until(async () => !(await shown()).enabled);
  expect((await shown()).disabledBecause).toBe('failing');
  type Told = { items: object[] };
  const notified = async () => (await read<Told>('/v1/me/notifications')).items;
  const isTold = { type: 'webhook-disabled', webhookId };
  await until(async () => {
    const found = await notified();
    return found.some((one) => 'type' in one && one.type === isTold.type);
  });
  expect(await notified()).toContainEqual(expect.objectContaining(isTold));
  status = 204;
  await sent(`POST /v1/me/webhooks/${webhookId}/enable`);
  await reactors.end('SIGKILL');
  await sent(`POST /v1/me/webhooks/${webhookId}/test`);
  reactors = await system.start('reactors', { COMMAND_API_URL: commandApi.url });
  await until(() => told('webhook.test').length === 3);
});

it('is disabled at once when its receiver answers that it is gone', async () => {
  const body = { url, events: ['webhook.test'] };
  const gone = await sent<{ webhookId: string }>('POST /v1/me/webhooks', body);
  const before = received.length;
  status = 410;
  await sent(`POST /v1/me/webhooks/${gone.webhookId}/test`);
  type Shown = { enabled: boolean; disabledBecause: string | null };
  const shown = () => read<Shown>(`/v1/me/webhooks/${gone.webhookId}`);
  await until(async () => (await shown()).disabledBecause === 'failing');
  expect((await shown()).enabled).toBe(false);
  expect(received.length).toBeGreaterThan(before);
  // Otherwise it would be tried for two seconds, and have failed.
  const last = async () => (await deliveries(gone.webhookId))[0]?.status;
  await until(async () => (await last()) !== 'waiting');
  expect(await last()).toBe('dropped');
  status = 204;
});

type Figures = Record<'taken' | 'refused' | 'delivered' | 'waiting' | 'oldest', number>;

/** What the reactors tell Prometheus. */
async function figures(): Promise<Figures> {
  const text = await (await fetch(`${reactors.operationsUrl}/metrics`)).text();
  const sumOf = (series: RegExp) => {
    const lines = text.split('\n').filter((line) => series.test(line));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  return {
    taken: sumOf(/^webhook_attempt_duration_seconds_count\{.*result="taken"/),
    refused: sumOf(/^webhook_attempt_duration_seconds_count\{.*result="refused"/),
    delivered: sumOf(/^webhook_deliveries_total\{.*outcome="delivered"/),
    waiting: sumOf(/^webhook_deliveries_waiting\{/),
    oldest: sumOf(/^webhook_oldest_waiting_seconds\{/),
  };
}

it('is counted: what was refused and taken, what waits, and for how long', async () => {
  await reactors.end();
  const patient = { COMMAND_API_URL: commandApi.url, WEBHOOK_GIVE_UP_S: '3600' };
  reactors = await system.start('reactors', patient);
  const release = Promise.withResolvers<void>();
  [held, status] = [release.promise, 503];
  const before = told('webhook.test').length;
  await sent(`POST /v1/me/webhooks/${webhookId}/test`);
  await until(async () => (await figures()).oldest > 0);
  expect(await figures()).toMatchObject({ waiting: 1, taken: 0, refused: 0, delivered: 0 });
  release.resolve();
  await until(() => told('webhook.test').length > before);
  status = 204;
  await until(async () => (await figures()).waiting === 0);
  const after = await figures();
  expect(after).toMatchObject({ taken: 1, delivered: 1, oldest: 0 });
  expect(after.refused).toBeGreaterThan(0);
});
