import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { parse } from 'node:querystring';
import cors from 'cors';
import express, {
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Histogram, Registry } from 'prom-client';
import { attribute } from '../tracing/attributes.ts';
import type { Span, Tracer } from '../tracing/tracing.ts';
import { type CallersOptions, callers } from './callers.ts';
import { writeCommonHeaders } from './common-headers.ts';
import { type KnownRoutes, routeDirectly } from './known-routes.ts';
import { operationsPaths, requestDurations } from './operations.ts';
import { problemAnswers } from './problem-answers.ts';
import { identify } from './request-ids.ts';
import { unmatched } from './unmatched.ts';
import { discardUnread } from './unread-body.ts';
import { checkForm } from './well-formed.ts';

export type AppOptions = CallersOptions & {
  /** The service's name, a label of every metric. */
  service: string;
  logger: Logger;
  tracer?: Tracer | undefined;
  /** Counts the durations of requests; `operationsRouter` shows the same registry. */
  registry: Registry;
  /** For how long browsers may reach this host by HTTPS only; 0 doesn't say so. */
  hstsSeconds?: number;
  /** Express's `trust proxy`: how many proxies stand before the service, or their addresses. */
  trustedProxies?: number | string[] | undefined;
  /**
   * Origins whose pages may call, false for none; any if unset, since browsers don't add tokens by
   * themselves.
   */
  corsOrigin?: string | string[] | false;
  /** Routes of URLs that were asked for before; undefined while the service is not open yet. */
  known?: (() => KnownRoutes | undefined) | undefined;
};

const exposedHeaders = [
  ...['Consistency-Token', 'ETag', 'Location', 'Retry-After', 'X-Request-Id'],
  ...['RateLimit', 'RateLimit-Policy', 'Idempotent-Replayed', 'Deprecation', 'Sunset', 'Link'],
];

/**
 * The beginning of every service's HTTP app. Add routes, then call `finish`. Bodies are not read
 * here: a route reads its body after it has authenticated the caller.
 */
export function createApp(options: AppOptions): Express {
  options.registry.setDefaultLabels({ service: options.service });
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', parseQuery);
  app.set('trust proxy', options.trustedProxies ?? false);
  const durations = requestDurations(options.registry);
  const { fixed, checked } = crossOrigin(options.corsOrigin ?? '*');
  const headers = [...fixedHeaders(securityHeaders(options.hstsSeconds ?? 0)), ...fixed].flat();
  writeCommonHeaders(app);
  const identifyCaller = callers(options);
  const begin = (req: Request, res: Response) => {
    res.common = headers.slice();
    // Who watches the process would fill the traces with requests for metrics.
    const isTraced = options.tracer && !operationsPaths.has(req.path);
    const span = identify(req, res, isTraced ? options.tracer : undefined);
    measure(req, res, { durations, span, logger: options.logger });
    discardUnread(req, res);
    // `fetch` sends `Cache-Control: no-cache` whenever its caller sets If-None-Match. The header is
    // meant for caches on the way; Express would take it as a wish for the whole body and never
    // answer 304.
    if (req.headers['if-none-match'] !== undefined) delete req.headers['cache-control'];
    checkForm(req);
  };
  // One handler does what every request needs: each further one would cost a turn of the router.
  app.use((req, res, next) => {
    begin(req, res);
    if (checked.forAll || req.method === 'OPTIONS') return checked.handler(req, res, next);
    return goOn(identifyCaller(req, res), next);
  });
  if (checked.forAll) {
    app.use((req, res, next) => goOn(identifyCaller(req, res), next));
    return app;
  }
  const answerError = problemAnswers(options.logger);
  routeDirectly(app, {
    known: () => options.known?.(),
    begin(req, res) {
      begin(req, res);
      return identifyCaller(req, res);
    },
    fail: (error, req, res) => answerError(error, req, res, () => {}),
  });
  return app;
}

const goOn = (before: void | Promise<void>, next: () => void): void | Promise<void> =>
  before ? before.then(next) : next();

/** An API answers no pages; a route that serves a page sets a policy of its own. */
const apiPolicy = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

// Headers that only old browsers look at would cost time on every answer.
const securityHeaders = (hstsSeconds: number): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: apiPolicy },
    strictTransportSecurity: hstsSeconds > 0 && { maxAge: hstsSeconds, includeSubDomains: false },
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });

/** The headers that a handler sets on every answer alike, found out once. */
function fixedHeaders(handler: RequestHandler): [string, string][] {
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' });
  const res = new ServerResponse(req);
  const headers: [string, string][] = [];
  res.setHeader = (name, value) => {
    headers.push([name, String(value)]);
    return res;
  };
  handler(req as Request, res as Response, () => {});
  return headers;
}

/** What pages of other origins may do: headers that don't depend on the request, and the rest. */
function crossOrigin(origin: NonNullable<AppOptions['corsOrigin']>) {
  const handler = cors({ origin, exposedHeaders, maxAge: 600 });
  // With any origin allowed, only the requests by which browsers ask first need more.
  const fixed = origin === '*' ? fixedHeaders(handler) : [];
  return { fixed, checked: { handler, forAll: origin !== '*' } };
}

/** Adds the handlers after the last route: 404, 405 and the answer to every error. */
export function finish(
  app: Express,
  { logger, routes }: Pick<AppOptions, 'logger'> & { routes?: Router },
): Express {
  app.use(unmatched(app, routes));
  app.use(problemAnswers(logger));
  return app;
}

/** Like Express's own parser, but a broken %-sequence is an error and no value is dropped. */
function parseQuery(text: string | null): Record<string, unknown> {
  if (!text) return {};
  decodeURIComponent(text.replaceAll('+', ' '));
  return parse(text, '&', '=', { maxKeys: 0 });
}

type Measuring = { durations: Histogram; span: Span | undefined; logger: Logger };

function measure(req: Request, res: Response, { durations, span, logger }: Measuring): void {
  const startedAt = performance.now();
  // It is emitted once. `once` would wrap the listener, for nothing.
  res.on('close', () => {
    const ms = performance.now() - startedAt;
    const status = res.writableFinished ? res.statusCode : 499;
    const route = String((req.route as { path?: string } | undefined)?.path ?? 'unmatched');
    const scheme = req.secure ? 'https' : 'http';
    durations.observe({ method: req.method, route, status, scheme }, ms / 1000);
    if (span) endSpan(span, req, route, status);
    if (!logger.isLevelEnabled('debug')) return;
    // Not the query: people write what they search for there.
    const { requestId, method, path } = req;
    const about = { requestId, user: req.caller?.userId, method, path };
    logger.debug({ ...about, status, ms: Math.round(ms * 10) / 10 }, 'request');
  });
}

/** The path has ids, but nothing of the query, where people write what they search for. */
function endSpan(span: Span, req: Request, route: string, status: number): void {
  span.end({
    name: `${req.method} ${route}`,
    attributes: {
      [attribute.method]: req.method,
      [attribute.route]: route,
      [attribute.path]: req.path,
      [attribute.scheme]: req.protocol,
      [attribute.status]: status,
    },
    ...(status >= 500 && { failure: String(status) }),
  });
}
