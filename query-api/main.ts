import { main, queryService } from '@event-sourced/kernel/service';
import { settings } from '#schemas/config.ts';
import { consolePages } from './console.ts';
import { document } from './document.ts';
import { live } from './live.ts';
import { queries } from './queries.ts';

main(
  queryService({
    ...{ name: 'query-api', settings, document, queries, live },
    port: ({ queryApiPort }) => queryApiPort,
    operationsPort: ({ queryApiOperationsPort }) => queryApiOperationsPort,
    pages: (config) => consolePages(config),
  }),
);
