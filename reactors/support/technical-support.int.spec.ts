import { randomUUID } from 'node:crypto';
import type { Event } from '@event-sourced/kernel/event';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { laneOf } from '#kernel/log/lane-of.ts';
import { reactorCheckpointsOf } from '#kernel/reactor/checkpoint.ts';
import { until } from '#kernel/testing/until.ts';
import { examples } from '#schemas/support/examples.ts';
import { type ReactorsProcess, startReactors } from '#tests/reactors.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';
import { openTopic } from '#tests/topic-events.ts';
import { technicalSupport } from './technical-support.ts';

let system: System;
let commandApi: Service;
let topic: Awaited<ReturnType<typeof openTopic>>;
let client: MongoClient;
const running: ReactorsProcess[] = [];

beforeAll(async () => {
  system = await startSystem('technical-support');
  commandApi = await system.start('command-api');
  topic = await openTopic(system, 'support');
  client = await MongoClient.connect(system.settings.MONGO_URL!);
});
afterEach(async () => {
  // A process that ends in good order frees its lanes at once for the next process.
  await Promise.all(running.splice(0).map((one) => one.end('SIGTERM')));
});
afterAll(async () => {
  await topic.close();
  await client.close();
  await system.stop();
});

function reactors(
  hangsAt: [step: string, times: number] | null = null,
  env: Record<string, string> = {},
): ReactorsProcess {
  const settings = { COMMAND_API_URL: commandApi.url, LEASE_TTL_MS: '1500', ...env };
  const started = startReactors(system, settings, hangsAt);
  running.push(started);
  return started;
}

const send = async (path: string, body: object, user: string, role: 'viewer' | 'support') =>
  fetch(`${commandApi.url}${path}`, {
    method: 'POST',
    headers: {
      ...(await system.as(user, role)),
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'x-request-id': `request-of-${user}`,
    },
    body: JSON.stringify(body),
  });

/** Opens tickets. @returns their ids. */
const openTickets = (count: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const wish = { subject: 'Secret subject', message: 'Secret message' };
      const answer = await send('/v1/tickets', wish, `user-${at}`, 'viewer');
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { ticketId: string }).ticketId;
    }),
  );

type Ordered = { ticketId: string; orderNumber: string };
const isOrder = ({ type }: Event) => type === 'ServiceOrderCreated';
const orders = async (): Promise<Ordered[]> =>
  (await topic.events()).filter(isOrder).map(({ data }) => data as Ordered);

async function haveOneOrderEach(tickets: readonly string[]): Promise<void> {
  await until(async () => {
    const ordered = new Set((await orders()).map(({ ticketId }) => ticketId));
    return tickets.every((ticket) => ordered.has(ticket));
  });
  await untilCaughtUp();
  const found = (await orders()).filter(({ ticketId }) => tickets.includes(ticketId));
  expect(found.map(({ ticketId }) => ticketId).sort()).toEqual([...tickets].sort());
}

const { name: reactor } = technicalSupport;
const checkpoints = () => reactorCheckpointsOf(client.db(system.settings.MONGO_DATABASE));

/** Waits until the checkpoints have passed every event in every lane. */
const untilCaughtUp = () =>
  until(async () => {
    const [records, rows] = [
      await topic.records(),
      await checkpoints().find({ reactor }).toArray(),
    ];
    const next = new Map(rows.map((row) => [row.lane, row.next]));
    return records.every(({ lane, offset }) => (next.get(lane) ?? 0) > offset);
  });

const said = ({ log }: ReactorsProcess, text: string) =>
  log.filter(({ msg }) => String(msg).includes(text));

type Readiness = { details: { [reactor: string]: { lanes?: { trouble?: string | null }[] } } };
async function readiness(process: ReactorsProcess) {
  const url = process.url();
  if (!url) return { status: 0, troubles: [] };
  const answer = await fetch(`${url}/readyz`);
  const { details } = (await answer.json()) as Readiness;
  const troubles = (details['technical-support']?.lanes ?? []).map(({ trouble }) => trouble);
  return { status: answer.status, troubles: troubles.filter((trouble) => trouble) };
}

