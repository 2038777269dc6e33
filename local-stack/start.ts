import type { Config } from '#schemas/config.ts';
import { deploy, importCatalogue, untilSeen } from './catalogue.ts';
import { DataDir } from './data-dir.ts';
import { untilStopped } from './lifetime.ts';
import { partPorts, startParts, takeDataDir } from './parts.ts';
import { messageOf } from './problem.ts';
import type { ManagedProcess } from './process.ts';
import { Progress } from './progress.ts';
import { screen } from './screen.ts';
import { localAuthSecret } from './secret.ts';
import { localUrl, serviceEnv, servicePorts, serviceProcesses } from './services.ts';
import { localSettings } from './settings.ts';
import { Supervisor } from './supervisor.ts';

/** `npm start`: the parts, the services, the catalogue; then it watches until Ctrl-C. */
async function main(): Promise<void> {
  const progress = new Progress();
  const say = (line: string) => progress.say(line);
  const config = await localSettings();
  const dataDir = new DataDir(config.dataDir);
  const supervisor = new Supervisor(dataDir, say);
  const services: ManagedProcess[] = [];
  await takeDataDir(config, dataDir, [...partPorts(config), ...servicePorts(config)], say);
  await untilStopped(
    async () => {
      const secret = await authSecret(config);
      const stack = await startParts(config, dataDir, supervisor, progress);
      const env = serviceEnv(config, stack.endpoints, secret);
      await progress.step('Create topics and register schemas', () => deploy(env));
      services.push(...serviceProcesses(config, env, dataDir));
      await startServices(services, supervisor, progress);
      if (await importCatalogue(config.moviesCsv, env, dataDir, progress)) {
        await progress.step('Project the films', () => untilSeen(localUrl(config.queryApiPort)));
      }
      await supervisor.publish(stack.endpoints);
      say(await screen(config, supervisor.running, secret));
    },
    async () => {
      const parts = supervisor.processes.filter((process) => !services.includes(process));
      await progress.step('Stop', () => supervisor.stop([services, parts]));
      await dataDir.release();
      say('Stopped.');
    },
  );
}

async function authSecret(config: Config): Promise<string | undefined> {
  if (config.authSecret || config.authJwksUrl) return config.authSecret;
  return localAuthSecret(config.dataDir);
}

async function startServices(
  services: ManagedProcess[],
  supervisor: Supervisor,
  progress: Progress,
): Promise<void> {
  for (const service of services) supervisor.watch(service);
  await Promise.all(
    services.map((service) => progress.step(`Start ${service.name}`, () => service.start())),
  );
}

await main().catch((error) => {
  console.error(messageOf(error));
  process.exit(1);
});
