import { type Config as OwnConfig, settings } from '#schemas/config.ts';
import { eventFilters } from '#schemas/event-filters.ts';
import { schemas } from '#schemas/load.ts';
import { commands } from '../command-api/commands.ts';
import { people } from '../command-api/people.ts';
import { projections } from '../projectors/projections.ts';
import type { ReplayApplication } from './tool/application.ts';

/** The movie system, as the replay tool sees it. Another system is named by REPLAY_APPLICATION. */
export const application: ReplayApplication = {
  ...{ settings, schemas, commands, people, projections },
  filters: eventFilters,
  worker: {
    view: 'jobs',
    port: (config) => (config as OwnConfig).replayWorkerPort,
    commandUrl: (config) => `http://127.0.0.1:${(config as OwnConfig).commandApiPort}`,
  },
};
