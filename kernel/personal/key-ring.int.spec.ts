import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { openLog } from '../log/kafka-log.ts';
import type { Log } from '../log/log.ts';
import { openedText, unreadableText } from '../personal-text.ts';
import { KeyRing } from './key-ring.ts';
import { keyTimes, keyTopicSettings, personKeysTopic } from './key-topic.ts';
import { MasterKeys } from './master-keys.ts';
import { PersonKey } from './person-key.ts';

const former = randomBytes(32);
const current = randomBytes(32);
let log: Log;
let prefix: string;
const rings: KeyRing[] = [];
let warnings: string[];

beforeAll(() => {
  log = openLog({ brokers: inject('stack').kafka.split(','), clientId: 'key-ring' });
});
beforeEach(async () => {
  prefix = `key-ring-${randomUUID().slice(0, 8)}.`;
  warnings = [];
  await log.ensureTopics([personKeysTopic(prefix)], {
    ...{ lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true },
    settings: keyTopicSettings(keyTimes),
  });
  return async () => {
    await Promise.all(rings.splice(0).map((ring) => ring.close()));
  };
});
afterAll(() => log.close());

async function open(keys: Buffer[] = [current], unwrapped = 100): Promise<KeyRing> {
  const masters = new MasterKeys(keys);
  const onWarning = (message: string) => warnings.push(message);
  const ring = await KeyRing.open({ log, prefix, masters, onWarning, unwrapped });
  rings.push(ring);
  return ring;
}

const sealedWith = (ring: KeyRing, keyId: string, text: string) =>
  (ring.find(keyId) as PersonKey).seal(text, randomUUID());

describe('the topic of keys', () => {
  it('has each key as soon as it is made, and for every ring', async () => {
    const [one, other] = [await open(), await open()];
    for (let round = 0; round < 20; round += 1) {
      const keyId = randomUUID();
      await one.make(keyId);
      expect(one.find(keyId)).toBeInstanceOf(PersonKey);
      await other.caughtUp();
      expect(other.find(keyId)).toBeInstanceOf(PersonKey);
    }
  });

  it('shows a ring that lags what was destroyed before it was asked', async () => {
    const [one, other] = [await open(), await open()];
    for (let round = 0; round < 20; round += 1) {
      const keyId = randomUUID();
      await one.make(keyId);
      await one.erase(keyId);
      await other.caughtUp();
      expect(other.find(keyId)).toBe('erased');
    }
  });

  it('tells a key that was destroyed from one that is lost', async () => {
    const ring = await open();
    const [erased, lost] = [randomUUID(), randomUUID()];
    await ring.make(erased);
    await ring.erase(erased);
    const text = new PersonKey(lost, randomBytes(32)).seal('With Grace', randomUUID());
    expect(ring.find(lost)).toBeUndefined();
    await ring.settle(lost);
    expect([ring.find(erased), ring.find(lost)]).toEqual(['erased', 'missing']);
    expect(openedText(text)).toBe(unreadableText);
    await ring.make(lost); // Somebody has put it back.
    expect(ring.find(lost)).toBeInstanceOf(PersonKey);
  });

  it('keeps a key destroyed that somebody puts back', async () => {
    const ring = await open();
    const keyId = randomUUID();
    await ring.make(keyId);
    await ring.erase(keyId);
    const revived: string[] = [];
    ring.onRevived = (one) => revived.push(one);
    await ring.make(keyId);
    expect(ring.find(keyId)).toBe('erased');
    expect(revived).toEqual([keyId]);
    expect((await open()).find(keyId)).toBe('erased');
  });

  it('opens all texts while few keys are unwrapped at once', async () => {
    const ring = await open([current], 2);
    const ids = Array.from({ length: 8 }, () => randomUUID());
    await Promise.all(ids.map((keyId) => ring.make(keyId)));
    const texts = ids.map((keyId) => sealedWith(ring, keyId, `of ${keyId}`));
    for (const text of texts) expect(openedText(text)).toBe(`of ${text.keyId}`);
  });

  it('keeps what it can read when a record of it is broken', async () => {
    const ring = await open();
    const keyId = randomUUID();
    await ring.make(keyId);
    const value = Buffer.from('no key');
    const timestamp = Date.now();
    await log.put({ topic: personKeysTopic(prefix), lane: 0, key: 'broken', value, timestamp });
    await ring.caughtUp();
    expect(ring.find(keyId)).toBeInstanceOf(PersonKey);
    expect(warnings).toHaveLength(1);
  });
});

describe('a new master key', () => {
  it('needs the former one until all keys are wrapped anew', async () => {
    const before = await open([former]);
    const keyId = randomUUID();
    await before.make(keyId);
    const text = sealedWith(before, keyId, 'With Grace');
    await expect(open([current])).rejects.toThrow('MASTER_KEY lacks the key');
    const rotating = await open([current, former]);
    expect(rotating.formerlyWrapped()).toEqual([keyId]);
    await rotating.rewrap(keyId);
    expect(rotating.formerlyWrapped()).toEqual([]);
    // A process that doesn't have the new one yet goes on with what it knows.
    await before.caughtUp();
    expect(before.find(keyId)).toBeInstanceOf(PersonKey);
    await before.close();
    await rotating.close();
    await open([current]);
    expect(openedText(text)).toBe('With Grace');
  });

  it('brings no destroyed key back, also if it is destroyed meanwhile', async () => {
    const rotating = await open([current, former]);
    const other = await open([former]);
    for (let round = 0; round < 10; round += 1) {
      const keyId = randomUUID();
      await other.make(keyId);
      await rotating.caughtUp();
      await Promise.all([rotating.rewrap(keyId), other.erase(keyId)]);
      const ring = await open([current, former]);
      expect(ring.find(keyId)).toBe('erased');
      await ring.close();
    }
  });
});
