import { MongoClient } from 'mongodb';
import { openCodec } from '#kernel/codec/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { disablePretenuring } from '#kernel/service/garbage.ts';
import { settings } from '#schemas/config.ts';
import { eventSchemas } from '#schemas/load.ts';
import { rankings } from '../../projectors/ranking/rankings.ts';
import { votes } from '../../projectors/ranking/votes.ts';
import { rounded } from '../results.ts';
import { consumeWithLibraries } from './libraries.ts';
import { catchUp, writeFolded } from './live.ts';
import { appendInline } from './peer.ts';
import { decode, insertSame, rebuildView } from './rebuilding.ts';
import type { Done, Given, Pass, PassParts, ViewName, Way } from './way.ts';

/** Works through the votes of one log in one way, and prints how long that took. */

const projections: Record<ViewName, AnyProjection> = { rankings, votes };
const ways: Record<Way, (parts: PassParts) => Promise<Done>> = {
  decode,
  consumeWithLibraries,
  rebuildView,
  insertSame,
  catchUp,
  writeFolded,
  appendInline,
};

// The projectors and the replay tool do the same.
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
