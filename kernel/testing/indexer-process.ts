import { MongoClient } from 'mongodb';
import { openCodec } from '../codec/codec.ts';
import { startIndexer } from '../event-index/indexer.ts';
import { newMember } from '../leases/leases.ts';
import { openLog } from '../log/kafka-log.ts';
import { parcelSchemas } from './parcels.ts';

/** An indexer in a process of its own, which a test kills. */
export type IndexerProcess = {
  kafka: string;
  registryUrl: string;
  mongo: string;
  database: string;
  prefix: string;
  lanes: number;
  ttlMs: number;
  filters: Record<string, string>;
};

const given = JSON.parse(process.argv[2]!) as IndexerProcess;
const { kafka, registryUrl, mongo, prefix, ...rest } = given;
const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: parcelSchemas });
await startIndexer({
  ...{ ...rest, prefix, codec, member: newMember(), topics: ['depots', 'parcels'] },
  client: await new MongoClient(mongo).connect(),
  log: openLog({ brokers: kafka.split(','), clientId: 'indexer' }),
  onWarning: () => {},
});
