import { randomUUID } from 'node:crypto';
import { type CommandStartedEvent, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../testing/until.ts';
import { holdLeases, type LeaseHolder, newMember } from './leases.ts';

const database = `lease-calls-${randomUUID().slice(0, 8)}`;
const roles = ['parcels', 'routes', 'invoices', 'carriers', 'letters'];
const lanes = 3;
let client: MongoClient;
let holders: LeaseHolder[];

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
  const member = newMember();
  holders = roles.map((role) =>
    holdLeases({
      ...{ client, database, role, lanes, member, ttlMs: 1_000, dropAtDeadline: true },
      work: () => ({ drain: async () => {} }),
    }),
  );
});
afterAll(async () => {
  await Promise.all(holders.map((holder) => holder.close()));
  await client.db(database).dropDatabase();
  await client.close();
});

const areAllHeld = () =>
  holders.every((holder) =>
    Array.from({ length: lanes }, (_, lane) => holder.held(lane)).every((lease) => lease?.valid),
  );

it('the roles of a process renew and read their leases together', async () => {
  await until(areAllHeld);
  const asked: CommandStartedEvent['command'][] = [];
  client.on('commandStarted', ({ command }) => asked.push(command));
  const of = (name: string, collection: string) =>
    asked.filter((command) => command[name] === collection);
  // Each role's first ticks came when it was started.
  const renewed = () => of('update', 'leases').map(({ updates }) => updates[0].q.sessionId.$in);
  await until(() => renewed().some((sessions) => sessions.length === roles.length * lanes));
  asked.length = 0;
  await until(() => renewed().length >= 8);

  // Each role alone would renew its three. A busy machine may divide what is due at one moment.
  const together = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0) / 8;
  const leases = renewed()
    .slice(0, 8)
    .map((sessions) => sessions.length);
  expect(together(leases)).toBeGreaterThan(2 * lanes);
  const members = of('update', 'members').map(({ updates }) => updates[0].q._id.$in.length);
  expect(together(members.slice(0, 8))).toBeGreaterThan(2);
  expect(of('aggregate', 'leases').length).toBeLessThan(2 * renewed().length);
  expect(areAllHeld()).toBe(true);
});
