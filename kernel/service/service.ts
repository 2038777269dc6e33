import { type Config, ConfigError } from '../config.ts';
import { ListenError } from '../http/listen.ts';
import { runService, type ServiceDefinition } from './run-service.ts';

export { type People, peopleOf } from '../personal/persons.ts';
export { commandService } from './command-service.ts';
export { projectorService } from './projector-service.ts';
export { queryService } from './query-service.ts';
export { reactorService } from './reactor-service.ts';

/**
 * Runs services as this process until it is told to stop; one that can't run says why, and the
 * process exits with 1.
 *
 * @example
 * ```ts
 * import type { Command } from '@event-sourced/kernel/aggregate';
 * import { defineSettings, setting } from '@event-sourced/kernel/config';
 * import type { Query } from '@event-sourced/kernel/query';
 * import { loadSchemas } from '@event-sourced/kernel/schemas';
 * import { commandService, main, queryService } from '@event-sourced/kernel/service';
 *
 * const settings = defineSettings({
 *   COMMANDS_PORT: setting.port.default(4101),
 *   COMMANDS_OPERATIONS_PORT: setting.port.default(4111),
 *   QUERIES_PORT: setting.port.default(4100),
 *   QUERIES_OPERATIONS_PORT: setting.port.default(4110),
 * });
 * const { eventSchemas } = loadSchemas(import.meta.dirname, 'bookshop');
 *
 * export const run = (commands: readonly Command[], queries: readonly Query[]) =>
 *   main(
 *     commandService({
 *       ...{ name: 'commands', settings, commands, schemas: eventSchemas },
 *       port: ({ commandsPort }) => commandsPort,
 *       operationsPort: ({ commandsOperationsPort }) => commandsOperationsPort,
 *       queryUrl: ({ queriesPort }) => `http://127.0.0.1:${queriesPort}`,
 *     }),
 *     queryService({
 *       ...{ name: 'queries', settings, queries },
 *       port: ({ queriesPort }) => queriesPort,
 *       operationsPort: ({ queriesOperationsPort }) => queriesOperationsPort,
 *     }),
 *   );
 * ```
 */
export function main<C extends Config>(...definitions: readonly ServiceDefinition<C>[]): void {
  Promise.all(definitions.map((definition) => runService(definition))).then(
    () => process.exit(0),
    (error: unknown) => {
      const isOurs = error instanceof ConfigError || error instanceof ListenError;
      console.error(isOurs ? error.message : error);
      process.exit(1);
    },
  );
}
