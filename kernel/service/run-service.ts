import type { Express, Router } from 'express';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import type { Tokens } from '../auth/tokens.ts';
import { aborted, Backoff, sleep } from '../backoff.ts';
import { type Config, ConfigError, type Settings } from '../config.ts';
import type { KnownRoutes } from '../http/known-routes.ts';
import type { Readiness } from '../http/operations.ts';
import { type Member, newMember } from '../leases/leases.ts';
import { messageOf } from '../message-of.ts';
import type { ApiDocument } from '../openapi/document.ts';
import { openTracer } from '../tracing/open-tracer.ts';
import type { Traced } from '../tracing/tracing.ts';
import { collectYoungAlone, disablePretenuring } from './garbage.ts';
import { urlForOthers } from './node-url.ts';
import { openParts, type Parts } from './parts.ts';
import { openPorts, type Ports } from './ports.ts';

/** The things that a service is given to work with. */
export type ServiceContext<C extends Config = Config> = Traced & {
  config: C;
  logger: Logger;
  registry: Registry;
  parts: Parts;
  /** This process among others of its kind, which find it at its operations port. */
  member: Member;
};

/** An open service: its routes, whether it is ready, and how to close it. */
export type OpenService = {
  /** What callers are known by, for services that have routes for them. */
  tokens?: Tokens;
  routes?(clients: Router): void;
  /** Where requests for URLs go that were asked for before. */
  known?: KnownRoutes;
  /** Routes for other processes of the system. */
  internalRoutes?(app: Express): void;
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
  /** Where it tells about itself; unset or the same as `port`, everything is on one port. */
  operationsPort?(config: C): number;
  /** The OpenAPI document, for `/openapi.json` and `/docs`. */
  document?: ApiDocument;
  /** Pages for browsers, which are served while parts are away too. */
  pages?(config: C): Router;
};

export type ServiceDefinition<C extends Config> = ServiceBasics<C> & {
  /** Connections that stay open for long, besides `MAX_CONNECTIONS`. */
  streams?(config: C): number;
  /** @throws ConfigError where settings can't work together. */
  check?(config: C): void;
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
  const { name, document } = definition;
  if (document) {
    disablePretenuring();
    collectYoungAlone();
  }
  const config = definition.settings.ofProcess();
  definition.check?.(config);
  const logger = pino({ name, level: config.logLevel });
  const registry = new Registry();
  const stopping = stopSignal();
  let opened: Opened | null = null;
  let waitsFor = 'its parts';
  const port = definition.port(config);
  const operationsPort = definition.operationsPort?.(config);
  const ready = () => {
    if (stopping.aborted) return { ready: false, details: { stopping: true } };
    return opened ? readinessOf(opened) : { ready: false, details: { waitsFor } };
  };
  const tokens = () => opened?.service.tokens;
  const known = () => opened?.service.known;
  const member = newMember();
  const tracer = await openTracer({
    ...{ service: name, instance: member.id, onWarning: (message) => logger.warn(message) },
    ...{ endpoint: config.otelExporterOtlpEndpoint, ratio: config.otelTracesSamplerArg },
  });
  const pages = definition.pages?.(config);
  const streams = definition.streams?.(config) ?? 0;
  const own = { nodeId: member.id, streams, tracer };
  const about = { name, config, logger, registry, document, pages, ...own };
  const ports = await openPorts({ ...about, port, operationsPort, ready, tokens, known });
  const { url, operationsUrl } = ports;
  logger.info({ url, operationsUrl }, 'listening');
  const onWait = (reason: string) => {
    waitsFor = reason;
    logger.warn(`waits for: ${reason}`);
  };
  const here = { ...member, url: urlForOthers(operationsUrl, config) };
  const context = { config, logger, registry, tracer, member: here };
  opened = await openWhenPossible(definition, context, stopping, onWait);
  if (opened) {
    const { service } = opened;
    service.routes?.(ports.routes);
    service.internalRoutes?.(ports.operations);
    ports.open();
    logger.info('ready to serve');
  }
  await aborted(stopping);
  await stop(ports, opened, config.shutdownDelayMs);
  await tracer?.close();
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
async function stop(ports: Ports, opened: Opened | null, shutdownDelayMs: number): Promise<void> {
  ports.closeAfterAnswers();
  if (!opened) return ports.close();
  const { service, parts } = opened;
  if (service.routes) {
    await Promise.all([service.leave?.(), sleep(shutdownDelayMs)]);
    await ports.close();
    await service.close();
  } else {
    await service.close();
    await ports.close();
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
      onWait(messageOf(error));
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
