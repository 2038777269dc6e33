import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { Log } from '#kernel/log/log.ts';
import { KeyRing } from '#kernel/personal/key-ring.ts';
import { keyTopicSettings, personKeysTopic } from '#kernel/personal/key-topic.ts';
import { MasterKeys } from '#kernel/personal/master-keys.ts';
import { PersonKey } from '#kernel/personal/person-key.ts';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { startOwnStack } from './own-stack.ts';

/**
 * A destroyed key leaves the files of a real broker, and so does the name of somebody whose random
 * id was taken; the times of the topic are made short.
 */

const prefix = 'disk.';
const topic = personKeysTopic(prefix);
const times = { segmentMs: 2_000 };
let stack: Stack;
let log: Log;

beforeAll(async () => {
  stack = await startOwnStack({ elsewhere: { schemaRegistry: 'none', mongo: 'none' } });
  log = openLog({ brokers: stack.endpoints.kafka.split(','), clientId: 'test' });
  await log.ensureTopics([topic], {
    ...{ lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true },
    settings: { ...keyTopicSettings(times), 'file.delete.delay.ms': '1' },
  });
});

afterAll(async () => {
  await log?.close();
  await stack?.stop();
});

/** What the broker's files have of the topic. Kafka doesn't compress what is put there. */
async function bytesOnDisk(): Promise<Buffer> {
  const folder = join(stack.dataDir, 'kafka-1', 'data', `${topic}-0`);
  const files = await readdir(folder);
  return Buffer.concat(
    await Promise.all(
      files.map((file) => readFile(join(folder, file)).catch(() => Buffer.alloc(0))),
    ),
  );
}

it('a destroyed key and a taken id leave the broker’s disk, and the others stay', async () => {
  const masters = new MasterKeys([randomBytes(32)]);
  const ring = await KeyRing.open({ log, prefix, masters, onWarning: () => {} });
  const [stays, goes] = [randomUUID(), randomUUID()];
  await ring.make(stays);
  await ring.make(goes);
  const wrapped = Buffer.from(ring.wrappedAs(goes) as string);
  const other = Buffer.from(ring.wrappedAs(stays) as string);
  const leaving = { sub: `goes-${randomUUID()}`, userId: goes };
  const staying = { sub: `stays-${randomUUID()}`, userId: stays };
  await ring.giveId(leaving);
  await ring.giveId(staying);
  const before = await bytesOnDisk();
  for (const bytes of [wrapped, leaving.sub]) expect(before.includes(bytes)).toBe(true);
  await ring.erase(goes);
  await ring.takeId(leaving);
  const isGone = async () => {
    // What the services do once the segment is old enough.
    if (ring.isRollDue(times)) await ring.roll();
    const now = await bytesOnDisk();
    return !now.includes(wrapped) && !now.includes(leaving.sub);
  };
  await until(isGone, { limitMs: 40_000 });
  const after = await bytesOnDisk();
  for (const bytes of [other, staying.sub]) expect(after.includes(bytes)).toBe(true);
  await ring.close();
  const later = await KeyRing.open({ log, prefix, masters, onWarning: () => {} });
  expect(later.find(goes)).toBe('erased');
  expect(later.find(stays)).toBeInstanceOf(PersonKey);
  expect(later.subjects.idOf(leaving.sub)).toBeUndefined();
  expect(later.subjects.idOf(staying.sub)).toBe(stays);
  await later.close();
});
