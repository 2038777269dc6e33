import { type ConfigOf, defineSettings, setting } from '@event-sourced/kernel/config';

/** Every setting of every service: environment variable, type, default. See `.env.example`. */
export const settings = defineSettings({
  COMMAND_API_PORT: setting.port.default(4001),
  COMMAND_API_OPERATIONS_PORT: setting.port.default(4011),
  QUERY_API_PORT: setting.port.default(4000),
  QUERY_API_OPERATIONS_PORT: setting.port.default(4010),
  PROJECTORS_PORT: setting.port.default(4002),
  REACTORS_PORT: setting.port.default(4003),
  REPLAY_WORKER_PORT: setting.port.default(4005),
  KAFKA_PORT: setting.port.default(9092),
  SCHEMA_REGISTRY_PORT: setting.port.default(8081),
  MONGO_PORT: setting.port.default(27017),
  MOVIES_CSV: setting.text.default('scraper/catalogue.csv'),
  MONGO_DATABASE: setting.database.default('movies'),
  /** The command API as browsers reach it: a URL, or a path on the console's own origin. */
  CONSOLE_COMMAND_API: setting.text
    .regex(/^(https?:\/\/|\/)/, 'has to be an http:// or https:// URL or a path such as /commands')
    .optional(),
  /** People sign in to the console at this OpenID provider; unset, they paste a token. */
  CONSOLE_OIDC_ISSUER: setting.url.optional(),
  CONSOLE_OIDC_CLIENT_ID: setting.text.optional(),
  CONSOLE_OIDC_SCOPE: setting.text.default('openid'),
  /** JSON with tokens that the console offers to anybody on this machine: set by `npm start`. */
  CONSOLE_DEMO_USERS: setting.text.optional(),
});

export type Config = ConfigOf<typeof settings>;
