import { openCodec } from '#kernel/codec/codec.ts';
import { newMember } from '#kernel/leases/leases.ts';
import { serviceAuthorization } from '#kernel/reactor/authorization.ts';
import { commandClient } from '#kernel/reactor/command-client.ts';
import { startReactors } from '#kernel/reactor/runner.ts';
import { main } from '#kernel/service/service.ts';
import { eventSchemas } from '#schemas/load.ts';
import { reactors } from './reactors.ts';

/** Turns events into commands. */
main({
  name: 'reactors',
  port: (config) => config.reactorsPort,
  async open({ config, logger, registry, parts }) {
    const { lanes, topicPrefix: prefix, leaseTtlMs } = config;
    const url = config.commandApiUrl ?? `http://127.0.0.1:${config.commandApiPort}`;
    const clientOf = ({ name: user, roles }: (typeof reactors)[number]) =>
      commandClient(url, serviceAuthorization(config, { user, roles }));
    const topics = new Set(reactors.map(({ topic }) => prefix + topic));
    await parts.log.checkTopics([...topics], { lanes });
    return startReactors({
      ...parts,
      reactors: reactors.map((reactor) => ({ reactor, commands: clientOf(reactor) })),
      codec: await openCodec({ ...parts.codecOptions, schemas: eventSchemas }),
      ...{ lanes, prefix, leaseTtlMs, registry, logger },
      member: newMember(),
    });
  },
});
