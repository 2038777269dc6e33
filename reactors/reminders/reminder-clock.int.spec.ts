import type { Event } from '@event-sourced/kernel/event';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEventStream } from '#kernel/testing/event-stream.ts';
import { until } from '#kernel/testing/until.ts';
import { ask, up } from '#tests/answers.ts';
import { type ReactorsProcess, startReactors } from '#tests/reactors.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';
import { openTopic } from '#tests/topic-events.ts';

let system: System;
let commandApi: Service;
let projectors: Service;
let queryApi: Service;
let topic: Awaited<ReturnType<typeof openTopic>>;
const running: ReactorsProcess[] = [];

beforeAll(async () => {
  system = await startSystem('reminder-clock');
  [commandApi, projectors] = await Promise.all([
    system.start('command-api'),
    system.start('projectors'),
  ]);
  queryApi = await system.start('query-api');
  topic = await openTopic(system, 'reminders');
  const headers = await system.as('carol', 'catalogue');
  for (const id of ['m1', 'm2', 'm3']) {
    await ask(commandApi.url, `PUT /v1/movies/${id}`, { body: up, headers });
  }
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.end('SIGTERM')));
  await topic.close();
  await system.stop();
});

function reactors(): ReactorsProcess {
  const started = startReactors(system, { COMMAND_API_URL: commandApi.url, LEASE_TTL_MS: '1500' });
  running.push(started);
  return started;
}

const past = '2026-01-01T18:00:00.000Z';
const remind = async (user: string, movieId: string, body: object) => {
  const headers = await system.as(user, 'viewer');
  const route = `PUT /v1/me/reminders/${movieId}`;
  return (await ask(commandApi.url, route, { body, headers })).body.token;
};
type Told = { items: Record<string, unknown>[]; count: number };
const told = async (user: string, token = '') => {
  const headers = { ...(await system.as(user)), ...(token && { 'consistency-token': token }) };
  return (await ask<Told>(queryApi.url, 'GET /v1/me/notifications', { headers })).body;
};
const dueEvents = async (): Promise<Event[]> =>
  (await topic.events()).filter(({ type }) => type === 'ReminderDue');
const said = ({ log }: ReactorsProcess, text: string) =>
  log.filter(({ msg }) => String(msg).includes(text));

describe('the reminder clock', () => {
  it('says of each reminder once that its time has come, after any downtime', async () => {
    await remind('zoë/1', 'm1', { remindAt: past, note: 'Secret note' });
    await remind('alice', 'm2', { remindAt: past });
    await remind('alice', 'm2', { remindAt: '2100-01-01T00:00:00Z' });
    await remind('alice', 'm3', { remindAt: past });
    const headers = await system.as('alice', 'viewer');
    await ask(commandApi.url, 'DELETE /v1/me/reminders/m3', { headers });
    const url = `${queryApi.url}/v1/live?views=notifications`;
    const stream = await openEventStream(url, await system.as('zoë/1'));
    await until(() => stream.messages.length > 0);
    const first = reactors();
    await until(async () => (await told('zoë/1')).count === 1);
    const [{ notificationId = '' } = {}] = (await told('zoë/1')).items;
    await until(() => JSON.stringify(stream.messages).includes(String(notificationId)));
    const route = 'GET /v1/me/changes';
    const changes = await ask<Told>(queryApi.url, route, { headers: await system.as('zoë/1') });
    expect(changes.body.items).toContainEqual({
      ...{ list: 'notifications', id: notificationId },
      item: expect.objectContaining({ type: 'reminder-due', movieId: 'm1', remindAt: past }),
    });
    expect((await told('zoë/1')).items).toMatchObject([
      { type: 'reminder-due', movieId: 'm1', title: 'Up', remindAt: past },
    ]);
    const [event, ...more] = await dueEvents();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      data: { userId: 'zoë/1', movieId: 'm1', remindAt: Date.parse(past) },
      meta: { actor: 'reminder-clock', causationid: null },
    });
    expect((await told('alice')).count).toBe(0);
    expect(JSON.stringify(first.log)).not.toContain('Secret');
  });

  it('comes on time while it runs', async () => {
    const remindAt = new Date(Date.now() + 1_500).toISOString();
    await remind('bob', 'm1', { remindAt });
    await until(async () => (await told('bob')).count === 1);
    const [{ at = '' } = {}] = (await told('bob')).items as { at?: string }[];
    expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(remindAt));
  });

  it('says nothing twice while the view still shows the reminder as waiting', async () => {
    await Promise.all(running.splice(0).map((one) => one.end('SIGTERM')));
    const token = await remind('dan', 'm1', { remindAt: past });
    await told('dan', token);
    await projectors.end();
    const before = (await dueEvents()).length;
    for (const end of ['SIGKILL', 'SIGTERM'] as const) {
      const clock = reactors();
      await until(() => said(clock, 'The reminder of m1 for dan').length > 0);
      await clock.end(end);
    }
    expect(await dueEvents()).toHaveLength(before + 1);
    projectors = await system.start('projectors');
    await until(async () => (await told('dan')).count === 1);
  });
});
