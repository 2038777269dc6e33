import { openTokens } from '#kernel/auth/tokens.ts';
import { queryRoutes } from '#kernel/http/query-routes.ts';
import { copiesOf } from '#kernel/query.ts';
import { openReadModels } from '#kernel/reading/read-models.ts';
import { main } from '#kernel/service/service.ts';
import { views } from '#schemas/views.ts';
import { document } from './document.ts';
import { queries } from './queries.ts';

/** Answers queries from the read models. */
main({
  name: 'query-api',
  document,
  port: (config) => config.queryApiPort,
  async open({ parts }) {
    const log = await parts.log.id();
    const readModels = await openReadModels({
      ...{ ...parts, log, views: Object.values(views) },
      copies: copiesOf(queries),
    });
    const tokens = openTokens(parts.tokenOptions);
    return {
      routes: (app) => void app.use(queryRoutes({ queries, tokens, readModels, log })),
      ready: () => ({ ready: readModels.ready(), details: { readModels: readModels.ready() } }),
      close: () => readModels.close(),
    };
  },
});
