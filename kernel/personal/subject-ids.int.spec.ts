import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openLog } from '../log/kafka-log.ts';
import type { Log } from '../log/log.ts';
import { KeyRing } from './key-ring.ts';
import { keyTimes, keyTopicSettings, personKeysTopic } from './key-topic.ts';
import { MasterKeys } from './master-keys.ts';
import { givenIds, readIds } from './subject-ids.ts';

const masters = new MasterKeys([randomBytes(32)]);
const prefix = `subject-ids-${randomUUID().slice(0, 8)}.`;
const rings: KeyRing[] = [];
let log: Log;

beforeAll(async () => {
  log = openLog({ brokers: inject('stack').kafka.split(','), clientId: 'subject-ids' });
  await log.ensureTopics([personKeysTopic(prefix)], {
    ...{ lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true },
    settings: keyTopicSettings(keyTimes),
  });
});
afterAll(async () => {
  await Promise.all(rings.map((ring) => ring.close()));
  await log.close();
});

async function open(): Promise<KeyRing> {
  const ring = await KeyRing.open({ log, prefix, masters, onWarning: () => {} });
  rings.push(ring);
  return ring;
}

const many = Array.from({ length: 40 }, (_, at) => `user${at}@example.com`);

it('gives one id to each, also by two nodes at once, and the same after a start', async () => {
  const nodes = [await open(), await open()].map(givenIds);
  const asked = await Promise.all(
    many.map((sub) => Promise.all([...nodes, ...nodes].map((node) => node.idOf(sub)))),
  );
  const ids = asked.map(([first]) => first!);
  for (const [at, given] of asked.entries()) expect(new Set(given)).toEqual(new Set([ids[at]]));
  expect(new Set(ids).size).toBe(many.length);
  expect(ids.join()).not.toContain('@');
  const [later, reader] = [givenIds(await open()), readIds(await open())];
  for (const [at, sub] of many.entries()) {
    expect(await later.idOf(sub)).toBe(ids[at]);
    expect(reader.known(sub)).toBe(ids[at]);
  }
});

it('takes the first of two ids, whichever record is ended later', async () => {
  const sub = 'grace@example.com';
  const ring = await open();
  await ring.giveId({ sub, userId: 'first' });
  await ring.giveId({ sub, userId: 'second' });
  expect((await open()).subjects.idOf(sub)).toBe('first');
  await ring.takeId({ sub, userId: 'second' });
  expect((await open()).subjects.idOf(sub)).toBe('first');
});

it('shows a reader who has an id, and nobody’s otherwise', async () => {
  const sub = 'hedy@example.com';
  const [ring, reader] = [await open(), readIds(await open())];
  const nobody = await reader.idOf(sub);
  expect(nobody).toMatch(/^nobody-/);
  expect(await reader.idOf(sub)).toBe(nobody);
  const userId = await givenIds(ring).idOf(sub);
  expect(await reader.idOf(sub)).toBe(userId);
  for (const subject of ring.subjects.allWith(userId)) await ring.takeId(subject);
  const back = await givenIds(ring).idOf(sub);
  expect(back).not.toBe(userId);
});
