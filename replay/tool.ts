import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Db, MongoClient } from 'mongodb';
import { type Codec, openCodec } from '#kernel/codec.ts';
import { type Config, ConfigError, readConfig } from '#kernel/config.ts';
import type { Log } from '#kernel/log/log.ts';
import { openParts } from '#kernel/parts.ts';
import { readEndpoints } from '#local-stack/endpoints.ts';
import { eventSchemas } from '#schemas/load.ts';

/** What every command of the tool works on. */
export type Tool = {
  config: Config;
  client: MongoClient;
  db: Db;
  log: Log;
  codec: Codec;
  /** Stands before the topics' names in the log. */
  prefix: string;
  lanes: number;
  /** Aborts on Ctrl-C and SIGTERM: what is under way stops where it can go on later. */
  stop: AbortSignal;
};

const root = join(import.meta.dirname, '..');

/** Opens the log and MongoDB for some work, and closes them whatever comes of it. */
export async function withTool<T>(work: (tool: Tool) => Promise<T>): Promise<T> {
  const config = settings();
  const parts = await openParts(config, 'replay', () => {});
  try {
    const { client, database, log } = parts;
    return await work({
      config,
      client,
      db: client.db(database, { readPreference: 'primary' }),
      log,
      codec: await openCodec({ ...parts.codecOptions, schemas: eventSchemas }),
      prefix: config.topicPrefix,
      lanes: config.lanes,
      stop: stopSignal(),
    });
  } finally {
    await parts.close();
  }
}

/** The environment's; parts that it doesn't name are those that `npm start` runs now. */
function settings(): Config {
  try {
    process.loadEnvFile(join(root, '.env'));
  } catch {
    // There need not be a file.
  }
  const config = readConfig();
  const { kafkaBrokers, schemaRegistryUrl, mongoUrl } = config;
  if (kafkaBrokers && schemaRegistryUrl && mongoUrl) return config;
  const file = join(resolve(root, config.dataDir), 'endpoints.json');
  if (!existsSync(file)) {
    throw new ConfigError(
      'Nothing runs here: `npm start` first, or set KAFKA_BROKERS, SCHEMA_REGISTRY_URL, MONGO_URL.',
    );
  }
  const { kafka, schemaRegistry, mongo } = readEndpoints(file);
  return {
    ...config,
    kafkaBrokers: kafkaBrokers ?? kafka,
    schemaRegistryUrl: schemaRegistryUrl ?? schemaRegistry,
    mongoUrl: mongoUrl ?? mongo,
  };
}

let stopping: AbortController | undefined;

function stopSignal(): AbortSignal {
  if (stopping) return stopping.signal;
  stopping = new AbortController();
  const stop = () => stopping?.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  return stopping.signal;
}
