import { type Config, ConfigError } from '../config.ts';
import type { Log } from '../log/log.ts';
import { KeyRing } from './key-ring.ts';
import { personKeysTopic } from './key-topic.ts';
import { MasterKeys, masterKeysIn } from './master-keys.ts';

/** @throws ConfigError unless the settings say how text of people is kept. */
export function checkPersonalText({ masterKey, personalText }: Config): void {
  if (personalText === 'clear') {
    if (masterKey === undefined) return;
    throw new ConfigError('PERSONAL_TEXT=clear excludes MASTER_KEY: unset one of them.');
  }
  if (masterKey !== undefined) return;
  throw new ConfigError(
    'MASTER_KEY is not set: set it to the output of `openssl rand -base64 32`, and keep a copy; ' +
      'or PERSONAL_TEXT=clear, and text of people is not encrypted and can’t be erased.',
  );
}

/** The keys of people, followed; null if text is kept clear. */
export async function openKeyRing(
  { masterKey, topicPrefix: prefix }: Config,
  log: Log,
  onWarning: (message: string) => void,
): Promise<KeyRing | null> {
  if (masterKey === undefined) return null;
  const masters = new MasterKeys(masterKeysIn(masterKey) ?? []);
  await log.checkTopics([personKeysTopic(prefix)], { lanes: 1, compacted: true });
  return KeyRing.open({ log, prefix, masters, onWarning });
}
