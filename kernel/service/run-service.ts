import type { Express } from 'express';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import type { Tokens } from '../auth/tokens.ts';
import { aborted, Backoff, sleep } from '../backoff.ts';
import { type Config, ConfigError, type Settings } from '../config.ts';
import { createApp, finish } from '../http/app.ts';
import { docsRouter } from '../http/docs.ts';
import { type Listening, listen } from '../http/listen.ts';
import { operationsRouter, type Readiness } from '../http/operations.ts';
import { problemAnswers } from '../http/problem-answers.ts';
import { rateLimitsOf } from '../http/rate-limits.ts';
import type { ApiDocument } from '../openapi/document.ts';
import { Problem } from '../problems.ts';
import { openParts, type Parts } from './parts.ts';

/** The things that a service is given to work with. */
export type ServiceContext<C extends Config = Config> = {
  config: C;
  logger: Logger;
  registry: Registry;
  parts: Parts;
  /** The URL at which this process listens. */
  url: string;
};

/** An open service: its routes, whether it is ready, and how to close it. */
export type OpenService = {
  /** What callers are known by, for services that have routes for them. */
  tokens?: Tokens;
  routes?(app: Express): void;
  ready(): Readiness | Promise<Readiness>;
  /** Gives up at once what other processes can take over; requests are answered until `close`. */
  leave?(): Promise<void>;
  close(): Promise<void>;
};

/** The part of a definition that all kinds of services have. */
export type ServiceBasics<C extends Config> = {
  name: string;
  settings: Settings<C>;
  port(config: C): number;
  /** The OpenAPI document, for `/openapi.json` and `/docs`. */
  document?: ApiDocument;
};

export type ServiceDefinition<C extends Config> = ServiceBasics<C> & {
  /** May throw while a part is away: it is called again, with new connections each time. */
  open(context: ServiceContext<C>): Promise<OpenService>;
};

/**
 * Runs a service as this process: reads the settings, listens, opens what it needs as soon as
 * that is there, and ends cleanly on SIGTERM and SIGINT.
 */
export async function runService<C extends Config>(
  definition: ServiceDefinition<C>,
): Promise<void> {
  const config = definition.settings.ofProcess();
  const logger = pino({ name: definition.name, level: config.logLevel });
  const registry = new Registry();
  const stopping = stopSignal();
  let opened: Opened | null = null;
  let waitsFor = 'its parts';
  const app = createApp({
    service: definition.name,
    logger,
    registry,
    hstsSeconds: config.hstsSeconds,
    tokens: () => opened?.service.tokens,
    rateLimits: rateLimitsOf(config),
    trustedProxies: config.trustedProxies,
  });
  app.use(
    operationsRouter({
      ready: () => {
        if (stopping.aborted) return { ready: false, details: { stopping: true } };
        return opened ? readinessOf(opened) : { ready: false, details: { waitsFor } };
      },
      registry,
    }),
  );
  if (definition.document) app.use(docsRouter(definition.document));
  const answer = problemAnswers(logger);
  app.use((req, res, next) => {
    if (opened) return next();
    answer(new Problem('part-away', `This service waits for: ${waitsFor}`), req, res, next);
  });
  const listening = await listen(app, {
    ...{ host: config.host, port: definition.port(config) },
    maxConnections: config.maxConnections,
    onWarning: (message) => logger.warn(message),
  });
  logger.info({ url: listening.url }, 'listening');
  const onWait = (reason: string) => {
    waitsFor = reason;
    logger.warn(`waits for: ${reason}`);
  };
  const context = { config, logger, registry, url: listening.url };
  opened = await openWhenPossible(definition, context, stopping, onWait);
  opened?.service.routes?.(app);
  finish(app, { logger });
  if (opened) logger.info('ready to serve');
  await aborted(stopping);
  await stop(listening, opened, config.shutdownDelayMs);
}

type Opened = { service: OpenService; parts: Parts };

async function readinessOf({ service, parts }: Opened): Promise<Readiness> {
  const { ready, details } = await service.ready();
  const clock = parts.clock.trouble();
  return clock ? { ready: false, details: { clock, ...details } } : { ready, details };
}

/**
 * First the process gives up its lanes, so that no client's connection can hold them. Then load
 * balancers get time to notice that it isn't ready, and the requests that still come are answered.
 */
async function stop(
  listening: Listening,
  opened: Opened | null,
  shutdownDelayMs: number,
): Promise<void> {
  listening.closeAfterAnswers();
  if (!opened) return listening.close();
  const { service, parts } = opened;
  if (service.routes) {
    await Promise.all([service.leave?.(), sleep(shutdownDelayMs)]);
    await listening.close();
    await service.close();
  } else {
    await service.close();
    await listening.close();
  }
  await parts.close();
}

/** Between tries to open a service. */
const pauses = { firstMs: 200, factor: 2, maxMs: 3_000 };

async function openWhenPossible<C extends Config>(
  definition: ServiceDefinition<C>,
  context: Omit<ServiceContext<C>, 'parts'>,
  stopping: AbortSignal,
  onWait: (reason: string) => void,
): Promise<Opened | null> {
  const backoff = new Backoff(pauses);
  while (!stopping.aborted) {
    try {
      // A try that is still waiting when the process is told to stop is abandoned.
      const stopped = aborted(stopping).then(() => null);
      return await Promise.race([openOnce(definition, context), stopped]);
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      onWait(error instanceof Error ? error.message : String(error));
      await backoff.pause(undefined, stopping);
    }
  }
  return null;
}

async function openOnce<C extends Config>(
  definition: ServiceDefinition<C>,
  context: Omit<ServiceContext<C>, 'parts'>,
): Promise<Opened> {
  const { config, logger } = context;
  const onWarning = (message: string) => logger.warn(message);
  const parts = await openParts(config, definition.name, onWarning);
  try {
    return { service: await definition.open({ ...context, parts }), parts };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}
