import { main, queryService } from '@event-sourced/kernel/service';
import { settings } from '#schemas/config.ts';
import { eventFilters } from '#schemas/event-filters.ts';
import { eventSchemas } from '#schemas/load.ts';
import { consolePages } from './console.ts';
import { document } from './document.ts';
import { live } from './live.ts';
import { lineQueries, queries } from './queries.ts';

main(
  queryService({
    ...{ name: 'query-api', settings, document, queries, lineQueries, live, people: 'people' },
    operations: { schemas: eventSchemas, filters: eventFilters },
    port: ({ queryApiPort }) => queryApiPort,
    operationsPort: ({ queryApiOperationsPort }) => queryApiOperationsPort,
    pages: (config) => consolePages(config),
  }),
);
