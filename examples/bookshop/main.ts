import { apiDocument } from '@event-sourced/kernel/openapi';
import {
  commandService,
  main,
  projectorService,
  queryService,
  reactorService,
} from '@event-sourced/kernel/service';
import { commands, projections, queries, reactors } from './bookshop.ts';
import { roles, schemas, settings } from './setup.ts';

const basics = { settings, schemas: schemas.eventSchemas };
const api = { title: 'Bookshop', roles: Object.keys(roles) };

/** All four services in one process; each may as well run by itself, and on many nodes. */
main(
  commandService({
    ...{ ...basics, name: 'commands', commands },
    document: apiDocument({ ...api, description: 'Takes orders.', commands }),
    port: ({ commandsPort }) => commandsPort,
    operationsPort: ({ commandsOperationsPort }) => commandsOperationsPort,
    queryUrl: ({ queriesPort }) => `http://127.0.0.1:${queriesPort}`,
  }),
  projectorService({
    ...{ ...basics, name: 'projectors', projections },
    port: ({ projectorsPort }) => projectorsPort,
  }),
  queryService({
    ...{ ...basics, name: 'queries', queries },
    document: apiDocument({ ...api, description: 'Shows orders.', queries }),
    port: ({ queriesPort }) => queriesPort,
    operationsPort: ({ queriesOperationsPort }) => queriesOperationsPort,
  }),
  reactorService({
    ...{ ...basics, name: 'reactors', reactors },
    port: ({ reactorsPort }) => reactorsPort,
    commandUrl: ({ commandsPort }) => `http://127.0.0.1:${commandsPort}`,
  }),
);
