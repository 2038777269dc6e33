import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { RoleName } from '#schemas/roles.ts';
import { ask } from './answers.ts';
import { type Service, type System, startSystem } from './system.ts';

/** A ticket goes through every service: opened, given a service order, resolved, read. */

let system: System;
let commandApi: Service;
let queryApi: Service;
beforeAll(async () => {
  system = await startSystem('support');
  commandApi = await system.start('command-api');
  await Promise.all([
    system.start('projectors'),
    system.start('reactors', { COMMAND_API_URL: commandApi.url }),
  ]);
  queryApi = await system.start('query-api');
});
afterAll(() => system?.stop());

type Asker = [user: string, ...roles: RoleName[]];
const alice: Asker = ['alice', 'viewer'];
const sam: Asker = ['sam', 'support'];

type Ticket = {
  ticketId: string;
  status: string;
  timeline: { by: string; type: string; message?: string }[];
  serviceOrder: { orderNumber: string } | null;
};
type Done = { ticketId: string; token: string };

const command = async (path: string, body: object, asker: Asker) => {
  const headers = { ...(await system.as(...asker)), 'idempotency-key': randomUUID() };
  return (await ask<Done>(commandApi.url, `POST ${path}`, { body, headers })).body;
};
const query = async <Body>(path: string, asker: Asker, token = '') => {
  const seen = token && { 'consistency-token': token, prefer: 'wait=10' };
  const headers = { ...(await system.as(...asker)), ...(seen || {}) };
  return ask<Body>(queryApi.url, `GET ${path}`, { headers });
};

it('a ticket gets its service order and its answer, and its opener sees both', async () => {
  const ticket = { subject: 'No sound', message: 'None at all.' };
  const { ticketId, token } = await command('/v1/tickets', ticket, alice);
  const path = `/v1/tickets/${ticketId}`;
  // The token makes this read see the write; the test need not wait.
  const opened = await query<Ticket>(path, alice, token);
  expect(opened.body).toMatchObject({ ticketId, status: 'open' });
  await until(async () => (await query<Ticket>(path, alice)).body.serviceOrder !== null);
  const resolved = await command(`${path}/resolve`, { message: 'Try again.' }, sam);
  const { body } = await query<Ticket>(path, alice, resolved.token);
  expect(body.status).toBe('resolved');
  expect(body.timeline).toMatchObject([
    { by: 'alice', type: 'opened', message: 'None at all.' },
    { by: 'technical-support', type: 'service-order' },
    { by: 'sam', type: 'resolved', message: 'Try again.' },
  ]);
  const told = await query<{ items: object[] }>('/v1/me/notifications', alice, resolved.token);
  expect(told.body.items).toMatchObject([{ type: 'ticket', ticketId, news: 'resolved' }]);
  expect((await query<{ count: number }>('/v1/me/notifications', sam)).body.count).toBe(0);
  type Orders = { items: { ticketId: string; orderNumber: string }[]; count: number };
  const orders = await query<Orders>('/v1/service-orders', sam, resolved.token);
  expect(orders.body).toMatchObject({
    items: [{ ticketId, orderNumber: body.serviceOrder?.orderNumber }],
    count: 1,
  });
  expect((await query(path, ['bob', 'viewer'])).status).toBe(404);
});
