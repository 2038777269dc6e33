import { openTokens } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { queryRoutes } from '../http/query-routes.ts';
import { type LiveDefinition, openLive } from '../live/open-live.ts';
import { LogPlaces } from '../log/log-places.ts';
import { type Filters, openOperations } from '../operations/operations.ts';
import { operationsRoutes } from '../operations/operations-routes.ts';
import { checkPersonalText, openKeyRing } from '../personal/open-keys.ts';
import { copiesOf, type Query } from '../query.ts';
import { readLimitsOf } from '../reading/read-limits.ts';
import { openReadModels } from '../reading/read-models.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import { once } from './once.ts';
import type { ServiceBasics, ServiceDefinition } from './run-service.ts';
import { checkRoute, checkUnique } from './unique-names.ts';

export type QueryService<C extends Config> = ServiceBasics<C> & {
  queries: readonly Query[];
  /** The topic of the people whose text is in answers. */
  people?: string;
  /** The stream by which clients learn what changes, and the views that they may follow. */
  live?: LiveDefinition;
  operationsPort(config: C): number;
  /** For a service that answers the operators' queries: all event types, and how to find events. */
  operations?: { schemas: readonly EventSchema[]; filters: Filters };
};

/** Answers queries from the read models. */
export function queryService<C extends Config>(service: QueryService<C>): ServiceDefinition<C> {
  const { queries, live, people } = service;
  checkUnique(
    'queries',
    queries.map(({ name, route }) => name ?? route),
  );
  checkUnique('routes', [...queries.flatMap(routesOf), ...(live ? [live.route] : [])]);
  for (const { name, route, input } of queries) checkRoute(name ?? route, route, input);
  return {
    ...service,
    check: (config) => {
      if (people) checkPersonalText(config);
    },
    streams: (config) => (live ? config.liveConnections : 0),
    async open({ parts, config, registry, logger }) {
      const log = await parts.log.id();
      const copies = copiesOf(queries);
      const read = queries.flatMap((query) => query.views);
      const views = [...new Set([...read, ...copies.map(({ view }) => view)])];
      const readModels = await openReadModels({ ...parts, log, views, copies });
      const hasBeenReady = once(() => readModels.ready());
      const places = new LogPlaces(parts.log, config.topicPrefix);
      const limits = readLimitsOf(config);
      const onWarning = (message: string) => logger.warn(message);
      const ring = people ? await openKeyRing(config, parts.log, onWarning) : null;
      const keys = people && ring ? { ring, topic: people } : null;
      const operations =
        service.operations &&
        (await openOperations({ config, parts, views, ...service.operations }));
      const shared = { queries, readModels, log, places, limits, operations, keys };
      const streams = live && openLive(live, { ...parts, log, config, registry });
      const routers = [
        queryRoutes(shared),
        ...(operations ? [operationsRoutes(operations)] : []),
        ...(streams ? [streams.routes] : []),
      ];
      return {
        tokens: openTokens(parts.tokenOptions),
        routes: (app) => void app.use(routers),
        ready: () => ({ ready: hasBeenReady(), details: { readModels: readModels.ready() } }),
        // Clients of streams come back to another node at once.
        async leave() {
          operations?.leave();
          await streams?.close();
        },
        async close() {
          await Promise.all([readModels.close(), operations?.close(), ring?.close()]);
        },
      };
    },
  };
}

const routesOf = ({ route, aliases = [] }: Query): string[] => [
  route,
  ...aliases.map((alias) => (typeof alias === 'string' ? alias : alias.route)),
];
