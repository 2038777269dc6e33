import type { MongoClient } from 'mongodb';
import { type Config, required } from '../config.ts';
import { DatabaseClock } from '../leases/database-clock.ts';
import type { Log } from '../log/log.ts';
import { failWritesToClosedSockets } from '../mongo/closed-sockets.ts';
import { connectLog, connectMongo, PartAwayError } from './connecting.ts';

failWritesToClosedSockets();

/** The connections that every service begins with. */
export type Parts = {
  client: MongoClient;
  database: string;
  log: Log;
  clock: DatabaseClock;
  codecOptions: { registryUrl: string; topicPrefix: string };
  tokenOptions: ReturnType<typeof tokenOptionsOf>;
  close(): Promise<void>;
};

/** How callers are known. */
export const tokenOptionsOf = (config: Config) => ({
  secret: config.authSecret,
  jwksUrl: config.authJwksUrl,
  issuer: config.authIssuer,
  audience: config.authAudience,
  types: config.authTokenTypes,
});

/**
 * Connects to MongoDB and Kafka.
 * @throws ConfigError naming a setting that is missing or can't be used. @throws PartAwayError
 */
export async function openParts(
  config: Config,
  clientId: string,
  onWarning: (message: string) => void,
): Promise<Parts> {
  const brokers = required(config.kafkaBrokers, 'KAFKA_BROKERS');
  const registryUrl = required(config.schemaRegistryUrl, 'SCHEMA_REGISTRY_URL');
  const mongoUrl = required(config.mongoUrl, 'MONGO_URL');
  const [mongo, kafka] = await Promise.allSettled([
    connectMongo(mongoUrl, { appName: clientId, ignoreUndefined: true, promoteBuffers: true }),
    connectLog({ brokers, clientId, onWarning }, config),
  ]);
  const close = async () => {
    if (kafka.status === 'fulfilled') await kafka.value.close();
    if (mongo.status === 'fulfilled') await mongo.value.close();
  };
  if (mongo.status === 'rejected' || kafka.status === 'rejected') {
    await close();
    throw allOf([mongo, kafka].flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  }
  const [client, log] = [mongo.value, kafka.value];
  return {
    client,
    database: config.mongoDatabase,
    log,
    clock: new DatabaseClock({ toleranceMs: config.clockToleranceMs, onWarning }),
    codecOptions: { registryUrl, topicPrefix: config.topicPrefix },
    tokenOptions: tokenOptionsOf(config),
    close,
  };
}

/** One error for the parts that are away, since people want to mend all of them at once. */
function allOf(errors: readonly Error[]): Error {
  const other = errors.find((error) => !(error instanceof PartAwayError));
  if (other) return other;
  return new PartAwayError(errors.map(({ message }) => message).join('\n'));
}
