import { openLog } from '#kernel/log/kafka-log.ts';
import { KeyRing } from '#kernel/personal/key-ring.ts';
import { MasterKeys, masterKeysIn } from '#kernel/personal/master-keys.ts';
import { isPersonalText, openedText } from '#kernel/personal-text.ts';
import type { System } from './system.ts';

/** While this works, text of people can be opened here, to be compared with what was sent. */
export async function withKeys<T>(
  { settings }: Pick<System, 'settings'>,
  work: () => T | Promise<T>,
): Promise<T> {
  const { KAFKA_BROKERS = '', TOPIC_PREFIX: prefix = '', MASTER_KEY = '' } = settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  try {
    const masters = new MasterKeys(masterKeysIn(MASTER_KEY) ?? []);
    const ring = await KeyRing.open({ log, prefix, masters, onWarning: console.warn });
    try {
      return await work();
    } finally {
      await ring.close();
    }
  } finally {
    await log.close();
  }
}

/** The same data with each text of people as they wrote it. */
export function opened(value: unknown): unknown {
  if (isPersonalText(value)) return openedText(value);
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, opened(part)]));
}
