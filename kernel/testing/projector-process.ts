import { type ClientSession, Collection, MongoClient } from 'mongodb';
import { openCodec } from '../codec/codec.ts';
import { openLog } from '../log/kafka-log.ts';
import { startProjectors } from '../projector/runner.ts';
import { journal } from './journal.ts';
import { parcelSchemas } from './parcels.ts';

/**
 * A projector as a process of its own, for tests that kill it. It says `fold` or `transaction`
 * and hangs there, in the middle of a chunk or of its Mongo transaction, after so many events.
 */
export type ProjectorProcess = {
  kafka: string;
  registryUrl: string;
  mongo: string;
  database: string;
  prefix: string;
  lanes: number;
  leaseTtlMs: number;
  hangsIn: 'fold' | 'transaction';
  afterEvents: number;
};

const settings = JSON.parse(process.argv[2] as string) as ProjectorProcess;
const { registryUrl, database, prefix, lanes, leaseTtlMs, hangsIn, afterEvents } = settings;
const client = await new MongoClient(settings.mongo).connect();
const log = openLog({ brokers: settings.kafka.split(','), clientId: 'projector-process' });
const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: parcelSchemas });

let decoded = 0;
const decode: typeof codec.decode = (record) => {
  decoded += 1;
  if (hangsIn === 'fold' && decoded > afterEvents) {
    process.send?.('fold');
    // Nothing else runs meanwhile, as in a long pause of the whole process.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  return codec.decode(record);
};

const { bulkWrite } = Collection.prototype;
Collection.prototype.bulkWrite = async function (this: Collection, writes, options) {
  const result = await bulkWrite.call(this, writes, options);
  const session: ClientSession | undefined = options?.session;
  if (hangsIn === 'transaction' && session?.inTransaction() && decoded > afterEvents) {
    process.send?.('transaction');
    await new Promise(() => {});
  }
  return result;
};

await startProjectors({
  ...{ client, database, log, lanes, prefix, leaseTtlMs },
  codec: { ...codec, decode },
  projections: [journal],
});
process.send?.('started');
