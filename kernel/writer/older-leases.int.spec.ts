import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { holdLeases, newMember } from '../leases/leases.ts';
import { until } from '../testing/until.ts';
import { retireOlderLeases } from './older-leases.ts';

const database = `older-${randomUUID().slice(0, 8)}`;
const lanes = 3;
let client: MongoClient;
beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo).connect();
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

/** A command API of an older release, as far as leases go. */
function olderNode() {
  const held: number[] = [];
  const holder = holdLeases({
    ...{ client, database, role: 'writer', lanes, member: newMember(), ttlMs: 1_000 },
    dropAtDeadline: false,
    work: ({ lane }) => {
      held.push(lane);
      return { drain: async () => undefined };
    },
  });
  return { held, holder };
}

it('a node waits for those of older releases, and none takes a lane after that', async () => {
  const { held, holder } = olderNode();
  await until(() => held.length === lanes);
  const warnings: string[] = [];
  let retired = false;
  const retiring = retireOlderLeases(client.db(database), lanes, (one) => warnings.push(one));
  void retiring.then(() => {
    retired = true;
  });
  await until(() => warnings.length > 0);
  expect(warnings).toEqual([expect.stringMatching(/older release works 3 lanes/)]);
  expect(retired).toBe(false);
  await holder.close();
  await retiring;
  await retireOlderLeases(client.db(database), lanes, (one) => warnings.push(one));
  expect(warnings).toHaveLength(1);
  const late = olderNode();
  const leases = client.db(database).collection('leases');
  const members = client.db(database).collection('members');
  await until(async () => (await members.countDocuments({ role: 'writer' })) === 1);
  // It has read the table by the time it renews its membership.
  const first = await members.findOne({ role: 'writer' });
  await until(async () => {
    const now = await members.findOne({ role: 'writer' });
    return now?.expiresAt > first?.expiresAt;
  });
  expect(late.held).toEqual([]);
  expect(await leases.distinct('owner')).toEqual(['a newer release']);
  await late.holder.close();
});
