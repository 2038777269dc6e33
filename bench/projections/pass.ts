import { type Db, MongoClient } from 'mongodb';
import { type Codec, openCodec } from '#kernel/codec/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { Log } from '#kernel/log/log.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { disablePretenuring } from '#kernel/service/pretenuring.ts';
import { type Config, settings } from '#schemas/config.ts';
import { eventSchemas } from '#schemas/load.ts';
import { rankings } from '../../projectors/ranking/rankings.ts';
import { votes } from '../../projectors/ranking/votes.ts';
import { rounded } from '../results.ts';
import { consumeWithLibraries } from './libraries.ts';
import { catchUp, writeFolded } from './live.ts';
import { appendInline } from './peer.ts';
import { decode, insertSame, rebuildView } from './rebuilding.ts';

/** Does one thing with the votes of one log, in a process of its own, and tells what it took. */

const projections = { rankings, votes };
const ways = {
  decode,
  consumeWithLibraries,
  rebuildView,
  insertSame,
  catchUp,
  writeFolded,
  appendInline,
};

export type Way = keyof typeof ways;
export type ViewName = keyof typeof projections;

export type Given = {
  view: ViewName;
  /** Stands before the topics' names. */
  prefix: string;
  /** The log's events that the view has a use for. */
  events: number;
  /** Where documents go to, or came to before. */
  database: string;
};

export type PassParts = Omit<Given, 'view' | 'database'> & {
  projection: AnyProjection;
  client: MongoClient;
  db: Db;
  log: Log;
  codec: Codec;
  lanes: number;
  /** The same, for threads that have to connect by themselves. */
  config: Config;
};

/** What was done within a time that a way has chosen. */
export type Done = {
  events: number;
  documents: number;
  seconds: number;
  cpuSeconds: number;
  /** Taken by the secondary indexes afterwards. */
  indexSeconds?: number;
  transactions?: number;
};

export type Pass = Omit<Done, 'cpuSeconds'> & {
  eventsPerSecond: number;
  documentsPerSecond: number;
  cpuMicrosPerEvent: number;
  peakRssMb: number;
};

// As the projectors and the replay tool do.
disablePretenuring();
const [way, given] = process.argv.slice(2);
const { view, database, ...more } = JSON.parse(given!) as Given;
const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '', MONGO_URL = '' } = process.env;
const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-pass' });
const client = await new MongoClient(MONGO_URL, { ignoreUndefined: true }).connect();
const done = await ways[way as Way]({
  ...more,
  projection: projections[view],
  client,
  db: client.db(database),
  log,
  codec: await openCodec({ registryUrl, topicPrefix: more.prefix, schemas: eventSchemas }),
  lanes: Number(process.env.LANES),
  config: settings.read({ ...process.env, TOPIC_PREFIX: more.prefix, MONGO_DATABASE: database }),
});
const { cpuSeconds, ...counted } = done;
const { events, documents, seconds } = done;
const pass: Pass = {
  ...counted,
  eventsPerSecond: Math.round(events / seconds),
  documentsPerSecond: Math.round(documents / seconds),
  cpuMicrosPerEvent: rounded((cpuSeconds * 1e6) / events),
  peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
};
await Promise.all([log.close(), client.close()]);
process.stdout.write(JSON.stringify(pass));
