import { resolve } from 'node:path';
import type { Config } from '#schemas/config.ts';
import { repositoryDir } from '../../base/cache.ts';
import type { System } from '../../system/run-system.ts';
import { localUrl } from '../../system/service.ts';
import { importCatalogue, untilSeen } from './catalogue.ts';
import { prepareConsole } from './console.ts';
import { demoUsers } from './demo-users.ts';
import { runnerUp, tour } from './tour.ts';

type Demo = Required<Pick<System, 'prepare' | 'fill' | 'demoUsers' | 'page' | 'tour'>>;

/** What somebody finds who tries the system: the console, its users, the films and a tour. */
export function demoOf(config: Config): Demo {
  const csv = resolve(repositoryDir, config.moviesCsv);
  return {
    prepare: ({ progress, sign }) => prepareConsole(demoUsers, progress, sign),
    fill: async ({ env, dataDir, progress }) => {
      if (!(await importCatalogue(csv, env, dataDir, progress))) return;
      await progress.step('Project the films', () => untilSeen(localUrl(config.queryApiPort)));
    },
    demoUsers,
    page: `${localUrl(config.queryApiPort)}/`,
    tour: async () => tour(config, await runnerUp(config)),
  };
}
