import { openCodec } from '../codec/codec.ts';
import type { Config } from '../config.ts';
import { topicName } from '../log/topic-names.ts';
import type { AnyProjection } from '../projection.ts';
import { startProjectors } from '../projector/runner.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import { disablePretenuring } from './garbage.ts';
import type { ServiceBasics, ServiceDefinition } from './run-service.ts';
import { checkTopics, checkUnique } from './unique-names.ts';

export type ProjectorService<C extends Config> = ServiceBasics<C> & {
  projections: readonly AnyProjection[];
  schemas: readonly EventSchema[];
};

/** Folds the log into the read models. */
export function projectorService<C extends Config>(
  service: ProjectorService<C>,
): ServiceDefinition<C> {
  disablePretenuring();
  const { projections, schemas } = service;
  checkUnique(
    'views',
    projections.map(({ view }) => view.name),
  );
  for (const { view } of projections) checkTopics(`The view ${view.name}`, view.topics, schemas);
  const topics = [...new Set(projections.flatMap(({ view }) => view.topics))];
  return {
    ...service,
    async open({ config, logger, registry, tracer, parts, member }) {
      const { lanes, topicPrefix: prefix, leaseTtlMs } = config;
      await parts.log.checkTopics(
        topics.map((topic) => topicName(prefix, topic)),
        { lanes },
      );
      return startProjectors({
        ...parts,
        projections,
        codec: await openCodec({ ...parts.codecOptions, schemas }),
        ...{ lanes, prefix, leaseTtlMs, registry },
        ...{ member, tracer },
        onWarning: (message) => logger.warn(message),
      });
    },
  };
}
