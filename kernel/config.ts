import { z } from 'zod';
import { isGuessable } from './auth/secret-strength.ts';
import { accessTypes } from './auth/token-types.ts';
import { isGuessableMasterKey, masterKeysIn } from './personal/master-keys.ts';
import { refusedPorts } from './refused-ports.ts';
import { removedSettings } from './removed-settings.ts';
import { withValuesOfFiles } from './setting-files.ts';
import { TrustedProxies } from './trusted-proxies.ts';

const whole = (from: number, to: number) => {
  const said = `has to be a whole number from ${from} to ${to}`;
  const Digits = z.string().regex(/^\d{1,9}$/, said);
  return Digits.transform(Number).refine((value) => value >= from && value <= to, said);
};
const Ratio = z
  .string()
  .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'has to be a number from 0 to 1, such as 0.05')
  .transform(Number);
const Port = whole(0, 65_535).refine(
  (port) => !refusedPorts.has(port),
  'is a port that browsers and fetch refuse to connect to: take another one',
);
const Text = z.string();
const Url = z.url({ protocol: /^https?$/, error: 'has to be an http:// or https:// URL' });
/** An IPv6 address may stand in brackets, as it does in URLs. */
const Host = Text.transform((host) => host.replace(/^\[([^\]]*)\]$/, '$1'));
/** Without the brackets, nobody could tell the port from the rest of an IPv6 address. */
const broker = /(\[[\da-fA-F:.]+(%\w+)?\]|[^\s,:[\]]+):\d{1,5}/.source;
const Brokers = Text.regex(
  new RegExp(`^${broker}(,${broker})*$`),
  'has to be like host:9092, one:9092,two:9092 or [::1]:9092',
);
const Secret = Text.min(32, { error: 'has to have 32 characters or more', abort: true }).refine(
  (secret) => !isGuessable(secret),
  'is published or easy to guess: set it to the output of `openssl rand -base64 32`',
);
const MasterKey = Text.refine((text) => masterKeysIn(text) !== null, {
  error:
    'has to be 32 bytes in Base64, the output of `openssl rand -base64 32`; or several, with ' +
    'commas',
  abort: true,
}).refine(
  (text) => !isGuessableMasterKey(text),
  'is easy to guess: put the output of `openssl rand -base64 32` before it, with a comma, and ' +
    'run rewrap',
);
const TokenTypes = Text.regex(
  /^[\w.+/-]+(,[\w.+/-]+)*$/,
  'has to be a list of types such as at+jwt,JWT',
).transform((types) => types.split(','));
const Records = Text.regex(
  /^[\w.-]+\/\d+\/\d+(,[\w.-]+\/\d+\/\d+)*$/,
  'has to be like parcels/4/6: topic, lane and offset; or several, with commas',
).transform((records) => records.split(','));
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Zod schemas for an application's own settings; each reads the text of a variable. */
export const setting = {
  wholeNumber: whole,
  port: Port,
  text: Text,
  url: Url,
  brokers: Brokers,
  secret: Secret,
  flag: z.stringbool({ error: 'has to be true or false' }),
  database: Text.regex(/^[A-Za-z0-9_-]{1,63}$/, 'has to be 1 to 63 letters, digits, _ or -'),
  topicPrefix: Text.regex(
    /^[A-Za-z0-9._-]{0,100}$/,
    'has to be at most 100 letters, digits, ., _ or -',
  ),
};

