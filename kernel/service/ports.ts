import express, { type Express, type Request, type Router } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { type AppOptions, createApp, finish } from '../http/app.ts';
import type { Connections } from '../http/connections.ts';
import { docsRouter } from '../http/docs.ts';
import { listen } from '../http/listen.ts';
import { healthRouter, operationsRouter, type Readiness } from '../http/operations.ts';
import { identityRouter } from '../http/peers.ts';
import { problemAnswers } from '../http/problem-answers.ts';
import { rateLimitsOf } from '../http/rate-limits.ts';
import type { ApiDocument } from '../openapi/document.ts';
import { Problem } from '../problems.ts';
import type { Traced } from '../tracing/tracing.ts';

export type PortsOptions = Traced & {
  name: string;
  config: Config;
  port: number;
  /** Undefined or the same as `port`, everything is on one port; but two 0 are two free ports. */
  operationsPort: number | undefined;
  logger: Logger;
  registry: Registry;
  document: ApiDocument | undefined;
  pages?: Router | undefined;
  nodeId: string;
  /** Connections of clients that stay open for long, besides `MAX_CONNECTIONS`. */
  streams: number;
  ready: () => Readiness | Promise<Readiness>;
  tokens: NonNullable<AppOptions['tokens']>;
  known?: AppOptions['known'];
};

/** The ports of a service: one for clients, one for the people and processes that run it. */
export type Ports = Connections & {
  url: string;
  operationsUrl: string;
  /** For clients. Anybody may see what is here: it tells nothing about the system behind it. */
  routes: Router;
  /** Metrics, details of `/readyz`, and routes for other nodes; of clients too on one port. */
  operations: Express;
  /** To be called once all routes are there: before, requests for them get 503. */
  open(): void;
};

/** @throws ListenError when a port is taken or not allowed. */
export async function openPorts(options: PortsOptions): Promise<Ports> {
  const { config, logger, registry, document, pages, ready, tracer } = options;
  const { port, operationsPort, known } = options;
  const { host, hstsSeconds, trustedProxies } = config;
  const maxConnections = config.maxConnections + options.streams;
  const isOne = operationsPort === undefined || (operationsPort === port && port !== 0);
  const shared = { service: options.name, logger, registry, tracer, tokens: options.tokens };
  const rateLimits = rateLimitsOf(config);
  const clients = createApp({ ...shared, hstsSeconds, trustedProxies, rateLimits, known });
  const operations = isOne ? clients : createApp({ ...shared, corsOrigin: false });
  // They are asked before all that few requests are for.
  const routes = express.Router();
  let isOpen = false;
  // Express goes on with them in a later turn, by which the service may have opened.
  const early = new WeakSet<Request>();
  clients.use((req, res, next) => {
    if (isOpen) return routes(req, res, next);
    early.add(req);
    next();
  });
  if (!isOne) clients.use(healthRouter(ready));
  operations.use(operationsRouter({ ready, registry }), identityRouter(options.nodeId));
  if (document) clients.use(docsRouter(document));
  if (pages) clients.use(pages);
  const apps = isOne ? [clients] : [clients, operations];
  const answer = problemAnswers(logger);
  for (const app of apps) {
    app.use((req, res, next) => {
      if (isOpen && !early.has(req)) return next();
      // What is away, and where, stands in the log and in the details of /readyz.
      const away = new Problem('part-away', 'A part of the system is away; try again in a moment.');
      answer(away, req, res, next);
    });
  }
  const limits = { maxConnections, onWarning: (message: string) => logger.warn(message) };
  const listening = await listen(clients, { host, port, ...limits });
  const own = isOne
    ? listening
    : await listen(operations, { host, port: operationsPort, ...limits });
  const both = isOne ? [listening] : [listening, own];
  return {
    url: listening.url,
    operationsUrl: own.url,
    routes,
    operations,
    open() {
      for (const app of apps) finish(app, app === clients ? { logger, routes } : { logger });
      isOpen = true;
    },
    closeAfterAnswers() {
      for (const each of both) each.closeAfterAnswers();
    },
    async close() {
      await Promise.all(both.map((each) => each.close()));
    },
  };
}
