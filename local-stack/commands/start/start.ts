import { resolve } from 'node:path';
import { type Config, settings } from '#schemas/config.ts';
import type { RoleName } from '#schemas/roles.ts';
import { repositoryDir } from '../../base/cache.ts';
import { endInFailure } from '../../base/problem.ts';
import { runSystem } from '../../system/run-system.ts';
import { localUrl, type Service } from '../../system/service.ts';
import { localSettings } from '../../system/settings.ts';
import { importCatalogue, untilSeen } from './catalogue.ts';
import { prepareConsole } from './console.ts';
import { runnerUp, tour } from './tour.ts';

const demoUsers: { user: string; roles: RoleName[] }[] = [
  { user: 'alice', roles: ['viewer'] },
  { user: 'sam', roles: ['support', 'viewer'] },
  { user: 'carol', roles: ['catalogue'] },
  { user: 'olga', roles: ['operator'] },
];

const servicesOf = (config: Config): Service[] => [
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

/** `npm start`: starts the parts and services, imports the catalogue, watches until Ctrl-C. */
async function main(): Promise<void> {
  const config = await localSettings(settings);
  const csv = resolve(repositoryDir, config.moviesCsv);
  await runSystem({
    config,
    services: servicesOf(config),
    deploy: 'schemas/deploy.ts',
    env: {
      COMMAND_API_URL: config.commandApiUrl ?? localUrl(config.commandApiPort),
      NODE_URL: config.nodeUrl ?? localUrl(config.commandApiOperationsPort),
    },
    prepare: ({ progress, sign }) => prepareConsole(demoUsers, progress, sign),
    fill: async ({ env, dataDir, progress }) => {
      if (!(await importCatalogue(csv, env, dataDir, progress))) return;
      await progress.step('Project the films', () => untilSeen(localUrl(config.queryApiPort)));
    },
    demoUsers,
    page: `${localUrl(config.queryApiPort)}/`,
    tour: async () => tour(config, await runnerUp(config)),
  });
}

await main().catch(endInFailure);
