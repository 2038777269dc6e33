import { type Log, TopicError } from '#kernel/log/log.ts';
import { decodeRecord, personKeysTopic } from '#kernel/personal/key-topic.ts';

/** Where keys of people are. */
export type KeyPlace = { log: Log; prefix: string };

/** What a reader of the topic knows in the end, by Kafka key; null if there is no such topic. */
export async function recordsOf({ log, prefix }: KeyPlace): Promise<Map<string, Buffer> | null> {
  const topic = personKeysTopic(prefix);
  const [firsts, ends] = await Promise.all([
    offsets(() => log.firstOffsets(topic)),
    offsets(() => log.stableOffsets(topic)),
  ]);
  if (!firsts || !ends) return null;
  const records = new Map<string, Buffer>();
  const reader = log.reader();
  try {
    const [from, until] = [firsts, ends].map(([next = 0]) => ({ topic, lane: 0, next }));
    const subscription = reader.subscribe([from!], { until: [until!], compacted: true });
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      for (const { key, value } of chunks.flatMap((chunk) => chunk.records)) {
        if (key === null) continue;
        if (value === null) records.delete(`${key}`);
        else if (decodeRecord(`${key}`, value).kind !== 'roll') records.set(`${key}`, value);
      }
      chunks = await subscription.take();
    }
  } finally {
    await reader.close();
  }
  return records;
}

async function offsets(read: () => Promise<number[]>): Promise<number[] | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TopicError) return null;
    throw error;
  }
}
