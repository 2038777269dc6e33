import { openCodec } from '../codec/codec.ts';
import type { Config } from '../config.ts';
import { topicName } from '../log/topic-names.ts';
import { serviceAuthorization } from '../reactor/authorization.ts';
import { commandClient } from '../reactor/command-client.ts';
import { reactorParts } from '../reactor/parts.ts';
import { startReactors } from '../reactor/runner.ts';
import type { AnyClock, AnyReactor, Worker } from '../reactor.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import type { ServiceBasics, ServiceDefinition } from './run-service.ts';
import { checkTopics, checkUnique } from './unique-names.ts';

export type ReactorService<C extends Config> = ServiceBasics<C> & {
  reactors: readonly AnyReactor[];
  clocks?: readonly AnyClock[];
  workers?: readonly Worker[];
  schemas: readonly EventSchema[];
  /** The URL of the command API, unless COMMAND_API_URL is set. */
  commandUrl(config: C): string;
};

/** Turns events into commands. */
export function reactorService<C extends Config>(service: ReactorService<C>): ServiceDefinition<C> {
  const { reactors, clocks = [], workers = [], schemas, commandUrl } = service;
  checkUnique(
    'reactors',
    [...reactors, ...clocks, ...workers].map(({ name }) => name),
  );
  for (const { name, topic } of reactors) checkTopics(`The reactor ${name}`, [topic], schemas);
  return {
    ...service,
    async open({ config, logger, registry, tracer, parts, member }) {
      const { lanes, topicPrefix: prefix, leaseTtlMs } = config;
      const url = config.commandApiUrl ?? commandUrl(config);
      const clientOf = ({ name: user, roles }: Pick<AnyClock, 'name' | 'roles'>) =>
        commandClient(url, serviceAuthorization(config, { user, roles }));
      const db = parts.client.db(parts.database, { readPreference: 'primary' });
      const partsOf = (one: Pick<AnyClock, 'name' | 'roles'>) =>
        reactorParts({ db, commands: clientOf(one), logger, log: parts.log, prefix });
      const topics = new Set(reactors.map(({ topic }) => topicName(prefix, topic)));
      await parts.log.checkTopics([...topics], { lanes });
      return startReactors({
        ...parts,
        reactors: reactors.map((reactor) => ({
          reactor,
          commands: reactor.sends?.(partsOf(reactor)) ?? clientOf(reactor),
        })),
        clocks: clocks.map((clock) => ({ clock, commands: clientOf(clock) })),
        workers: workers.map((worker) => ({ worker, parts: partsOf(worker) })),
        codec: await openCodec({ ...parts.codecOptions, schemas }),
        ...{ lanes, prefix, leaseTtlMs, registry, logger },
        ...{ member, tracer },
      });
    },
  };
}
