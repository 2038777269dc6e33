import { checkTokens, openTokens } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { lineQueryRoutes } from '../http/line-query-routes.ts';
import { queryRoutes } from '../http/query-routes.ts';
import { Presence, readerRole } from '../leases/presence.ts';
import { type LiveDefinition, openLive } from '../live/open-live.ts';
import { LogPlaces } from '../log/log-places.ts';
import type { Filters } from '../operations/event-limits.ts';
import { openOperations } from '../operations/operations.ts';
import { operationsRoutes } from '../operations/operations-routes.ts';
import { checkPeople, closedOnError, openKeyRing } from '../personal/open-keys.ts';
import { readIds } from '../personal/subject-ids.ts';
import { copiesOf, type LineQuery, type Query } from '../query.ts';
import { readLimitsOf, SharedLimits } from '../reading/read-limits.ts';
import { openReadModels } from '../reading/read-models.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import { once } from './once.ts';
import { tokenOptionsOf } from './parts.ts';
import type { ServiceBasics, ServiceDefinition } from './run-service.ts';
import { checkRoute, checkUnique } from './unique-names.ts';

export type QueryService<C extends Config> = ServiceBasics<C> & {
  queries: readonly Query[];
  /** Queries that answer in lines. */
  lineQueries?: readonly LineQuery[];
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
  const { queries, lineQueries = [], live, people } = service;
  const all = [...queries, ...lineQueries];
  checkUnique(
    'queries',
    all.map(({ name, route }) => name ?? route),
  );
  checkUnique('routes', [...all.flatMap(routesOf), ...(live ? [live.route] : [])]);
  for (const { name, route, input } of all) checkRoute(name ?? route, route, input);
  return {
    ...service,
    check: (config) => {
      checkPeople(config, people !== undefined);
      checkTokens(tokenOptionsOf(config));
    },
    streams: (config) => (live ? config.liveConnections : 0),
    async open({ parts, config, registry, logger, member: { url } }) {
      const log = await parts.log.id();
      const copies = copiesOf(all);
      const read = all.flatMap((query) => query.views);
      const views = [...new Set([...read, ...copies.map(({ view }) => view)])];
      const ring = people ? await openKeyRing({ config, log: parts.log, logger, registry }) : null;
      const subjects = ring && config.subjectIds === 'random' ? readIds(ring) : null;
      const tokens = openTokens({ ...parts.tokenOptions, subjects });
      const opening = openReadModels({ ...parts, log, views, copies });
      const readModels = await closedOnError(ring, opening);
      const hasBeenReady = once(() => readModels.ready());
      const places = new LogPlaces(parts.log, config.topicPrefix);
      const limits = new SharedLimits(readLimitsOf(config));
      const keys = people && ring ? { ring, topic: people } : null;
      // What was erased must not be answered from memory.
      if (ring) ring.onErased = () => limits.answers.clear();
      const operations =
        service.operations && openOperations({ config, parts, views, ...service.operations });
      const shared = { queries, readModels, log, places, limits, operations, keys };
      const streams = live && openLive(live, { ...parts, log, config, registry });
      const { router, known } = queryRoutes(shared);
      const presence = new Presence({ ...parts, role: readerRole, url });
      const routers = [
        router,
        lineQueryRoutes(lineQueries, { ...parts, ...shared }),
        ...(operations ? [operationsRoutes(operations)] : []),
        ...(streams ? [streams.routes] : []),
      ];
      return {
        ...{ tokens, known },
        routes: (app) => void app.use(routers),
        ready: () => ({
          ready: hasBeenReady(),
          details: { readModels: readModels.ready(), copies: readModels.copies() },
        }),
        // Clients of streams come back to another node at once.
        async leave() {
          operations?.leave();
          await Promise.all([streams?.close(), presence.leave()]);
        },
        async close() {
          await Promise.all([readModels.close(), operations?.close(), ring?.close()]);
        },
      };
    },
  };
}

const routesOf = ({ route, aliases = [] }: Pick<Query, 'route' | 'aliases'>): string[] => [
  route,
  ...aliases.map((alias) => alias.route),
];
