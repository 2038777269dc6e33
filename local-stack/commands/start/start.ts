import { settings } from '#schemas/config.ts';
import { endInFailure } from '../../base/problem.ts';
import { runSystem } from '../../system/run-system.ts';
import { localUrl } from '../../system/service.ts';
import { localSettings } from '../../system/settings.ts';
import { servicesOf } from '../services.ts';
import { demoOf } from './demo.ts';

/** `npm start`: starts the parts and services, imports the catalogue, watches until Ctrl-C. */
async function main(): Promise<void> {
  const config = await localSettings(settings);
  await runSystem({
    config,
    services: servicesOf(config),
    deploy: 'schemas/deploy.ts',
    env: {
      COMMAND_API_URL: config.commandApiUrl ?? localUrl(config.commandApiPort),
      NODE_URL: config.nodeUrl ?? localUrl(config.commandApiOperationsPort),
    },
    ...demoOf(config),
  });
}

await main().catch(endInFailure);
