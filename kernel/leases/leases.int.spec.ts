import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { holdLeases, type LaneWork, type Lease, type LeaseHolder, newMember } from './leases.ts';

const ttlMs = 1_000;
const lanes = 6;
const database = `leases-${randomUUID().slice(0, 8)}`;
let client: MongoClient;
const open: LeaseHolder[] = [];
const clients: MongoClient[] = [];

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo).connect();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((holder) => holder.close()));
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await Promise.all([client, ...clients].map((each) => each.close()));
});

const idle: LaneWork = { drain: async () => {} };

function hold(
  role: string,
  more: Partial<Parameters<typeof holdLeases>[0]> = {},
): LeaseHolder & { leases: Lease[] } {
  const leases: Lease[] = [];
  const holder = holdLeases({
    client,
    database,
    role,
    lanes,
    member: newMember('http://here'),
    ttlMs,
    dropAtDeadline: true,
    ...more,
    work: (lease) => {
      leases.push(lease);
      return more.work?.(lease) ?? idle;
    },
  });
  open.push(holder);
  return Object.assign(holder, { leases });
}

/** A client whose connection to Mongo can be cut for good: its holder stops renewing. */
async function mortal(): Promise<MongoClient> {
  const own = await new MongoClient(inject('stack').mongo).connect();
  clients.push(own);
  return own;
}

const held = (holder: LeaseHolder) =>
  Array.from({ length: lanes }, (_, lane) => holder.held(lane)).filter((lease) => lease?.valid);
const until = (check: () => void, timeout = 5_000) => vi.waitFor(check, { timeout, interval: 10 });

