import { Counter, Gauge, type Registry } from 'prom-client';
import { type Config, ConfigError, required } from '../config.ts';
import type { Log } from '../log/log.ts';
import { unreadableReasons } from '../personal-text.ts';
import { KeyRing } from './key-ring.ts';
import { keyTimes, keyTopicSettings, personKeysTopic } from './key-topic.ts';
import { MasterKeys, masterKeysIn } from './master-keys.ts';

/** @throws ConfigError unless the keys of people can be unwrapped. */
export const masterKeysOf = ({ masterKey }: Config): MasterKeys =>
  new MasterKeys(masterKeysIn(required(masterKey, 'MASTER_KEY')) ?? []);

/** @throws ConfigError where the settings about people can't be followed. */
export function checkPeople(config: Config, hasPeople: boolean): void {
  if (hasPeople) masterKeysOf(config);
  else if (config.subjectIds === 'random') {
    throw new ConfigError('SUBJECT_IDS=random needs an application with people (`peopleOf`).');
  }
}

export type KeyRingContext = {
  config: Config;
  log: Log;
  logger: { warn(message: string): void; error(message: string): void };
  registry?: Registry;
};

/**
 * The keys of people, followed.
 * @throws ConfigError naming what to do about MASTER_KEY.
 */
export async function openKeyRing(context: KeyRingContext): Promise<KeyRing> {
  const { config, log, logger, registry } = context;
  const { topicPrefix: prefix } = config;
  const masters = masterKeysOf(config);
  const settings = keyTopicSettings(keyTimes);
  await log.checkTopics([personKeysTopic(prefix)], { lanes: 1, compacted: true, settings });
  const unreadable = registry && unreadableTexts(registry);
  // Each key is told once; how often its texts are read says nothing more.
  const told = new Set<string>();
  const ring = await KeyRing.open({
    ...{ log, prefix, masters, onWarning: (message) => logger.warn(message) },
    onUnreadable(keyId, reason) {
      unreadable?.inc({ reason });
      if (told.has(keyId) || told.size > 1_000) return;
      told.add(keyId);
      logger.error(`A text can't be opened (${reason}): its key is ${keyId}.`);
    },
  });
  if (registry) countKeys(registry, ring);
  return ring;
}

/** What is opened after something that has to be closed if that fails. */
export async function closedOnError<T>(
  opened: { close(): Promise<void> } | null,
  opening: Promise<T>,
): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    await opened?.close();
    throw error;
  }
}

/** A service that could not open all of its parts opens them again. */
function newName(registry: Registry, name: string): string {
  registry.removeSingleMetric(name);
  return name;
}

function unreadableTexts(registry: Registry): Counter {
  const counter = new Counter({
    name: newName(registry, 'personal_texts_unreadable_total'),
    help: 'Answers with a text that could not be opened though nobody was erased',
    labelNames: ['reason'],
    registers: [registry],
  });
  // Only what was 0 before is seen to increase.
  for (const reason of unreadableReasons) counter.inc({ reason }, 0);
  return counter;
}

function countKeys(registry: Registry, ring: KeyRing): void {
  new Gauge({
    name: newName(registry, 'person_keys'),
    help: 'Keys of people that are there, and that are destroyed',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { there, erased } = ring.counts();
      this.set({ state: 'there' }, there);
      this.set({ state: 'erased' }, erased);
    },
  });
}
