import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Commands are done only on what their If-Match or If-None-Match allows them to find. */

let system: System;
let api: Service;
let alice: Record<string, string>;

beforeAll(async () => {
  system = await startSystem('preconditions');
  api = await system.start('command-api');
  alice = await system.as('alice', 'viewer', 'catalogue');
  await send('PUT /v1/movies/m1', { body: up });
});
afterAll(() => system?.stop());

const send = (route: string, { body, headers }: Asked = {}) =>
  ask<Done & { ticketId: string; playId: string }>(api.url, route, {
    body,
    headers: { ...alice, 'idempotency-key': randomUUID(), ...headers },
  });
const ifThere = { 'if-match': '*' };
const ifNew = { 'if-none-match': '*' };

describe('If-None-Match: *', () => {
  it('makes a movie, and never changes one', async () => {
    const key = { ...ifNew, 'idempotency-key': 'new' };
    doneOf(await send('PUT /v1/movies/new', { body: up, headers: key }), { version: 1 });
    const repeated = await send('PUT /v1/movies/new', { body: up, headers: key });
    doneOf(repeated, { version: 1, events: ['MovieAdded'] });
    const change = { body: { ...up, rating: 1 }, headers: ifNew };
    const refused = await send('PUT /v1/movies/new', change);
    expect(problemOf(refused, 'version-mismatch').detail).toContain('version 1');
  });

  it('goes by the reminder and the vote, not by all that the user did before', async () => {
    const routes = [
      ['/v1/me/reminders/m1', {}],
      ['/v1/movies/m1/vote', { vote: 'like' }],
    ] as const;
    for (const [path, body] of routes) {
      const put = () => send(`PUT ${path}`, { body, headers: ifNew });
      doneOf(await put());
      problemOf(await put(), 'version-mismatch');
      doneOf(await send(`DELETE ${path}`, { headers: ifThere }));
      problemOf(await send(`DELETE ${path}`, { headers: ifThere }), 'version-mismatch');
      doneOf(await put());
    }
  });
});

describe('If-Match', () => {
  it('with * changes a movie, and never makes one', async () => {
    const change = { body: { ...up, rating: 2 }, headers: ifThere };
    doneOf(await send('PUT /v1/movies/m1', change), { version: 2 });
    problemOf(await send('PUT /v1/movies/none', change), 'version-mismatch');
  });

  it('may list versions', async () => {
    const change = (rating: number, match: string) =>
      send('PUT /v1/movies/m1', { body: { ...up, rating }, headers: { 'if-match': match } });
    doneOf(await change(3, '"7", "2"'), { version: 3 });
    const refused = problemOf(await change(4, '"7" ,"2"'), 'version-mismatch');
    expect(refused.detail).toContain('3, not 7 or 2');
  });

  it('with the ETag of a read is told what to send', async () => {
    const headers = { 'if-match': 'W/"2c-1CmFqRvp"' };
    const { detail } = problemOf(await send('PUT /v1/movies/m1', { body: up, headers }));
    expect(detail).toMatch(/not the weak ETag of a read, but the `version`.*"3"/);
  });
});

describe('ids', () => {
  it('of tickets and plays may be written in capitals', async () => {
    const ticket = { subject: 'No sound', message: 'Silent.\r\nFrom the start.' };
    const { ticketId } = doneOf(await send('POST /v1/tickets', { body: ticket })) as {
      ticketId?: string;
    };
    const message = { body: { message: 'Still.' } };
    const to = `/v1/tickets/${ticketId?.toUpperCase()}`;
    doneOf(await send(`POST ${to}/messages`, message), { stream: `support/${ticketId}` });
    const played = await send('POST /v1/me/watched/m1', { body: {} });
    const path = `/v1/me/watched/m1/${played.body.playId.toUpperCase()}`;
    doneOf(await send(`DELETE ${path}`, { headers: ifThere }), { events: ['WatchRemoved'] });
  });
});
