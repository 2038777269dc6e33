import type { Router } from 'express';
import { aggregatesOf, type Batch, type Command, commandsOf } from '../aggregate.ts';
import { checkTokens, openTokens } from '../auth/tokens.ts';
import { openCodec } from '../codec/codec.ts';
import type { Config } from '../config.ts';
import { batchRoutes } from '../http/batch-routes.ts';
import { commandRoutes } from '../http/command-routes.ts';
import { forwardedCommands } from '../http/forwarded-commands.ts';
import { Peers } from '../http/peers.ts';
import { type Submitter, submitter } from '../http/submitter.ts';
import { LogPlaces } from '../log/log-places.ts';
import { claimsTopic, topicName } from '../log/topic-names.ts';
import type { Filters } from '../operations/event-limits.ts';
import { openStreamStates, type StreamStatesOptions } from '../operations/stream-states.ts';
import { checkPeople, closedOnError, openKeyRing } from '../personal/open-keys.ts';
import { PersonKeys } from '../personal/person-keys.ts';
import type { People } from '../personal/persons.ts';
import { givenIds } from '../personal/subject-ids.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import { WorkDurations } from '../tracing/messaging-metrics.ts';
import { checkNames, checkParts } from '../writer/command-names.ts';
import { followKnownStreams } from '../writer/known-streams.ts';
import { defaultWriterLimits, openLanes } from '../writer/lanes.ts';
import { laneMetrics } from '../writer/metrics.ts';
import { checkNodeUrl, checkReached } from './node-url.ts';
import { once } from './once.ts';
import { tokenOptionsOf } from './parts.ts';
import type {
  OpenService,
  ServiceBasics,
  ServiceContext,
  ServiceDefinition,
} from './run-service.ts';
import { checkTopics, checkUnique } from './unique-names.ts';

export type CommandService<C extends Config> = ServiceBasics<C> & {
  commands: readonly Command[];
  batches?: readonly Batch[];
  /** The people whose text is encrypted; their commands are in `commands`. */
  people?: People;
  schemas: readonly EventSchema[];
  /** The base URL of the query API, for `Location`, unless ADVERTISED_URL is set. */
  queryUrl(config: C): string;
  operationsPort(config: C): number;
  /** Set for a service that shows operators the streams: how their events are found. */
  operations?: { filters: Filters };
  /** Routes beyond one for each command. */
  routes?(submitter: Submitter): Router[];
};

/**
 * Takes commands, decides them, and appends their events.
 * @throws Error if two commands, rules or aggregates have the same name.
 */
export const commandService = <C extends Config>(
  given: CommandService<C>,
): ServiceDefinition<C> => {
  const { batches = [] } = given;
  const service = { ...given, commands: [...given.commands, ...commandsOf(batches)] };
  checkNames(service.commands);
  checkParts(service.commands);
  checkUnique(
    'batches',
    batches.map(({ name }) => name),
  );
  for (const { topic } of aggregatesOf(service.commands)) {
    checkTopics('An aggregate', [topic], service.schemas);
  }
  return {
    ...service,
    check(config) {
      checkNodeUrl(config);
      checkPeople(config, given.people !== undefined);
      checkTokens(tokenOptionsOf(config));
    },
    open: (context) => openCommandService(service, context),
  };
};

async function openCommandService<C extends Config>(
  { name, commands, batches = [], people, schemas, queryUrl, ...given }: CommandService<C>,
  { config, logger, registry, tracer, parts, member: here }: ServiceContext<C>,
): Promise<OpenService> {
  const { lanes: laneCount, topicPrefix: prefix, leaseTtlMs } = config;
  const aggregates = aggregatesOf(commands);
  const limits = limitsOf(config);
  const topics = aggregates.map(({ topic }) => topicName(prefix, topic));
  await parts.log.checkTopics(topics, { lanes: laneCount });
  await parts.log.checkTopics([claimsTopic(prefix)], { lanes: laneCount, compacted: true });
  const codec = await openCodec({ ...parts.codecOptions, schemas });
  const onWarning = (message: string) => logger.warn(message);
  const shared = { ...parts, codec, lanes: laneCount, prefix, tracer, onWarning };
  const member = { ...here, url: config.nodeUrl ?? here.url };
  // A node that others can't reach must take no lanes.
  await checkReached(member);
  const ring = people ? await openKeyRing({ config, log: parts.log, logger, registry }) : null;
  const randomIds = config.subjectIds === 'random';
  const opening =
    people && ring ? PersonKeys.open({ ...shared, people, ring, randomIds }) : undefined;
  const keys = await closedOnError(ring, Promise.resolve(opening));
  const openingLanes = openLanes({
    ...{ ...shared, source: `/${name}`, aggregates, member, leaseTtlMs, limits },
    ...{ durations: new WorkDurations(registry, 'send'), knownPeople: keys },
    skipped: new Set(config.skippedRecords),
  });
  const closing = { close: () => Promise.all([keys?.close(), ring?.close()]).then(() => {}) };
  const lanes = await closedOnError(closing, openingLanes);
  keys?.serve(lanes);
  const known = followKnownStreams({ ...shared, commands });
  const peers = new Peers({
    ...{ own: member, peers: lanes.peers, onWarning },
    graceMs: leaseTtlMs + 2_000,
  });
  laneMetrics(registry, lanes);
  const submitting = submitter({
    lanes,
    known,
    laneCount,
    log: await parts.log.id(),
    places: new LogPlaces(parts.log, prefix),
    keys: keys ?? null,
    advertisedUrl: config.advertisedUrl ?? queryUrl(config),
  });
  const hasBeenReady = once(lanes.ready);
  const subjects = randomIds && ring ? givenIds(ring) : null;
  const states = statesOf(given, { ...shared, schemas, aggregates });
  return {
    tokens: openTokens({ ...parts.tokenOptions, subjects }),
    routes(clients) {
      clients.use(commandRoutes({ commands, submitter: submitting }));
      clients.use(batchRoutes({ batches, submitter: submitting }));
      for (const router of given.routes?.(submitting) ?? []) clients.use(router);
      if (states) clients.use(states.routes);
    },
    internalRoutes(app) {
      app.use(forwardedCommands({ commands, submitter: submitting, lanes, keys: keys ?? null }));
    },
    ready: () => ({
      ready: hasBeenReady() && !peers.isProbablyAtFault(),
      details: { lanes: lanes.status(), unreached: peers.troubles() },
    }),
    leave: () => lanes.leave(),
    async close() {
      await Promise.all([lanes.close(), known.close(), peers.close(), keys?.close()]);
      await states?.close();
      await ring?.close();
    },
  };
}

/** One node may have to own all lanes, so each lane gets an equal part of the memory. */
function limitsOf({ lanes, queueLimit: queue, streamCacheMb }: Config) {
  const bytes = Math.floor((streamCacheMb * 2 ** 20) / lanes);
  return { ...defaultWriterLimits, queue, streams: { ...defaultWriterLimits.streams, bytes } };
}

const statesOf = <C extends Config>(
  { operations }: Pick<CommandService<C>, 'operations'>,
  parts: Omit<StreamStatesOptions, 'filters'>,
) => operations && openStreamStates({ ...parts, ...operations });
