import { z } from 'zod';

/** Every setting of every service: environment variable, type, default. See `.env.example`. */
const Port = z.coerce.number().int().min(0).max(65_535);
const Blank = z.literal('').transform(() => undefined);
const optional = <T extends z.ZodType>(type: T) => z.union([Blank, type]).optional();

const Environment = z.object({
  COMMAND_API_PORT: Port.default(4001),
  QUERY_API_PORT: Port.default(4000),
  PROJECTORS_PORT: Port.default(4002),
  REACTORS_PORT: Port.default(4003),
  KAFKA_PORT: Port.default(9092),
  SCHEMA_REGISTRY_PORT: Port.default(8081),
  MONGO_PORT: Port.default(27017),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.data'),
  MOVIES_CSV: z.string().min(1).default('scraper/catalogue.csv'),
  LANES: z.coerce.number().int().min(1).max(1024).default(6),
  REPLICATION: z.coerce.number().int().min(1).max(9).default(1),
  MIN_IN_SYNC_REPLICAS: z.coerce.number().int().min(1).max(9).default(1),
  KAFKA_BROKERS: optional(
    z.string().regex(/^[^\s,]+:\d+(,[^\s,]+:\d+)*$/, 'host:port[,host:port]'),
  ),
  SCHEMA_REGISTRY_URL: optional(z.url()),
  MONGO_URL: optional(z.string().regex(/^mongodb(\+srv)?:\/\//, 'a mongodb:// URL')),
  MONGO_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,63}$/)
    .default('movies'),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,100}$/)
    .default(''),
  AUTH_SECRET: optional(z.string().min(32, 'at least 32 characters')),
  AUTH_JWKS_URL: optional(z.url()),
  AUTH_ISSUER: optional(z.string().min(1)),
  AUTH_AUDIENCE: optional(z.string().min(1)),
  SERVICE_TOKEN: optional(z.string().min(1)),
  ADVERTISED_URL: optional(z.url()),
  NODE_URL: optional(z.url()),
  COMMAND_API_URL: optional(z.url()),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).default(0),
  LEASE_TTL_MS: z.coerce.number().int().min(500).max(60_000).default(3_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
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
 * Reads the settings from environment variables.
 * @throws ConfigError naming each variable that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`Settings can't be used:\n${lines.join('\n')}`);
  }
  const entries = Object.entries(parsed.data).map(([name, value]) => [camelCase(name), value]);
  return Object.fromEntries(entries) as Config;
}

export const settingNames = Object.keys(Environment.shape);
