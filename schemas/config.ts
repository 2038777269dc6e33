import { type ConfigOf, defineSettings, setting } from '@event-sourced/kernel/config';

/** Every setting of every service: environment variable, type, default. See `.env.example`. */
export const settings = defineSettings({
  COMMAND_API_PORT: setting.port.default(4001),
  COMMAND_API_OPERATIONS_PORT: setting.port.default(4011),
  QUERY_API_PORT: setting.port.default(4000),
  QUERY_API_OPERATIONS_PORT: setting.port.default(4010),
  PROJECTORS_PORT: setting.port.default(4002),
  REACTORS_PORT: setting.port.default(4003),
  KAFKA_PORT: setting.port.default(9092),
  SCHEMA_REGISTRY_PORT: setting.port.default(8081),
  MONGO_PORT: setting.port.default(27017),
  MOVIES_CSV: setting.text.default('scraper/catalogue.csv'),
  MONGO_DATABASE: setting.database.default('movies'),
});

export type Config = ConfigOf<typeof settings>;
