import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TicketOpened } from '#schemas/generated/events.ts';
import type { RoleName } from '#schemas/roles.ts';
import { type Answer, ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Every route of a ticket over HTTP: its answers, its events in the log, its refusals. */

let system: System;
let api: Service;
let log: CommittedEvents;

beforeAll(async () => {
  system = await startSystem('tickets');
  api = await system.start('command-api', { ADVERTISED_URL: 'https://movies.example' });
  log = await committedEvents(system);
  const carol = await system.as('carol', 'catalogue');
  doneOf(await ask<Done>(api.url, 'PUT /v1/movies/m1', { body: up, headers: carol }));
});
afterAll(async () => {
  await log?.close();
  await system?.stop();
});

type Asker = [user: string, ...roles: RoleName[]];
const alice: Asker = ['alice', 'viewer'];
const bob: Asker = ['bob', 'viewer'];
const sam: Asker = ['sam', 'support'];
const carol: Asker = ['carol', 'catalogue'];

type Opened = Done & { ticketId: string; orderNumber?: string };
type More = { key?: string; headers?: Record<string, string> };

const post = async (
  path: string,
  body: unknown,
  asker: Asker,
  { key = randomUUID(), headers = {} }: More = {},
): Promise<Answer<Opened>> =>
  ask<Opened>(api.url, `POST ${path}`, {
    body,
    headers: { ...(await system.as(...asker)), 'idempotency-key': key, ...headers },
  });

const wish = { subject: 'No sound', message: 'From 0:41 on:\n\tnothing.' };
const opened = async (asker = alice): Promise<string> =>
  (await post('/v1/tickets', wish, asker)).body.ticketId;
const typesOf = async (ticketId: string) =>
  (await log.of(`support/${ticketId}`)).map(({ type }) => type);
const at = (ticketId: string, action: string) => `/v1/tickets/${ticketId}/${action}`;

describe('open-ticket', () => {
  it('opens a ticket: 201 with its location and id', async () => {
    const answer = await post('/v1/tickets', { ...wish, movieId: 'm1', priority: 'high' }, alice);
    const { ticketId } = doneOf(answer, { version: 1, events: ['TicketOpened'] }) as Opened;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`https://movies.example/v1/tickets/${ticketId}`);
    const [event] = await log.of(`support/${ticketId}`);
    const data = event?.data as TicketOpened;
    expect(data).toMatchObject({ ticketId, userId: 'alice', movieId: 'm1', priority: 'high' });
    for (const { keyId, body } of [data.subject, data.message]) {
      expect(keyId, 'encrypted').toEqual(expect.any(String));
      expect(Buffer.from(body).toString()).not.toContain('0:41');
    }
    expect(event?.meta.subject).toBe(`support/${ticketId}`);
  });

  it('opens the same ticket with the same key, and another with another key', async () => {
    const key = randomUUID();
    const first = await post('/v1/tickets', wish, alice, { key });
    const again = await post('/v1/tickets', wish, alice, { key });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(await typesOf(first.body.ticketId)).toEqual(['TicketOpened']);
    problemOf(await post('/v1/tickets', { ...wish, subject: 'x' }, alice, { key }), 'key-reused');
    const others = await post('/v1/tickets', wish, bob, { key });
    expect(others.body.ticketId).not.toBe(first.body.ticketId);
  });

  it('opens one ticket when the same request is sent many times at once', async () => {
    const key = randomUUID();
    const send = () => post('/v1/tickets', wish, alice, { key });
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    expect(new Set(answers.map(({ body }) => body.ticketId)).size).toBe(1);
    expect(await typesOf(answers[0]!.body.ticketId)).toEqual(['TicketOpened']);
  });

  it.each<[string, object, Asker, string]>([
    ['a movie that there isn’t', { ...wish, movieId: 'm404' }, alice, 'movie-unknown'],
    ['no message', { subject: 'x' }, alice, 'invalid-input'],
    ['a control character', { ...wish, message: 'a\u0007' }, alice, 'invalid-input'],
    ['a lone surrogate', { ...wish, message: 'a\ud800' }, alice, 'invalid-input'],
    ['a subject of two lines', { ...wish, subject: 'a\nb' }, alice, 'invalid-input'],
    ['somebody who only supports', wish, sam, 'forbidden'],
    ['somebody without the role', wish, carol, 'forbidden'],
  ])('is refused: %s', async (_, body, asker, code) => {
    problemOf(await post('/v1/tickets', body, asker), code);
  });
});

