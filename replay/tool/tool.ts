import type { Db, MongoClient } from 'mongodb';
import { type Codec, openCodec } from '#kernel/codec/codec.ts';
import { type Config, ConfigError } from '#kernel/config.ts';
import type { Log } from '#kernel/log/log.ts';
import { openParts } from '#kernel/service/parts.ts';
import { addressesOf } from '#local-stack/parts/endpoints.ts';
import { application } from './application.ts';
import { sayKafka } from './output.ts';

/** The parts and settings that every command of the tool works on. */
export type Tool = {
  config: Config;
  client: MongoClient;
  db: Db;
  log: Log;
  codec: Codec;
  /** The prefix of the topics' names in the log. */
  prefix: string;
  lanes: number;
  /** Aborts on Ctrl-C and SIGTERM: work under way stops where it can be resumed later. */
  stop: AbortSignal;
};

/** Opens the log and MongoDB for some work, and closes them even if it fails. */
export async function withTool<T>(
  work: (tool: Tool) => Promise<T>,
  config: Config = runningConfig(),
): Promise<T> {
  const parts = await openParts(config, 'replay', sayKafka);
  try {
    const { client, database, log } = parts;
    return await work({
      config,
      client,
      db: client.db(database, { readPreference: 'primary' }),
      log,
      codec: await openCodec({ ...parts.codecOptions, schemas: application.schemas.eventSchemas }),
      prefix: config.topicPrefix,
      lanes: config.lanes,
      stop: stopSignal(),
    });
  } finally {
    await parts.close();
  }
}

function runningConfig(): Config {
  const config = application.settings.ofProcess();
  const { kafka, schemaRegistry, mongo } = addressesOf(config);
  if (kafka && schemaRegistry && mongo) {
    return { ...config, kafkaBrokers: kafka, schemaRegistryUrl: schemaRegistry, mongoUrl: mongo };
  }
  throw new ConfigError(
    'No parts run here: `npm start` first, or set KAFKA_BROKERS, SCHEMA_REGISTRY_URL, MONGO_URL.',
  );
}

let stopping: AbortController | undefined;

function stopSignal(): AbortSignal {
  if (stopping) return stopping.signal;
  stopping = new AbortController();
  const stop = () => stopping?.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  return stopping.signal;
}
