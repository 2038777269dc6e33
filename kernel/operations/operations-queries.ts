import type { Query } from '../query.ts';
import { deadLettersQuery } from './dead-letters.ts';
import { lanesQuery } from './lanes.ts';
import { projectionsQuery } from './projections.ts';
import { reactorsQuery } from './reactors.ts';
import { schemaQuery, schemasQuery } from './schemas.ts';

/**
 * What operators ask of the system itself. The service has to be given `operations`.
 * @param example the name of an event type, for the API document.
 *
 * @example
 * ```ts
 * import { defineSettings, setting } from '@event-sourced/kernel/config';
 * import { operationsQueries } from '@event-sourced/kernel/operations';
 * import { loadSchemas } from '@event-sourced/kernel/schemas';
 * import { queryService } from '@event-sourced/kernel/service';
 *
 * const settings = defineSettings({
 *   QUERIES_PORT: setting.port.default(4100),
 *   QUERIES_OPERATIONS_PORT: setting.port.default(4110),
 * });
 * const { eventSchemas: schemas } = loadSchemas(import.meta.dirname, 'bookshop');
 *
 * export const service = queryService({
 *   ...{ name: 'queries', settings, queries: operationsQueries({ type: 'OrderPlaced' }) },
 *   operations: { schemas, filters: { order: 'orderId' } },
 *   port: ({ queriesPort }) => queriesPort,
 *   operationsPort: ({ queriesOperationsPort }) => queriesOperationsPort,
 * });
 * ```
 */
export const operationsQueries = (example: { type: string }): readonly Query[] => [
  projectionsQuery,
  lanesQuery,
  reactorsQuery,
  deadLettersQuery,
  schemasQuery,
  schemaQuery(example),
];