/** The settings that every application has: environment variable, type, default. */
const common = {
  /** The address that services listen on. */
  HOST: Host.default('127.0.0.1'),
  /** The folder that tools which start local parts keep between runs. */
  DATA_DIR: Text.default('.data'),
  /** Partitions of each topic. The number can't be changed once there are events. */
  LANES: whole(1, 1024).default(12),
  /** Copies of each topic, and how many of them must have an event before the event counts. */
  REPLICATION: whole(1, 9).default(1),
  MIN_IN_SYNC_REPLICAS: whole(1, 9).default(1),
  KAFKA_BROKERS: Brokers.optional(),
  KAFKA_SSL: z.stringbool({ error: 'has to be true or false' }).default(false),
  KAFKA_SSL_CA: Text.optional(),
  KAFKA_SASL_MECHANISM: z
    .enum(mechanisms, { error: `has to be one of ${mechanisms.join(', ')}` })
    .optional(),
  KAFKA_SASL_USERNAME: Text.optional(),
  KAFKA_SASL_PASSWORD: Text.optional(),
  SCHEMA_REGISTRY_URL: Url.optional(),
  MONGO_URL: Text.regex(/^mongodb(\+srv)?:\/\//, 'has to be a mongodb:// URL').optional(),
  MONGO_DATABASE: setting.database.default('events'),
  /** Stands before the name of every topic. */
  TOPIC_PREFIX: setting.topicPrefix.default(''),
  /** Tokens are verified by a shared secret, or by the public keys at a URL (if set). */
  AUTH_SECRET: Secret.optional(),
  AUTH_JWKS_URL: Url.optional(),
  /** The `iss` and `aud` that a token must have; any if unset, which a URL of keys forbids. */
  AUTH_ISSUER: Text.optional(),
  AUTH_AUDIENCE: Text.optional(),
  /** The `typ` that a token may have; JWT stands for none, too. */
  AUTH_TOKEN_TYPES: TokenTypes.default([...accessTypes]),
  /**
   * What wraps the keys with which text of people is encrypted; after a comma, former ones, until
   * a rotation has ended.
   */
  MASTER_KEY: MasterKey.optional(),
  /**
   * What stands for people in keys, subjects and events: the `sub` of their tokens, or a random id
   * in its place, for issuers whose `sub` names the person, such as by an e-mail address.
   */
  SUBJECT_IDS: z.enum(['given', 'random'], { error: 'has to be given or random' }).default('given'),
  /** The token that reactors send; unset, they sign one with the secret. */
  SERVICE_TOKEN: Text.optional(),
  /** The file that has this token: it is read for each request. */
  SERVICE_TOKEN_FILE: Text.optional(),
  /** The URL of the query API for clients, for `Location`. */
  ADVERTISED_URL: Url.optional(),
  /**
   * The URL of a command service's operations port for its other nodes; unset, the address that it
   * listens on.
   */
  NODE_URL: Url.optional(),
  /** The URL of the command API, for reactors. */
  COMMAND_API_URL: Url.optional(),
  /** For how long browsers may reach an API by HTTPS only (HSTS); 0 doesn't say so. */
  HSTS_SECONDS: whole(0, 999_999_999).default(0),
  /** Proxies before a service: how many, or their addresses; unset, X-Forwarded-For is ignored. */
  TRUSTED_PROXIES: TrustedProxies.optional(),
  /** Requests a minute that each node takes of one client; 0 is no limit. */
  RATE_LIMIT_PER_USER: whole(0, 999_999_999).default(600),
  RATE_LIMIT_PER_SERVICE: whole(0, 999_999_999).default(60_000),
  /** Of requests without a good token. Many people may share an address. */
  RATE_LIMIT_PER_ADDRESS: whole(0, 999_999_999).default(3_000),
  /** Connections that a service keeps open at once, besides live streams; others are closed. */
  MAX_CONNECTIONS: whole(1, 1_000_000).default(4_000),
  /** Live streams that a node keeps open; of one user; of one address without a token. */
  LIVE_CONNECTIONS: whole(1, 1_000_000).default(10_000),
  LIVE_PER_USER: whole(0, 1_000_000).default(20),
  LIVE_PER_ADDRESS: whole(0, 1_000_000).default(500),
  /** Commands that may wait for one lane; any further command is refused at once. */
  QUEUE_LIMIT: whole(1, 1_000_000).default(10_000),
  /** Memory for the streams that a node decides on, shared by all lanes. */
  STREAM_CACHE_MB: whole(1, 1_000_000).default(96),
  /**
   * Records that are no events, and can't be decoded: writers pass over them, where any other such
   * record stops its lane.
   */
  SKIPPED_RECORDS: Records.optional(),
  /** Reads that the database answers at once; a quarter as many more of operators. */
  READS_AT_ONCE: whole(1, 1_000).default(32),
  /** Reads that may wait for their turn, and as many for what their token asks for. */
  READ_QUEUE_LIMIT: whole(1, 1_000_000).default(1_000),
  /** Memory for answers that are given again while nothing has changed. */
  ANSWER_CACHE_MB: whole(1, 1_000_000).default(32),
  /** How long a silent node keeps its lanes. */
  LEASE_TTL_MS: whole(500, 60_000).default(3_000),
  /** How far a process's clock may be off MongoDB's; beyond that, it works no lane. */
  CLOCK_TOLERANCE_MS: whole(100, 3_600_000).default(5_000),
  /** How long a service that was told to stop still answers, so that load balancers notice. */
  SHUTDOWN_DELAY_MS: whole(0, 600_000).default(3_000),
  /** Where traces go, by OTLP over HTTP; unset, nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: Url.optional(),
  /** The part of the traces that begin here which is sent; that of others is their choice. */
  OTEL_TRACES_SAMPLER_ARG: Ratio.default(1),
  LOG_LEVEL: z.enum(levels, { error: `has to be one of ${levels.join(', ')}` }).default('info'),
};

type Shape = Readonly<Record<string, z.ZodType>>;
type CamelCase<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Lowercase<A>}${Capitalize<CamelCase<B>>}`
  : Lowercase<S>;
type Values<S extends Shape> = { [K in keyof S & string as CamelCase<K>]: z.output<S[K]> };

/** The values of the settings that every application has. */
export type Config = Values<typeof common>;

/** The settings of an application: their names, and two ways to read them. */
export type Settings<C extends Config = Config> = {
  /** The environment variables. */
  names: readonly string[];
  /**
   * Reads the settings from environment variables; an empty one counts as not set. `NAME_FILE`
   * names a file that has the value of the setting `NAME`.
   * @throws ConfigError naming each variable that is wrong.
   */
  read(env?: NodeJS.ProcessEnv): C;
  /**
   * The settings of this process: its environment, and `.env` in the folder it was started in.
   * @throws ConfigError when a setting is wrong, or there is a `.env` that can't be read.
   */
  ofProcess(): C;
};

/** The values of an application's settings: `ConfigOf<typeof settings>`. */
export type ConfigOf<S> = S extends Settings<infer C> ? C : never;

/** A setting that can't be used; the message has one line per variable and says the cure. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * The settings of an application: the common ones, and its own, which may give a common one
 * another default.
 *
 * @example
 * ```ts
 * import { defineSettings, setting } from '@event-sourced/kernel/config';
 *
 * export const settings = defineSettings({
 *   SHOP_PORT: setting.port.default(4100),
 *   MONGO_DATABASE: setting.database.default('bookshop'),
 * });
 *
 * export const port: number = settings.read({ SHOP_PORT: '4200' }).shopPort;
 * ```
 */
export function defineSettings<Own extends Shape>(
  own: Own,
): Settings<Values<Omit<typeof common, keyof Own> & Own> & Config> {
  // `own` first, so that its settings are listed first; and last, so that its defaults win.
  const variables = z.object({ ...own, ...common, ...own });
  const names = Object.keys(variables.shape);
  const read = (env: NodeJS.ProcessEnv = process.env) => {
    const { env: whole, faults } = withValuesOfFiles(env, names);
    const given = Object.entries(whole).filter(([, value]) => value !== '');
    const parsed = variables.safeParse(Object.fromEntries(given));
    const wrong = parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    const lines = [...removedSettings(env), ...faults, ...(wrong ?? []), ...unsaid(parsed.data)];
    if (!parsed.success || lines.length > 0) {
      throw new ConfigError(`Settings can't be used:\n${lines.join('\n')}`);
    }
    const entries = Object.entries(parsed.data).map(([name, value]) => [camelCase(name), value]);
    const config = Object.fromEntries(entries);
    // If tokens are issued elsewhere, a token signed with the secret must not count.
    return config.authJwksUrl ? { ...config, authSecret: undefined } : config;
  };
  return {
    names,
    read,
    ofProcess() {
      loadEnvFile();
      return read();
    },
  };
}

/** With the keys of an issuer, tokens that it makes for other applications must not count. */
function unsaid(values: Record<string, unknown> = {}): string[] {
  const needed = values.AUTH_JWKS_URL ? ['AUTH_ISSUER', 'AUTH_AUDIENCE'] : [];
  const missing = needed.filter((name) => !values[name]);
  return missing.map((name) => `${name} has to be set, since AUTH_JWKS_URL is`);
}

const camelCase = (variable: string) =>
  variable.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function loadEnvFile(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new ConfigError(`.env can't be read: ${message}`);
  }
}

/** A setting that some work can't do without. @throws ConfigError naming the variable. */
export function required<T>(value: T | undefined, variable: string): T {
  if (value !== undefined) return value;
  throw new ConfigError(`${variable} is not set: set it in the environment or in .env.`);
}
