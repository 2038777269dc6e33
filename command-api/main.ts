import { urlAt } from '@event-sourced/kernel/http';
import { commandService, main } from '@event-sourced/kernel/service';
import { settings } from '#schemas/config.ts';
import { eventFilters } from '#schemas/event-filters.ts';
import { eventSchemas } from '#schemas/load.ts';
import { batches, commands } from './commands.ts';
import { document } from './document.ts';
import { importRoute } from './movies/import.ts';
import { people } from './people.ts';

main(
  commandService({
    ...{
      name: 'command-api',
      settings,
      document,
      commands,
      batches,
      people,
      schemas: eventSchemas,
    },
    operations: { filters: eventFilters },
    port: ({ commandApiPort }) => commandApiPort,
    operationsPort: ({ commandApiOperationsPort }) => commandApiOperationsPort,
    queryUrl: ({ host, queryApiPort }) => urlAt(host, queryApiPort),
    routes: (submitter) => [importRoute(submitter)],
  }),
);