describe('technical support', () => {
  it('makes a service order for every ticket, and logs each in a line', async () => {
    const process = reactors();
    const tickets = await openTickets(6);
    await haveOneOrderEach(tickets);
    await until(async () => (await readiness(process)).status === 200);
    for (const { ticketId, orderNumber } of await orders()) {
      expect(orderNumber).toMatch(/^SO-\d{6}$/);
      const user = `user-${tickets.indexOf(ticketId)}`;
      const line = `Service order ${orderNumber} for the ticket ${ticketId} of ${user}`;
      expect(said(process, line)).not.toEqual([]);
    }
    expect(JSON.stringify(process.log)).not.toContain('Secret');
    const metrics = await (await fetch(`${process.url()}/metrics`)).text();
    expect(metrics).toMatch(/reactor_commands_total\{.*outcome="done".*\} [1-9]/);
    expect(metrics).toMatch(/reactor_lag_events\{.*lane="0".*\} \d/);
  });

  it('records which event caused the order, and in which request', async () => {
    const events = await topic.events();
    const order = events.find(isOrder);
    const { ticketId = '' } = (order?.data ?? {}) as Partial<Ordered>;
    const opened = events.find(
      ({ type, meta }) => type === 'TicketOpened' && meta.subject === `support/${ticketId}`,
    );
    expect(order?.meta).toMatchObject({
      actor: 'technical-support',
      causationid: opened?.meta.id,
      correlationid: opened?.meta.correlationid,
    });
    expect(opened?.meta.correlationid).toBe(`request-of-${opened?.meta.actor}`);
  });

  it('makes orders for tickets opened while the reactor was down', async () => {
    const tickets = await openTickets(40);
    reactors();
    await haveOneOrderEach(tickets);
  });

  it.each([
    ['before it has sent a command', 'command', 3],
    ['before it has received the answer', 'answer', 3],
    ['before it has stored its checkpoint', 'checkpoint', 1],
    ['after it has stored its checkpoint', 'stored', 1],
  ])('makes one order per ticket when it is killed %s', async (_, step, times) => {
    const killed = reactors([step, times]);
    await until(() => killed.url() !== undefined);
    const tickets = await openTickets(12);
    await killed.hangs;
    await killed.end('SIGKILL');
    reactors();
    await haveOneOrderEach(tickets);
  });

  it('makes no second order when it begins again from the very start', async () => {
    const before = await orders();
    await checkpoints().updateMany({ reactor }, { $set: { next: 0 } });
    const process = reactors();
    await untilCaughtUp();
    // It has sent all commands again.
    await until(() => said(process, 'order').length >= before.length);
    expect(await orders()).toEqual(before);
    // The same if checkpoints are reset while it runs: it notices at the lane's next event.
    await checkpoints().updateMany({ reactor }, { $set: { next: 0, last: null } });
    const tickets: string[] = [];
    await until(async () => {
      tickets.push(...(await openTickets(1)));
      return said(process, 'order').length >= before.length * 2;
    });
    await haveOneOrderEach(tickets);
    expect(await orders()).toHaveLength(before.length + tickets.length);
  });

  it('makes no second order for a ticket that has its order already', async () => {
    const [ticketId] = await openTickets(1);
    const answer = await send(`/v1/tickets/${ticketId}/service-order`, {}, 'sam', 'support');
    expect(answer.status).toBe(200);
    const { orderNumber } = (await answer.json()) as Ordered;
    const process = reactors();
    await haveOneOrderEach([ticketId!]);
    expect((await orders()).find((one) => one.ticketId === ticketId)?.orderNumber).toBe(
      orderNumber,
    );
    await until(() => said(process, 'has its service order already').length > 0);
  });

  it('waits, and reports why, while its token is refused', async () => {
    const process = reactors(null, { SERVICE_TOKEN: 'not-a-token' });
    const tickets = await openTickets(2);
    await until(async () => (await readiness(process)).troubles.length > 0);
    const { status, troubles } = await readiness(process);
    expect(status).toBe(503);
    expect(troubles[0]).toMatch(/answered 401, unauthorized/);
    await process.end('SIGTERM');
    reactors();
    await haveOneOrderEach(tickets);
  });

  it('waits while the command API is away', async () => {
    const process = reactors(null, { COMMAND_API_URL: 'http://127.0.0.1:1' });
    const tickets = await openTickets(2);
    await until(async () => (await readiness(process)).troubles.length > 0);
    expect((await readiness(process)).troubles[0]).toMatch(/gave no answer/);
    await process.end('SIGTERM');
    reactors();
    await haveOneOrderEach(tickets);
  });

  it('gives every order a number of its own', async () => {
    const numbers = (await orders()).map(({ orderNumber }) => orderNumber);
    expect(numbers.length).toBeGreaterThan(90);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('an event without a result', () => {
  const lane = laneOf('stray', 3);
  /** Opens tickets. @returns those in the lane of the stray event. */
  const ticketAfter = async (): Promise<string[]> => {
    const tickets = await openTickets(6);
    return tickets.filter((ticketId) => laneOf(ticketId, 3) === lane);
  };

  it('is passed, with a log line, when its command is refused', async () => {
    const { data, ...event } = examples.TicketOpened;
    const ticketId = randomUUID();
    const stray = { ...event, data: { ...data, ticketId } };
    const value = topic.codec.encode(topic.topic, stray);
    await topic.append({ lane, key: 'stray', value });
    const process = reactors();
    await haveOneOrderEach(await ticketAfter());
    await until(() => said(process, `404 ticket-unknown`).length > 0);
    expect(said(process, ticketId)[0]).toMatchObject({ event: event.meta.id });
    expect((await orders()).map((one) => one.ticketId)).not.toContain(ticketId);
  });

  it('is parked if no code can read it, and tried again when the lane is taken', async () => {
    await topic.append({ lane, key: 'stray', value: Buffer.from('no event') });
    const process = reactors();
    await haveOneOrderEach(await ticketAfter());
    await until(() => said(process, 'parked').length > 0);
    const letters = client.db(system.settings.MONGO_DATABASE).collection('dead_letters');
    const letter = await letters.findOne({ view: 'reactor:technical-support' });
    expect(letter).toMatchObject({ topic: 'support', lane, key: 'stray' });
    await until(async () => {
      const metrics = await (await fetch(`${process.url()}/metrics`)).text();
      return /reactor_parked_events\{.*\} 1/.test(metrics);
    });
    await process.end('SIGTERM');
    // Gives the letter the bytes of a ticket's first event, as if newer code could read it.
    const before = await orders();
    const opened = (await topic.events()).find(({ type }) => type === 'TicketOpened')!;
    const { type, data, meta } = opened;
    const value = topic.codec.encode(topic.topic, { type, data, meta });
    await letters.updateOne({ _id: letter!._id }, { $set: { value } });
    reactors();
    await until(async () => (await letters.countDocuments()) === 0);
    expect(await orders()).toEqual(before);
  });
});
