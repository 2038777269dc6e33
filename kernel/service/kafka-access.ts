import { readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../config.ts';
import type { LogOptions } from '../log/kafka-log.ts';

type Settings = Pick<
  Config,
  'kafkaSsl' | 'kafkaSslCa' | 'kafkaSaslMechanism' | 'kafkaSaslUsername' | 'kafkaSaslPassword'
>;

/**
 * How the brokers are reached, as the settings say.
 * @param brokers host:port, joined with commas.
 * @throws ConfigError where one setting needs another, or a file can't be read.
 */
export function kafkaAccess(brokers: string, settings: Settings): Omit<LogOptions, 'clientId'> {
  const ssl = sslOf(settings);
  const sasl = saslOf(settings);
  return { brokers: brokers.split(','), ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

function sslOf({ kafkaSsl, kafkaSslCa: path }: Settings): LogOptions['ssl'] {
  if (path === undefined) return kafkaSsl;
  if (!kafkaSsl) throw new ConfigError('KAFKA_SSL_CA is set: set KAFKA_SSL=true with it.');
  try {
    return { ca: readFileSync(path) };
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(`KAFKA_SSL_CA has to name a PEM file that can be read: ${message}`);
  }
}

function saslOf(settings: Settings): LogOptions['sasl'] {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username } = settings;
  const { kafkaSaslPassword: password } = settings;
  if (mechanism && username && password) return { mechanism, username, password };
  if (!(mechanism || username || password)) return undefined;
  throw new ConfigError(
    'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together: set all three.',
  );
}
