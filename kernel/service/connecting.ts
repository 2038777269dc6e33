import { MongoClient, type MongoClientOptions } from 'mongodb';
import { type Config, ConfigError } from '../config.ts';
import { within } from '../leases/within.ts';
import { openLog } from '../log/kafka-log.ts';
import type { Log } from '../log/log.ts';
import { kafkaAccess } from './kafka-access.ts';

/** A part gives no answer, or lets nobody in. The message names the part, its setting, the cure. */
export class PartAwayError extends Error {
  override name = 'PartAwayError';
}

/** People and logs get a message after this time instead of silence. */
const limitMs = 3_500;
/**
 * The driver asks each server how it is, and waits for these two times together. Then all fails
 * that waits for a server which sleeps: by default after 40 s, when clients have given up.
 */
const silence = { heartbeatFrequencyMS: 5_000, connectTimeoutMS: 5_000 };
/** MongoDB's codes for a login that is wrong or missing. */
const loginCodes = new Set<unknown>([13, 18, 8000]);

/** @throws ConfigError for a URL that can't be read. @throws PartAwayError */
export async function connectMongo(
  url: string,
  options: MongoClientOptions = {},
): Promise<MongoClient> {
  const selecting = { serverSelectionTimeoutMS: limitMs - 500 };
  const client = newClient(url, { ...options, ...selecting, ...silence });
  try {
    return await within(limitMs, client.connect());
  } catch (cause) {
    await client.close();
    const { srvHost, hosts } = client.options;
    throw mongoAway(cause, `MongoDB at ${srvHost ?? hosts.join(',')}`);
  }
}

function newClient(url: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, options);
  } catch (error) {
    throw new ConfigError(`MONGO_URL can't be used: ${(error as Error).message}`);
  }
}

export function mongoAway(cause: unknown, part = 'MongoDB'): PartAwayError {
  const { message, code } = cause as Error & { code?: unknown };
  const isLogin = loginCodes.has(code);
  const what = isLogin ? 'lets this process in only with a login' : 'gave no answer';
  const cure = isLogin
    ? 'Put user and password into MONGO_URL, as mongodb://USER:PASSWORD@HOST.'
    : 'Start it, or set MONGO_URL to where it is.';
  return new PartAwayError(`${part} ${what} (${message}). ${cure}`, { cause });
}

export type LogAddress = {
  /** host:port, joined with commas. */
  brokers: string;
  /** What named them, for messages: KAFKA_BROKERS if left out. */
  setting?: string;
  clientId: string;
  /** Gets the failures after the first answer. */
  onWarning?: (message: string) => void;
};

/** @throws ConfigError where settings can't work together. @throws PartAwayError */
export async function connectLog(address: LogAddress, config: Config): Promise<Log> {
  const { brokers, setting, clientId, onWarning } = address;
  let [isConnected, failure] = [false, ''];
  const warn = (message: string) => {
    if (isConnected) onWarning?.(message);
    else failure = message;
  };
  const log = openLog({ ...kafkaAccess(brokers, config), clientId, onWarning: warn });
  try {
    const asked = log.id();
    // Closing the log ends it, if it takes too long.
    asked.catch(() => {});
    await within(limitMs, asked);
    isConnected = true;
    return log;
  } catch (cause) {
    await log.close();
    const reason = failure || (cause as Error).message;
    throw kafkaAway(cause, `Kafka at ${brokers} gave no answer (${reason})`, setting);
  }
}

export function kafkaAway(
  cause: unknown,
  what = `Kafka gave no answer (${(cause as Error).message})`,
  setting = 'KAFKA_BROKERS',
): PartAwayError {
  const cure = `Start it, or set ${setting} to where it is`;
  const login = 'with KAFKA_SSL and KAFKA_SASL_* if it asks for TLS or a login';
  return new PartAwayError(`${what}. ${cure}, ${login}.`, { cause });
}
