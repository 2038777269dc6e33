import { MongoClient } from 'mongodb';
import { type Codec, openCodec } from '#kernel/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { Log } from '#kernel/log/log.ts';
import { Generations } from '#kernel/projector/generations.ts';
import { rebuild } from '#kernel/projector/rebuild.ts';
import { eventSchemas } from '#schemas/load.ts';
import { rankings } from '../../projectors/ranking/rankings.ts';
import { rounded } from '../results.ts';

/** Goes once over all events, in one of two ways, and tells what that took. */

export type Pass = {
  events: number;
  eventsPerSecond: number;
  cpuMicrosPerEvent: number;
  peakRssMb: number;
};

const [way, generation = ''] = process.argv.slice(2);
const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '', MONGO_URL = '' } = process.env;
const lanes = Number(process.env.LANES);
const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-pass' });
const codec = await openCodec({ registryUrl, schemas: eventSchemas });
const client = await new MongoClient(MONGO_URL).connect();
const db = client.db('bench');

/** What no rebuild can be faster than: the same reader, in the same order of lanes. */
async function decode({ log, codec }: { log: Log; codec: Codec }): Promise<number> {
  let events = 0;
  const reader = log.reader();
  const ends = new Map<string, number[]>();
  for (const topic of rankings.view.topics) ends.set(topic, await log.stableOffsets(topic));
  for (let lane = 0; lane < lanes; lane += 1) {
    const until = [...ends].map(([topic, next]) => ({ topic, lane, next: next[lane]! }));
    const from = until.map((end) => ({ ...end, next: 0 }));
    const subscription = reader.subscribe(from, { until });
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      for (const { records } of chunks) {
        await codec.learn(records);
        for (const record of records) if (codec.decode(record).data) events += 1;
      }
      chunks = await subscription.take();
    }
    await subscription.close();
  }
  await reader.close();
  return events;
}

async function rebuildAll(): Promise<number> {
  await db.createCollection(generation);
  const options = { projection: rankings, db, log, codec, generation, lanes, prefix: '' };
  const { events, parked } = await rebuild(options);
  if (parked > 0) throw new Error(`${parked} events were parked.`);
  await new Generations(db, rankings.view).createIndexes(generation);
  return events;
}

const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
const events = way === 'rebuild' ? await rebuildAll() : await decode({ log, codec });
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
const pass: Pass = {
  events,
  eventsPerSecond: Math.round(events / seconds),
  cpuMicrosPerEvent: rounded((user + system) / events),
  peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
};
await Promise.all([log.close(), client.close()]);
process.stdout.write(JSON.stringify(pass));
