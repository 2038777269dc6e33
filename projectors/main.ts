import { openCodec } from '#kernel/codec/codec.ts';
import { newMember } from '#kernel/leases/leases.ts';
import { startProjectors } from '#kernel/projector/runner.ts';
import { disablePretenuring } from '#kernel/service/pretenuring.ts';
import { main } from '#kernel/service/service.ts';
import { eventSchemas } from '#schemas/load.ts';
import { projections } from './projections.ts';

disablePretenuring();

/** Folds the log into the read models. */
main({
  name: 'projectors',
  port: (config) => config.projectorsPort,
  async open({ config, logger, registry, parts }) {
    const { lanes, topicPrefix: prefix, leaseTtlMs } = config;
    const topics = new Set(projections.flatMap(({ view }) => view.topics));
    const checked = [...topics].map((topic) => prefix + topic);
    await parts.log.checkTopics(checked, { lanes });
    return startProjectors({
      ...parts,
      projections,
      codec: await openCodec({ ...parts.codecOptions, schemas: eventSchemas }),
      lanes,
      prefix,
      member: newMember(),
      leaseTtlMs,
      registry,
      onTrouble: (message) => logger.warn(message),
    });
  },
});
