import { openTokens } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { queryRoutes } from '../http/query-routes.ts';
import { LogPlaces } from '../log/log-places.ts';
import { copiesOf, type Query } from '../query.ts';
import { readLimitsOf } from '../reading/read-limits.ts';
import { openReadModels } from '../reading/read-models.ts';
import { once } from './once.ts';
import type { ServiceBasics, ServiceDefinition } from './run-service.ts';
import { checkRoute, checkUnique } from './unique-names.ts';

export type QueryService<C extends Config> = ServiceBasics<C> & {
  queries: readonly Query[];
  operationsPort(config: C): number;
};

/** Answers queries from the read models. */
export function queryService<C extends Config>(service: QueryService<C>): ServiceDefinition<C> {
  const { queries } = service;
  checkUnique(
    'queries',
    queries.map(({ name, route }) => name ?? route),
  );
  checkUnique('routes', queries.flatMap(routesOf));
  for (const { name, route, input } of queries) checkRoute(name ?? route, route, input);
  return {
    ...service,
    async open({ parts, config }) {
      const log = await parts.log.id();
      const copies = copiesOf(queries);
      const read = queries.flatMap((query) => query.views);
      const views = [...new Set([...read, ...copies.map(({ view }) => view)])];
      const readModels = await openReadModels({ ...parts, log, views, copies });
      const hasBeenReady = once(() => readModels.ready());
      const places = new LogPlaces(parts.log, config.topicPrefix);
      const limits = readLimitsOf(config);
      const routes = queryRoutes({ queries, readModels, log, places, limits });
      return {
        tokens: openTokens(parts.tokenOptions),
        routes: (app) => void app.use(routes),
        ready: () => ({ ready: hasBeenReady(), details: { readModels: readModels.ready() } }),
        close: () => readModels.close(),
      };
    },
  };
}

const routesOf = ({ route, aliases = [] }: Query): string[] => [
  route,
  ...aliases.map((alias) => (typeof alias === 'string' ? alias : alias.route)),
];
