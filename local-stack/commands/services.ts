import type { Config } from '#schemas/config.ts';
import { freePort } from '../base/ports.ts';
import { localUrl, portsEnv, type Service } from '../system/service.ts';

/** The services of this system, in the order in which they are named to the user. */
export const servicesOf = (config: Config): Service[] => [
  {
    ...service('command-api', 'COMMAND_API_PORT', config.commandApiPort),
    operations: { port: config.commandApiOperationsPort, setting: 'COMMAND_API_OPERATIONS_PORT' },
  },
  service('projectors', 'PROJECTORS_PORT', config.projectorsPort),
  service('reactors', 'REACTORS_PORT', config.reactorsPort),
  service('replay-worker', 'REPLAY_WORKER_PORT', config.replayWorkerPort),
  {
    ...service('query-api', 'QUERY_API_PORT', config.queryApiPort),
    operations: { port: config.queryApiOperationsPort, setting: 'QUERY_API_OPERATIONS_PORT' },
  },
];

const service = (name: string, setting: string, port: number): Service => ({
  name,
  program: `${name}/main.ts`,
  setting,
  port,
});

/**
 * So many of each service. The first of each has the ports of the settings, the others have free
 * ones. The first query-api and the first reactors know the first command-api, and so on.
 */
export async function copiesOf(services: readonly Service[], count: number): Promise<Service[]> {
  const sets = Array.from({ length: count }, (_, index) => copy(services, index));
  return (await Promise.all(sets)).flat();
}

async function copy(services: readonly Service[], index: number): Promise<Service[]> {
  const placed = await Promise.all(
    services.map(async ({ operations, ...service }) => ({
      ...service,
      name: `${service.name}-${index + 1}`,
      port: index === 0 ? service.port : await freePort(),
      ...(operations && {
        operations: index === 0 ? operations : { ...operations, port: await freePort() },
      }),
    })),
  );
  const env = portsEnv(placed);
  const addresses = {
    COMMAND_API_URL: localUrl(Number(env.COMMAND_API_PORT)),
    NODE_URL: localUrl(Number(env.COMMAND_API_OPERATIONS_PORT)),
  };
  return placed.map((service, at) => ({
    ...{ ...service, env: { ...env, ...addresses } },
    // One at a time: ten programs that start at once keep the registry and the brokers from
    // answering any of them in time.
    wave: index * placed.length + at,
    // Brokers without processor time take each other for dead: the services let them go first.
    niceness: 5,
  }));
}
