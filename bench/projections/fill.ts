import { openCodec } from '#kernel/codec/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { eventSchemas } from '#schemas/load.ts';
import { votes } from './votes.ts';

/** Writes the votes of some lanes, in large transactions; several processes share the lanes. */

export type Filling = {
  prefix: string;
  count: number;
  part: number;
  parts: number;
  /** How many a transaction has. */
  recordsAtOnce?: number;
};

const {
  prefix,
  count,
  part,
  parts,
  recordsAtOnce = 20_000,
} = JSON.parse(process.argv[2]!) as Filling;
const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '' } = process.env;
const lanes = Number(process.env.LANES);
const topic = topicName(prefix, 'ranking');
const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-fill' });
const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
const producer = await log.producer(transactionalId(prefix, `bench-fill-${part}`));

let records: RecordToAppend[] = [];
let appended: Promise<unknown> = Promise.resolve();
const append = async () => {
  await appended;
  appended = producer.append(records);
  // The next append awaits this one and throws its error; until then the error is not reported.
  appended.catch(() => {});
  records = [];
};
for (const event of votes(count, (movieId) => laneOf(movieId, lanes) % parts === part)) {
  const key = event.data.movieId;
  const lane = laneOf(key, lanes);
  const value = codec.encode(topic, event);
  records.push({ topic, lane, key, value, timestamp: event.meta.time });
  if (records.length === recordsAtOnce) await append();
}
if (records.length > 0) await append();
await appended;
await producer.close();
await log.close();
