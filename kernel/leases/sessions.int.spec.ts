import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { holdLeases, type LaneWork, type Lease, type LeaseHolder, newMember } from './leases.ts';

const ttlMs = 1_000;
const lanes = 4;
const database = `sessions-${randomUUID().slice(0, 8)}`;
let client: MongoClient;
const open: LeaseHolder[] = [];

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((holder) => holder.close()));
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

const until = (check: () => void, timeout = 5_000) => vi.waitFor(check, { timeout, interval: 10 });
const leasesIn = () => client.db(database).collection<{ _id: string }>('leases');
const idle: LaneWork = { drain: async () => {} };

function hold(role: string, work: () => LaneWork = () => idle, dropAtDeadline = true) {
  const gained: Lease[] = [];
  const holder = holdLeases({
    ...{ client, database, role, lanes, member: newMember(), ttlMs, dropAtDeadline },
    work: (lease) => {
      gained.push(lease);
      return work();
    },
  });
  open.push(holder);
  return { holder, gained };
}

/** Sessions that the driver has not ended. */
const activeSessions = () =>
  (client as unknown as { s: { activeSessions: ReadonlySet<unknown> } }).s.activeSessions.size;

/** None of the sessions that the driver hands out next is one of these. */
async function expectUnused(lost: readonly Lease[]): Promise<void> {
  const ids = new Set(lost.map(({ session }) => session.id?.id.toString('hex')));
  const next = Array.from({ length: 20 }, () => client.startSession());
  for (const session of next) expect(ids).not.toContain(session.id?.id.toString('hex'));
  await Promise.all(next.map((session) => session.endSession()));
}

describe('the sessions of leases', () => {
  it.each([
    ['projector', true],
    ['writer', false],
  ])('are ended when another %s has the lanes', async (role, dropAtDeadline) => {
    const { gained } = hold(role, undefined, dropAtDeadline);
    await until(() => expect(gained).toHaveLength(lanes));
    const lost = gained.slice();
    const usurped = { owner: 'other', sessionId: null, term: 9, expiresAt: new Date(0) };
    await leasesIn().updateMany({ role }, { $set: usurped });
    await until(() => expect(lost.every(({ session }) => session.hasEnded)).toBe(true));
    await expectUnused(lost);
    await until(() => expect(gained).toHaveLength(2 * lanes));
    expect(activeSessions()).toBe(lanes);
  });

  it('are ended with a transaction that the work has left open', async () => {
    const { gained } = hold('open');
    await until(() => expect(gained).toHaveLength(lanes));
    const [{ session }] = gained as [Lease];
    session.startTransaction();
    await leasesIn().findOne({}, { session });
    const usurped = { owner: 'other', sessionId: null, term: 9, expiresAt: new Date(0) };
    await leasesIn().updateMany({ role: 'open' }, { $set: usurped });
    await until(() => expect(session.hasEnded).toBe(true));
    await expect(session.commitTransaction()).rejects.toThrow();
  });

  it('are ended when a lane is given back by work that failed to stop', async () => {
    const drain = () => Promise.reject(new Error('It goes on and on.'));
    const { holder, gained } = hold('unclean', () => ({ drain }));
    await until(() => expect(gained).toHaveLength(lanes));
    await holder.close();
    await until(() => expect(gained.every(({ session }) => session.hasEnded)).toBe(true));
    await expectUnused(gained);
  });

  it('are ended when a lane could not be taken', async () => {
    const rows = Array.from({ length: lanes }, (_, lane) => ({
      ...{ _id: `refused/${lane}`, role: 'refused', lane, owner: null, url: '', term: 0 },
      ...{ sessionId: null, expiresAt: new Date(0) },
    }));
    await leasesIn().insertMany(rows);
    const db = client.db(database);
    await db.command({ collMod: 'leases', validator: { role: { $ne: 'refused' } } });
    const before = activeSessions();
    let refused = 0;
    client.on('commandFailed', ({ commandName }) => {
      if (commandName === 'findAndModify') refused += 1;
    });
    const { gained } = hold('refused');
    await until(() => expect(refused).toBeGreaterThanOrEqual(3 * lanes));
    // Those of the last tries may just be at work.
    await until(() => expect(activeSessions()).toBeLessThanOrEqual(before + lanes));
    await db.command({ collMod: 'leases', validator: {} });
    await until(() => expect(gained).toHaveLength(lanes));
  });
});