describe('leases', () => {
  it('have no member left that has closed, even in the middle of a renewal', async () => {
    // The lease is long enough for a sleep to outlast the patience of a member that closes.
    await hold('left', { ttlMs: 3_000 }).close();
    const members = client.db(database).collection('members');
    expect(await members.find({ role: 'left' }).toArray()).toEqual([]);
  });

  it('give one member every lane, at once', async () => {
    const one = hold('alone');
    await until(() => expect(held(one)).toHaveLength(lanes), 1_000);
    expect(one.leases.map(({ term }) => term)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(one.ownerOf(3)?.url).toBe('http://here');
  });

  it('are not asked for all the time while a lane of the share can’t be worked', async () => {
    const watched = await new MongoClient(inject('stack').mongo, {
      monitorCommands: true,
    }).connect();
    clients.push(watched);
    let failures = 0;
    const work = (): LaneWork => {
      failures += 1;
      throw new Error('This lane can’t be worked.');
    };
    const broken = hold('broken', { client: watched, work });
    hold('broken', { member: newMember('http://there'), work });
    // From the third time on a lane pauses for longer than any renewal takes.
    await until(() => expect(failures).toBeGreaterThan(2 * 3 * lanes), 20_000);
    const renewedAt: number[] = [];
    watched.on('commandStarted', ({ commandName, command }) => {
      if (commandName === 'update' && command.update === 'members') {
        renewedAt.push(performance.now());
      }
    });
    await until(() => expect(renewedAt.length).toBeGreaterThan(8), 20_000);
    expect(held(broken)).toEqual([]);
    const pauses = renewedAt.slice(1).map((at, before) => at - renewedAt[before]!);
    const median = pauses.toSorted((a, b) => a - b)[Math.floor(pauses.length / 2)];
    expect(median).toBeGreaterThan(ttlMs / 4 - 100);
  });

  it('move a fair share to a second member after a drain, and back when it leaves', async () => {
    const drained: number[] = [];
    const one = hold('two', {
      work: ({ lane }) => ({
        drain: async () => {
          drained.push(lane);
        },
      }),
    });
    await until(() => expect(held(one)).toHaveLength(lanes));
    const two = hold('two', { member: newMember('http://there') });
    await until(() => expect([held(one).length, held(two).length]).toEqual([3, 3]));
    expect(drained.toSorted()).toEqual(two.leases.map(({ lane }) => lane).toSorted());
    expect(two.leases.every(({ term }) => term === 2)).toBe(true);
    await until(() => expect(one.ownerOf(drained[0]!)?.url).toBe('http://there'));

    const startedAt = performance.now();
    await two.close();
    expect(performance.now() - startedAt).toBeLessThan(800);
    await until(() => expect(held(one)).toHaveLength(lanes), ttlMs);
  });

  it('move although a drain never ends', async () => {
    const one = hold('stuck', { work: () => ({ drain: () => new Promise(() => {}) }) });
    await until(() => expect(held(one)).toHaveLength(lanes));
    const two = hold('stuck');
    await until(() => expect(held(two)).toHaveLength(3));
    expect(held(one)).toHaveLength(3);
  });

  it('pass to another member within a second after a dead one ran out', async () => {
    const dying = await mortal();
    const one = hold('death', { client: dying });
    await until(() => expect(held(one)).toHaveLength(lanes));
    const two = hold('death');
    await until(() => expect(held(two)).toHaveLength(3));
    const stale = held(one);
    await dying.close(true);
    await until(() => expect(held(two)).toHaveLength(lanes), ttlMs + 1_000);
    for (const lease of stale) {
      expect(lease!.valid).toBe(false);
      expect(lease!.lost.aborted).toBe(true);
      expect(two.held(lease!.lane)!.term).toBeGreaterThan(lease!.term);
    }
  });

  it('pass at once to a member that looks, long before it would by itself', async () => {
    const slow = { ttlMs: 20_000 };
    const one = hold('looking', slow);
    await until(() => expect(held(one)).toHaveLength(lanes), 1_000);
    const two = hold('looking', slow);
    await one.close();
    await until(() => {
      two.look();
      expect(held(two)).toHaveLength(lanes);
    }, 2_000);
  });

  it('are taken as soon as they are free by a member that has come for its share', async () => {
    const slow = { ttlMs: 20_000 };
    const one = hold('owed', slow);
    await until(() => expect(held(one)).toHaveLength(lanes), 1_000);
    const two = hold('owed', slow);
    await until(() => {
      one.look();
      expect(held(two)).toHaveLength(3);
    }, 2_000);
  });

  it('stay with a writer past their deadline until another member has them', async () => {
    const dying = await mortal();
    const writer = hold('writer', { client: dying, dropAtDeadline: false, lanes: 1 });
    await until(() => expect(held(writer)).toHaveLength(1));
    await dying.close(true);
    await until(() => expect(held(writer)).toHaveLength(0));
    expect(writer.held(0)!.lost.aborted).toBe(false);
  });

  it('are dropped by a writer that finds another term', async () => {
    const writer = hold('usurped', { dropAtDeadline: false, lanes: 1 });
    await until(() => expect(held(writer)).toHaveLength(1));
    const first = writer.held(0)!;
    const leases = client.db(database).collection<{ _id: string }>('leases');
    const usurped = { owner: 'other', sessionId: null, term: 9, expiresAt: new Date(0) };
    await leases.updateOne({ _id: 'usurped/0' }, { $set: usurped });
    await until(() => expect(first.lost.aborted).toBe(true));
    await until(() => expect(writer.held(0)?.term).toBe(10));
  });

  it('go beyond their share to those who have not failed them, and stay there', async () => {
    const failed: number[] = [];
    const failing = hold('passed', {
      work: ({ lane }) => {
        failed.push(lane);
        throw new Error('This lane can’t be worked.');
      },
    });
    await until(() => expect(failed.length).toBeGreaterThanOrEqual(lanes));
    const healthy = hold('passed', { member: newMember('http://there') });
    await until(() => expect(held(healthy)).toHaveLength(lanes), 3 * ttlMs);
    expect(held(failing)).toEqual([]);
    const leases = client.db(database).collection('leases');
    const rows = await leases.find({ role: 'passed' }).toArray();
    expect(rows.map(({ failed }) => failed.length)).toEqual(Array(lanes).fill(1));
  });

  it('are passed on only to a member that has not failed them', async () => {
    const one = hold('standby');
    await until(() => expect(held(one)).toHaveLength(lanes));
    expect(one.held(0)!.passOn('stuck')).toBe(false);
    const two = hold('standby', { member: newMember('http://there') });
    await until(() => expect([held(one).length, held(two).length]).toEqual([3, 3]));
    const moved = held(one)[0]!;
    await until(() => expect(moved.passOn('stuck')).toBe(true));
    await until(() => expect(held(two).map((lease) => lease!.lane)).toContain(moved.lane));
    await until(() => expect(two.ownerOf(moved.lane)?.url).toBe('http://there'));
    expect(two.held(moved.lane)!.passOn('stuck, too')).toBe(false);
    expect([held(one).length, held(two).length]).toEqual([2, 4]);
  });

  it('are tried again after a pause when the work can not go on', async () => {
    let attempts = 0;
    const troubles: string[] = [];
    const holder = hold('failing', {
      lanes: 1,
      work: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('no such topic');
        return idle;
      },
      onWarning: (message) => troubles.push(message),
    });
    await until(() => expect([attempts, held(holder).length]).toEqual([3, 1]), 10_000);
    expect(troubles).toHaveLength(2);
    expect(troubles[0]).toContain('no such topic');
    expect(holder.held(0)!.term).toBe(3);
  });

  it('kill a transaction that the last owner left open', async () => {
    // Its work hangs in a transaction: the server would keep its locks for 60 s.
    const one = hold('killed', { lanes: 2, work: () => ({ drain: () => new Promise(() => {}) }) });
    await until(() => expect(held(one)).toHaveLength(2));
    const documents = client.db(database).collection<{ _id: number; by: string }>('documents');
    await documents.insertMany([0, 1].map((_id) => ({ _id, by: 'nobody' })));
    for (const { lane, session } of one.leases) {
      session.startTransaction();
      await documents.updateOne({ _id: lane }, { $set: { by: 'one' } }, { session });
    }
    const two = hold('killed', { lanes: 2 });
    await until(() => expect(held(two)).toHaveLength(1));
    const { lane } = two.leases[0]!;
    await documents.updateOne({ _id: lane }, { $set: { by: 'two' } }, { maxTimeMS: 2_000 });
    expect(await documents.findOne({ _id: lane })).toEqual({ _id: lane, by: 'two' });
    const { session } = one.leases.find((lease) => lease.lane === lane)!;
    await expect(session.commitTransaction()).rejects.toThrow();
    await one.leases.find((lease) => lease.lane !== lane)!.session.abortTransaction();
  });

  it('are never valid twice for a lane, however members pause and leave', {
    timeout: 60_000,
  }, async () => {
    const action = fc.record({
      who: fc.nat(2),
      what: fc.constantFrom('join', 'leave', 'giveUp', 'wait'),
      pauseMs: fc.nat(250),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 12 }), async (actions) => {
        const role = `random-${randomUUID()}`;
        const holders = new Map<number, LeaseHolder>();
        const all: Lease[] = [];
        const watch = () => {
          const valid = all.filter((lease) => lease.valid).map(({ lane }) => lane);
          expect(new Set(valid).size).toBe(valid.length);
        };
        const work = (lease: Lease) => {
          all.push(lease);
          watch();
          return idle;
        };
        for (const { who, what, pauseMs } of actions) {
          const holder = holders.get(who);
          if (what === 'join' && !holder) holders.set(who, hold(role, { work, ttlMs: 500 }));
          if (what === 'leave' && holder) {
            holders.delete(who);
            await holder.close();
          }
          const lease = holder?.held(pauseMs % lanes);
          if (what === 'giveUp' && lease) holder!.giveUp(lease, 'at random');
          for (const end = performance.now() + pauseMs; performance.now() < end; ) {
            watch();
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }
        await Promise.all([...holders.values()].map((holder) => holder.close()));
      }),
      { numRuns: 6 },
    );
  });
});