describe('the life of a ticket', () => {
  it('is told by its events, each with an actor who may ask for it', async () => {
    const ticketId = await opened();
    const steps: [action: string, body: object, asker: Asker, event: string][] = [
      ['messages', { message: 'Still none.' }, alice, 'TicketMessageAdded'],
      ['service-order', {}, sam, 'ServiceOrderCreated'],
      ['resolve', { message: 'Try again.' }, sam, 'TicketResolved'],
      ['messages', { message: 'Did it help?' }, sam, 'TicketMessageAdded'],
      ['reopen', {}, alice, 'TicketReopened'],
      ['close', {}, sam, 'TicketClosed'],
      ['reopen', { message: 'One more thing.' }, sam, 'TicketReopened'],
      ['close', { message: 'Thanks.' }, alice, 'TicketClosed'],
    ];
    for (const [index, [action, body, asker, event]] of steps.entries()) {
      const answer = await post(at(ticketId, action), body, asker);
      doneOf(answer, { version: index + 2, events: [event], unchanged: false });
      expect(answer.status).toBe(200);
    }
    const expected = ['TicketOpened', ...steps.map(([, , , event]) => event)];
    expect(await typesOf(ticketId)).toEqual(expected);
  });

  it('doesn’t change on a command for its present state, and no event is appended', async () => {
    const ticketId = await opened();
    const unchanged = async (action: string, body: object, asker: Asker) =>
      doneOf(await post(at(ticketId, action), body, asker), { events: [], unchanged: true });
    const done = async (action: string, asker: Asker) =>
      doneOf(await post(at(ticketId, action), {}, asker), { unchanged: false });
    await unchanged('reopen', { message: 'x' }, alice);
    await done('resolve', sam);
    await unchanged('resolve', { message: 'x' }, sam);
    await done('close', alice);
    await unchanged('close', { message: 'x' }, alice);
    await done('service-order', sam);
    await unchanged('service-order', {}, sam);
    expect(await typesOf(ticketId)).toHaveLength(4);
  });

  it('refuses commands that its state forbids, and names the state', async () => {
    const ticketId = await opened();
    doneOf(await post(at(ticketId, 'close'), {}, alice));
    const message = await post(at(ticketId, 'messages'), { message: 'x' }, alice);
    expect(problemOf(message, 'ticket-transition').detail).toMatch(/is closed.*reopen it/);
    const resolve = await post(at(ticketId, 'resolve'), {}, sam);
    expect(problemOf(resolve, 'ticket-transition').detail).toMatch(/is closed.*open one/);
    expect(await typesOf(ticketId)).toEqual(['TicketOpened', 'TicketClosed']);
  });

  it('honours If-Match', async () => {
    const ticketId = await opened();
    const headers = { 'if-match': '"7"' };
    problemOf(await post(at(ticketId, 'close'), {}, alice, { headers }), 'version-mismatch');
    const right = { headers: { 'if-match': '"1"' } };
    doneOf(await post(at(ticketId, 'close'), {}, alice, right), { version: 2 });
  });
});

describe('a service order', () => {
  it('has its number in the answer, also when the command is repeated', async () => {
    const path = at(await opened(), 'service-order');
    const key = randomUUID();
    const first = await post(path, {}, sam, { key });
    expect(first.body.orderNumber).toMatch(/^SO-\d{6}$/);
    expect((await post(path, {}, sam, { key })).body).toEqual(first.body);
  });

  it('is made once, however many commands come at once, with a number of its own', async () => {
    const tickets = await Promise.all(Array.from({ length: 12 }, () => opened()));
    const asked = tickets.flatMap((ticketId) => [ticketId, ticketId, ticketId]);
    await Promise.all(asked.map((ticketId) => post(at(ticketId, 'service-order'), {}, sam)));
    const orders = (await log.all())
      .filter(({ event }) => event.type === 'ServiceOrderCreated')
      .map(({ event }) => event.data as { ticketId: string; orderNumber: string });
    const mine = orders.filter(({ ticketId }) => tickets.includes(ticketId));
    expect(mine.map(({ ticketId }) => ticketId).sort()).toEqual([...tickets].sort());
    expect(new Set(orders.map(({ orderNumber }) => orderNumber)).size).toBe(orders.length);
  });
});

const actions: [action: string, body: object, viewersToo: boolean][] = [
  ['messages', { message: 'x' }, true],
  ['resolve', {}, false],
  ['close', {}, true],
  ['reopen', {}, true],
  ['service-order', {}, false],
];

describe.each(actions)('%s', (action, body, viewersToo) => {
  it('is allowed to the right roles only', async () => {
    const path = at(await opened(), action);
    problemOf(await post(path, body, carol), 'forbidden');
    problemOf(await post(path, body, bob), viewersToo ? 'ticket-unknown' : 'forbidden');
    const headers = { 'idempotency-key': 'k' };
    problemOf(await ask(api.url, `POST ${path}`, { body, headers }), 'unauthorized');
  });

  it('needs an existing ticket', async () => {
    problemOf(await post(at(randomUUID(), action), body, sam), 'ticket-unknown');
    problemOf(await post(at('12', action), body, sam), 'invalid-input');
  });

  it('needs an Idempotency-Key, and a body without unknown fields', async () => {
    const path = at(await opened(), action);
    const headers = await system.as(...sam);
    problemOf(await ask(api.url, `POST ${path}`, { body, headers }), 'idempotency-key-required');
    problemOf(await post(path, { ...body, by: 'bob' }, sam), 'invalid-input');
    problemOf(await post(path, { ...body, message: ' ' }, sam), 'invalid-input');
  });
});

it('a ticket takes 500 messages, and no more', async () => {
  const ticketId = await opened();
  const messages = Array.from({ length: 499 }, (_, at) => `Message ${at + 2}`);
  const add = (message: string) => post(at(ticketId, 'messages'), { message }, alice);
  const answers = await Promise.all(messages.map(add));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  problemOf(await add('One too many.'), 'ticket-full');
  expect(await typesOf(ticketId)).toHaveLength(500);
});
