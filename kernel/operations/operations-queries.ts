import type { Query } from '../query.ts';
import { deadLettersQuery } from './dead-letters.ts';
import type { Filters } from './event-limits.ts';
import { eventsQuery } from './events.ts';
import { lanesQuery } from './lanes.ts';
import { momentsQuery } from './moments.ts';
import { projectionsQuery } from './projections.ts';
import { reactorsQuery } from './reactors.ts';
import { readersQuery } from './readers.ts';
import { schemaQuery, schemasQuery } from './schemas.ts';

export { type EventPlace, eventUnknown, revealedEvent } from './revealed-event.ts';
export { ShownEvent } from './shown-event.ts';

/**
 * What operators ask of the system itself. The service has to be given `operations`.
 * @param filters how events are found, as in `operations`.
 * @param example the name of an event type, and of a thing that has events, for the API document.
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
 * const filters = { order: 'orderId' };
 * const queries = operationsQueries(filters, { type: 'OrderPlaced', events: { order: 'o1' } });
 *
 * export const service = queryService({
 *   ...{ name: 'queries', settings, queries },
 *   operations: { schemas, filters },
 *   port: ({ queriesPort }) => queriesPort,
 *   operationsPort: ({ queriesOperationsPort }) => queriesOperationsPort,
 * });
 * ```
 */
export const operationsQueries = (
  filters: Filters,
  example: { type: string; events: Record<string, string> },
): readonly Query[] => [
  projectionsQuery,
  lanesQuery,
  reactorsQuery,
  readersQuery,
  deadLettersQuery,
  schemasQuery,
  schemaQuery({ type: example.type }),
  eventsQuery(filters, example.events),
  momentsQuery(filters, example.events),
];
