import { defineRoles } from '@event-sourced/kernel/auth';
import { type ConfigOf, defineSettings, setting } from '@event-sourced/kernel/config';
import { loadSchemas } from '@event-sourced/kernel/schemas';

export const settings = defineSettings({
  COMMANDS_PORT: setting.port.default(4101),
  COMMANDS_OPERATIONS_PORT: setting.port.default(4111),
  QUERIES_PORT: setting.port.default(4100),
  QUERIES_OPERATIONS_PORT: setting.port.default(4110),
  PROJECTORS_PORT: setting.port.default(4102),
  REACTORS_PORT: setting.port.default(4103),
  MONGO_DATABASE: setting.database.default('bookshop'),
  TOPIC_PREFIX: setting.topicPrefix.default('bookshop.'),
  // The parts of the local stack: other ones than those of the movie system.
  DATA_DIR: setting.text.default('.data-bookshop'),
  KAFKA_PORT: setting.port.default(9192),
  SCHEMA_REGISTRY_PORT: setting.port.default(8181),
  MONGO_PORT: setting.port.default(27117),
});
export type Config = ConfigOf<typeof settings>;

export const roles = defineRoles('customer', 'clerk');

/** `orders/*.avsc`, with the types that the kernel brings in this namespace. */
export const schemas = loadSchemas(import.meta.dirname, 'bookshop');
