import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { KeyRing } from '#kernel/personal/key-ring.ts';
import { keyTimes, keyTopicSettings, personKeysTopic } from '#kernel/personal/key-topic.ts';
import { MasterKeys } from '#kernel/personal/master-keys.ts';
import { PersonKey } from '#kernel/personal/person-key.ts';
import { replay } from '#tests/replay-process.ts';
import { openVoteLog } from '#tests/vote-log.ts';

it('after `rewrap`, keys are read without the former master key', async () => {
  const world = await openVoteLog('rewrap');
  const { log, prefix } = world;
  const [current, former] = [randomBytes(32), randomBytes(32)];
  await log.ensureTopics([personKeysTopic(prefix)], {
    ...{ lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true },
    settings: keyTopicSettings(keyTimes),
  });
  const open = (...keys: Buffer[]) => {
    const masters = new MasterKeys(keys);
    return KeyRing.open({ log, prefix, masters, onWarning: () => undefined });
  };
  const before = await open(former);
  const keyIds = Array.from({ length: 45 }, () => randomUUID());
  for (const keyId of keyIds) await before.make(keyId);
  await before.close();
  await expect(open(current)).rejects.toThrow('MASTER_KEY lacks the key');

  const MASTER_KEY = [current, former].map((key) => key.toString('base64')).join(',');
  const done = await replay({ ...world, settings: { MASTER_KEY } }, 'rewrap', '--json');
  expect(done, done.errors).toMatchObject({ code: 0 });
  expect(JSON.parse(done.lines.join(''))).toEqual({ wrapped: 45, left: 0 });
  const after = await open(current);
  for (const keyId of keyIds) expect(after.find(keyId)).toBeInstanceOf(PersonKey);
  await after.close();

  const without = await replay(world, 'rewrap');
  expect(without).toMatchObject({ code: 2, errors: expect.stringContaining('MASTER_KEY') });
  await world.close();
});
