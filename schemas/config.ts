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
  /** Where else the provider has what the page asks, such as its token endpoint. */
  CONSOLE_OIDC_ORIGINS: setting.text
    .regex(
      /^https?:\/\/[\w.:[\]-]+(,https?:\/\/[\w.:[\]-]+)*$/,
      'has to be like https://oauth2.example.com, or several with commas',
    )
    .transform((origins) => origins.split(','))
    .optional(),
  /** JSON with tokens that the console offers to anybody on this machine: of local systems. */
  CONSOLE_DEMO_USERS: setting.text.optional(),
  /** The secrets of webhooks are made from it; unset, from AUTH_SECRET. */
  WEBHOOK_KEY: setting.secret.optional(),
  /** Whether webhooks may have http:// URLs, and lead to addresses that aren't public. */
  WEBHOOK_HTTP: setting.flag.default(false),
  WEBHOOK_PRIVATE_ADDRESSES: setting.flag.default(false),
  /** The pause before the first repeat of a delivery; each is four times as long as the last. */
  WEBHOOK_RETRY_MS: setting.wholeNumber(10, 3_600_000).default(5_000),
  /** After so many seconds a delivery is given up, and a webhook that took none is disabled. */
  WEBHOOK_GIVE_UP_S: setting.wholeNumber(1, 2_592_000).default(259_200),
});

export type Config = ConfigOf<typeof settings>;
