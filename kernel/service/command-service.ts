import type { Router } from 'express';
import type { EventSchema } from '#schemas/load.ts';
import type { Aggregate, Command } from '../aggregate.ts';
import { openTokens, type Tokens } from '../auth/tokens.ts';
import { openCodec } from '../codec/codec.ts';
import { commandRoutes } from '../http/command-routes.ts';
import { forwardedCommands } from '../http/forwarded-commands.ts';
import { urlAt } from '../http/listen.ts';
import { type Submitter, submitter } from '../http/submitter.ts';
import { newMember } from '../leases/leases.ts';
import { followKnownStreams } from '../writer/known-streams.ts';
import { defaultWriterLimits, openLanes } from '../writer/lanes.ts';
import { laneMetrics } from '../writer/metrics.ts';
import type { OpenService, ServiceContext } from './service.ts';

export type CommandServiceDefinition = {
  aggregates: readonly Aggregate[];
  commands: readonly Command[];
  schemas: readonly EventSchema[];
  /** Routes beyond one for each command. */
  routes(tokens: Tokens, submitter: Submitter): Router[];
};

/** Opens what a node of the command API is made of: lanes, what it knows of others, routes. */
export async function openCommandService(
  { aggregates, commands, schemas, routes }: CommandServiceDefinition,
  { config, logger, registry, parts, url }: ServiceContext,
): Promise<OpenService> {
  const { lanes: laneCount, topicPrefix: prefix, leaseTtlMs, queueLimit: queue } = config;
  // Any node may have to work all lanes.
  const bytes = Math.floor((config.streamCacheMb * 2 ** 20) / laneCount);
  const streams = { ...defaultWriterLimits.streams, bytes };
  const limits = { ...defaultWriterLimits, queue, streams };
  const topics = aggregates.map(({ topic }) => prefix + topic);
  await parts.log.checkTopics(topics, { lanes: laneCount });
  const codec = await openCodec({ ...parts.codecOptions, schemas });
  const onTrouble = (message: string) => logger.warn(message);
  const shared = { ...parts, codec, lanes: laneCount, prefix, onTrouble };
  const member = newMember(config.nodeUrl ?? url);
  const lanes = await openLanes({ ...shared, aggregates, member, leaseTtlMs, limits });
  const known = followKnownStreams({ ...shared, commands });
  laneMetrics(registry, lanes);
  const submitting = submitter({
    lanes,
    known,
    laneCount,
    log: await parts.log.id(),
    advertisedUrl: config.advertisedUrl ?? urlAt(config.host, config.queryApiPort),
  });
  const tokens = openTokens(parts.tokenOptions);
  return {
    routes(app) {
      for (const router of routes(tokens, submitting)) app.use(router);
      app.use(commandRoutes({ commands, tokens, submitter: submitting }));
      app.use(forwardedCommands({ commands, tokens, submitter: submitting, lanes }));
    },
    ready: () => ({ ready: lanes.ready(), details: { lanes: lanes.status() } }),
    async close() {
      await Promise.all([lanes.close(), known.close()]);
    },
  };
}
