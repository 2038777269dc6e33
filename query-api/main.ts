import { queryService } from '#kernel/service/query-service.ts';
import { main } from '#kernel/service/service.ts';
import { settings } from '#schemas/config.ts';
import { document } from './document.ts';
import { queries } from './queries.ts';

main(
  queryService({
    ...{ name: 'query-api', settings, document, queries },
    port: ({ queryApiPort }) => queryApiPort,
  }),
);
