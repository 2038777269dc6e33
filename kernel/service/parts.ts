import { MongoClient } from 'mongodb';
import { type Config, required } from '../config.ts';
import { DatabaseClock } from '../leases/database-clock.ts';
import { openLog } from '../log/kafka-log.ts';
import type { Log } from '../log/log.ts';
import { failWritesToClosedSockets } from '../mongo/closed-sockets.ts';
import { kafkaAccess } from './kafka-access.ts';

failWritesToClosedSockets();

/** The connections that every service begins with. */
export type Parts = {
  client: MongoClient;
  database: string;
  log: Log;
  clock: DatabaseClock;
  codecOptions: { registryUrl: string; topicPrefix: string };
  tokenOptions: {
    secret: string | undefined;
    jwksUrl: string | undefined;
    issuer: string | undefined;
    audience: string | undefined;
    types: readonly string[];
  };
  close(): Promise<void>;
};

/**
 * Connects to MongoDB and Kafka.
 * @throws ConfigError naming a setting that is missing; any other error: a part is away.
 */
export async function openParts(
  config: Config,
  clientId: string,
  onWarning: (message: string) => void,
): Promise<Parts> {
  const brokers = required(config.kafkaBrokers, 'KAFKA_BROKERS');
  const registryUrl = required(config.schemaRegistryUrl, 'SCHEMA_REGISTRY_URL');
  const client = new MongoClient(required(config.mongoUrl, 'MONGO_URL'), {
    appName: clientId,
    serverSelectionTimeoutMS: 3_000,
    ignoreUndefined: true,
    promoteBuffers: true,
  });
  const log = openLog({ ...kafkaAccess(brokers, config), clientId, onWarning });
  const close = async () => {
    await log.close();
    await client.close();
  };
  try {
    await client.connect();
    await log.id();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    client,
    database: config.mongoDatabase,
    log,
    clock: new DatabaseClock({ toleranceMs: config.clockToleranceMs, onWarning }),
    codecOptions: { registryUrl, topicPrefix: config.topicPrefix },
    tokenOptions: {
      secret: config.authSecret,
      jwksUrl: config.authJwksUrl,
      issuer: config.authIssuer,
      audience: config.authAudience,
      types: config.authTokenTypes,
    },
    close,
  };
}
