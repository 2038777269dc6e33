import type { Router } from 'express';
import { aggregatesOf, type Batch, type Command, commandsOf } from '../aggregate.ts';
import { openTokens } from '../auth/tokens.ts';
import { openCodec } from '../codec/codec.ts';
import type { Config } from '../config.ts';
import { batchRoutes } from '../http/batch-routes.ts';
import { commandRoutes } from '../http/command-routes.ts';
import { forwardedCommands } from '../http/forwarded-commands.ts';
import { Peers } from '../http/peers.ts';
import { type Submitter, submitter } from '../http/submitter.ts';
import { LogPlaces } from '../log/log-places.ts';
import { claimsTopic, topicName } from '../log/topic-names.ts';
import { checkPersonalText, openKeyRing } from '../personal/open-keys.ts';
import { PersonKeys } from '../personal/person-keys.ts';
import type { People } from '../personal/persons.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import { checkNames, checkParts } from '../writer/command-names.ts';
import { followKnownStreams } from '../writer/known-streams.ts';
import { defaultWriterLimits, openLanes } from '../writer/lanes.ts';
import { laneMetrics } from '../writer/metrics.ts';
import { checkNodeUrl, checkReached } from './node-url.ts';
import { once } from './once.ts';
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
      if (given.people) checkPersonalText(config);
    },
    open: (context) => openCommandService(service, context),
  };
};

async function openCommandService<C extends Config>(
  { name, commands, batches = [], people, schemas, queryUrl, routes }: CommandService<C>,
  { config, logger, registry, parts, member: here }: ServiceContext<C>,
): Promise<OpenService> {
  const { lanes: laneCount, topicPrefix: prefix, leaseTtlMs, queueLimit: queue } = config;
  const aggregates = aggregatesOf(commands);
  // One node may have to own all lanes, so each lane gets an equal part of the memory.
  const bytes = Math.floor((config.streamCacheMb * 2 ** 20) / laneCount);
  const streams = { ...defaultWriterLimits.streams, bytes };
  const limits = { ...defaultWriterLimits, queue, streams };
  const topics = aggregates.map(({ topic }) => topicName(prefix, topic));
  await parts.log.checkTopics(topics, { lanes: laneCount });
  await parts.log.checkTopics([claimsTopic(prefix)], { lanes: laneCount, compacted: true });
  const codec = await openCodec({ ...parts.codecOptions, schemas });
  const onWarning = (message: string) => logger.warn(message);
  const shared = { ...parts, codec, lanes: laneCount, prefix, onWarning };
  const member = { ...here, url: config.nodeUrl ?? here.url };
  // A node that others can't reach must take no lanes.
  await checkReached(member);
  const source = `/${name}`;
  const ring = people ? await openKeyRing(config, parts.log, onWarning) : null;
  const keys = people && ring ? await PersonKeys.open({ ...shared, people, ring }) : undefined;
  const lanes = await openLanes({
    ...{ ...shared, source, aggregates, member, leaseTtlMs, limits },
    people: keys,
  });
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
  return {
    tokens: openTokens(parts.tokenOptions),
    routes(app) {
      for (const router of routes?.(submitting) ?? []) app.use(router);
      app.use(commandRoutes({ commands, submitter: submitting }));
      app.use(batchRoutes({ batches, submitter: submitting }));
    },
    internalRoutes(app) {
      app.use(forwardedCommands({ commands, submitter: submitting, lanes }));
    },
    ready: () => ({
      ready: hasBeenReady() && !peers.isProbablyAtFault(),
      details: { lanes: lanes.status(), unreached: peers.troubles() },
    }),
    leave: () => lanes.leave(),
    async close() {
      await Promise.all([lanes.close(), known.close(), peers.close(), keys?.close()]);
      await ring?.close();
    },
  };
}
