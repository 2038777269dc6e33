import { z } from 'zod';

const whole = (from: number, to: number) => {
  const said = `has to be a whole number from ${from} to ${to}`;
  const Digits = z.string().regex(/^\d{1,9}$/, said);
  return Digits.transform(Number).refine((value) => value >= from && value <= to, said);
};
const Port = whole(0, 65_535);
const Text = z.string();
const Url = z.url({ protocol: /^https?$/, error: 'has to be an http:// or https:// URL' });
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Every setting of every service: environment variable, type, default. See `.env.example`. */
const Environment = z.object({
  COMMAND_API_PORT: Port.default(4001),
  QUERY_API_PORT: Port.default(4000),
  PROJECTORS_PORT: Port.default(4002),
  REACTORS_PORT: Port.default(4003),
  KAFKA_PORT: Port.default(9092),
  SCHEMA_REGISTRY_PORT: Port.default(8081),
  MONGO_PORT: Port.default(27017),
  HOST: Text.default('127.0.0.1'),
  DATA_DIR: Text.default('.data'),
  MOVIES_CSV: Text.default('scraper/catalogue.csv'),
  LANES: whole(1, 1024).default(6),
  REPLICATION: whole(1, 9).default(1),
  MIN_IN_SYNC_REPLICAS: whole(1, 9).default(1),
  KAFKA_BROKERS: Text.regex(
    /^[^\s,]+:\d+(,[^\s,]+:\d+)*$/,
    'has to be like host:9092 or one:9092,two:9092',
  ).optional(),
  KAFKA_SSL: z.stringbool({ error: 'has to be true or false' }).default(false),
  KAFKA_SSL_CA: Text.optional(),
  KAFKA_SASL_MECHANISM: z
    .enum(mechanisms, { error: `has to be one of ${mechanisms.join(', ')}` })
    .optional(),
  KAFKA_SASL_USERNAME: Text.optional(),
  KAFKA_SASL_PASSWORD: Text.optional(),
  SCHEMA_REGISTRY_URL: Url.optional(),
  MONGO_URL: Text.regex(/^mongodb(\+srv)?:\/\//, 'has to be a mongodb:// URL').optional(),
  MONGO_DATABASE: Text.regex(
    /^[A-Za-z0-9_-]{1,63}$/,
    'has to be 1 to 63 letters, digits, _ or -',
  ).default('movies'),
  TOPIC_PREFIX: Text.regex(
    /^[A-Za-z0-9._-]{0,100}$/,
    'has to be at most 100 letters, digits, ., _ or -',
  ).default(''),
  AUTH_SECRET: Text.min(32, 'has to have 32 characters or more').optional(),
  AUTH_JWKS_URL: Url.optional(),
  AUTH_ISSUER: Text.optional(),
  AUTH_AUDIENCE: Text.optional(),
  SERVICE_TOKEN: Text.optional(),
  ADVERTISED_URL: Url.optional(),
  NODE_URL: Url.optional(),
  COMMAND_API_URL: Url.optional(),
  RATE_LIMIT_PER_MINUTE: whole(0, 999_999_999).default(0),
  QUEUE_LIMIT: whole(1, 1_000_000).default(10_000),
  STREAM_CACHE_MB: whole(1, 1_000_000).default(96),
  LEASE_TTL_MS: whole(500, 60_000).default(3_000),
  LOG_LEVEL: z.enum(levels, { error: `has to be one of ${levels.join(', ')}` }).default('info'),
});

type Variables = z.output<typeof Environment>;
type CamelCase<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Lowercase<A>}${Capitalize<CamelCase<B>>}`
  : Lowercase<S>;

export type Config = { [K in keyof Variables as CamelCase<K>]: Variables[K] };

/** A setting that can't be used; the message has one line per variable and says the cure. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const camelCase = (variable: string) =>
  variable.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Reads the settings from environment variables; an empty one is as good as none.
 * @throws ConfigError naming each variable that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.entries(env).filter(([, value]) => value !== '');
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(`Settings can't be used:\n${lines.join('\n')}`);
  }
  const entries = Object.entries(parsed.data).map(([name, value]) => [camelCase(name), value]);
  const config = Object.fromEntries(entries) as Config;
  // Where tokens are issued elsewhere, none that were made with a secret count.
  return config.authJwksUrl ? { ...config, authSecret: undefined } : config;
}

/**
 * The settings of this process: its environment, and `.env` in the folder it was started in.
 * @throws ConfigError when there is such a file that can't be read, or a setting is wrong.
 */
export function processConfig(): Config {
  try {
    process.loadEnvFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new ConfigError(`.env can't be read: ${message}`);
  }
  return readConfig();
}

export const settingNames = Object.keys(Environment.shape);
