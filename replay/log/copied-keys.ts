import type { TopicOptions } from '#kernel/log/log.ts';
import {
  decodeRecord,
  keyTimes,
  keyTopicSettings,
  personKeysTopic,
} from '#kernel/personal/key-topic.ts';
import { type KeyPlace, recordsOf } from '../keys/key-records.ts';

type Options = Pick<TopicOptions, 'replication' | 'minInSyncReplicas'> & { dryRun: boolean };

const putsAtOnce = 50;

/**
 * Copies the wrapped keys of people, without which their text can't be read, and the records that
 * say which keys are destroyed. What the target has already is left as it is.
 * @returns how many records were copied.
 */
export async function copyKeys(from: KeyPlace, to: KeyPlace, options: Options): Promise<number> {
  const { dryRun, ...topic } = options;
  const [here, there] = await Promise.all([recordsOf(from), recordsOf(to)]);
  const news = firstIds([...(here ?? [])]).filter(
    ([key, value]) => there?.get(key)?.equals(value) !== true,
  );
  // Who was erased here is forgotten there, too.
  const ended = [...(there ?? [])].filter((record) => isSubject(record) && !here?.has(record[0]));
  if (dryRun) return news.length + ended.length;
  const target = { topic: personKeysTopic(to.prefix), lane: 0 };
  const settings = keyTopicSettings(keyTimes);
  await to.log.ensureTopics([target.topic], { ...topic, lanes: 1, compacted: true, settings });
  // First what is destroyed: nobody may use such a key at the target for a moment.
  const [erased, keys] = [news.filter(isErased), news.filter((record) => !isErased(record))];
  for (const records of [erased, keys]) {
    for (let at = 0; at < records.length; at += putsAtOnce) {
      const some = records.slice(at, at + putsAtOnce);
      await Promise.all(
        some.map(([key, value]) => to.log.put({ ...target, key, value, timestamp: Date.now() })),
      );
    }
  }
  for (const [key] of ended) {
    await to.log.put({ ...target, key, value: null, timestamp: Date.now() });
  }
  return news.length + ended.length;
}

/** Where two nodes gave a `sub` an id at once, the first one counts: the others stay behind. */
function firstIds(records: [string, Buffer][]): [string, Buffer][] {
  const subs = new Set<string>();
  return records.filter(([key, value]) => {
    const record = decodeRecord(key, value);
    if (record.kind !== 'subject') return true;
    const { sub } = record.subject;
    return !subs.has(sub) && subs.add(sub) !== undefined;
  });
}

const isSubject = ([key, value]: [string, Buffer]) => decodeRecord(key, value).kind === 'subject';
const isErased = ([key, value]: [string, Buffer]) => decodeRecord(key, value).kind === 'erased';
