import { repositoryDir } from '../base/cache.ts';
import type { ManagedProcess } from '../base/process.ts';
import { Progress } from '../base/progress.ts';
import { runOrFail } from '../base/run.ts';
import type { Stack } from '../parts/stack.ts';
import { DataDir } from './data-dir.ts';
import { INTERRUPTED, untilStopped } from './lifetime.ts';
import { type Copies, partPorts, startParts, takeDataDir } from './own-parts.ts';
import {
  type DemoUser,
  readyScreen,
  runningLines,
  type Sign,
  signWith,
  type TourStop,
} from './screen.ts';
import { localAuthSecret, localMasterKey } from './secret.ts';
import { type Service, serviceEnv, servicePorts, serviceProcess } from './service.ts';
import type { LocalConfig } from './settings.ts';
import { Supervisor } from './supervisor.ts';

/** An application that runs on the local stack. */
export type System = {
  /** Its settings, from `localSettings`. */
  config: LocalConfig;
  /** In the order in which they are named to the user. */
  services: readonly Service[];
  /** The program that creates the topics and registers the schemas, before any service starts. */
  deploy: string;
  /** Environment variables of its programs beyond those of `serviceEnv`. */
  env?: NodeJS.ProcessEnv;
  /** Work to do before any service starts. @returns further environment variables. */
  prepare?: (local: { progress: Progress; sign: Sign }) => Promise<NodeJS.ProcessEnv>;
  /** Work to do once all services are ready, such as an import into an empty log. */
  fill?: (local: { env: NodeJS.ProcessEnv; dataDir: DataDir; progress: Progress }) => Promise<void>;
  /** Each gets a token, which is printed. */
  demoUsers: readonly DemoUser[];
  /** The address of a page for people, if the application has one: it is named first. */
  page?: string;
  /** What the user may paste into a shell. */
  tour: () => Promise<TourStop[]>;
  copies?: Copies;
  /**
   * Work for whose sake the system is started: it ends with the work, without a tour.
   * @returns the exit code.
   */
  work?: (running: RunningSystem) => Promise<number>;
};

/** A system that runs, for programs that put it to the test. */
export type RunningSystem = {
  stack: Stack;
  /** The processes of the services, in the order of the services. */
  services: readonly ManagedProcess[];
  env: NodeJS.ProcessEnv;
  sign: Sign;
  supervisor: Supervisor;
  progress: Progress;
};

/**
 * Starts the parts and the services, prints what runs where, and watches it until Ctrl-C.
 *
 * @example
 * ```ts
 * const config = await localSettings(settings);
 * await runSystem({
 *   config,
 *   services: [
 *     { name: 'shop', program: 'shop/main.ts', port: config.shopPort, setting: 'SHOP_PORT' },
 *   ],
 *   deploy: 'shop/deploy.ts',
 *   demoUsers: [{ user: 'ann', roles: ['reader'] }],
 *   tour: async () => [
 *     { shows: 'All books', lines: [`curl ${localUrl(config.shopPort)}/v1/books`] },
 *   ],
 * });
 * ```
 */
export async function runSystem(system: System): Promise<void> {
  const { config, services } = system;
  const progress = new Progress();
  const say = (line: string) => progress.say(line);
  const dataDir = new DataDir(config.dataDir);
  const supervisor = new Supervisor(dataDir, say);
  const processes: ManagedProcess[] = [];
  await takeDataDir(config, dataDir, [...partPorts(config), ...servicePorts(services)], say);
  await untilStopped(
    async () => {
      const secret = await authSecret(config);
      const stack = await startParts(config, dataDir, supervisor, progress, system.copies);
      const { endpoints } = stack;
      const sign = signWith(config, secret);
      const prepared = await system.prepare?.({ progress, sign });
      const settled = serviceEnv(config, services, endpoints, secret);
      const keys = await masterKey(config);
      const env = { ...settled, ...keys, ...system.env, ...prepared };
      await progress.step('Create topics and register schemas', () => deploy(system.deploy, env));
      processes.push(...services.map((service) => serviceProcess(service, env, dataDir)));
      await startServices(waves(services, processes), supervisor, progress);
      await system.fill?.({ env, dataDir, progress });
      await supervisor.publish(endpoints);
      const { demoUsers, page, work } = system;
      if (work) {
        say(runningLines(supervisor.running).join('\n'));
        return work({ stack, services: processes, env, sign, supervisor, progress });
      }
      const tour = await system.tour();
      say(await readyScreen({ sign, demoUsers }, supervisor.running, { page, tour }));
      return undefined;
    },
    async () => {
      const parts = supervisor.processes.filter((process) => !processes.includes(process));
      await progress.step('Stop', () => supervisor.stop([processes, parts]));
      await dataDir.release();
      say('Stopped.');
    },
    system.work ? INTERRUPTED : 0,
  );
}

async function authSecret(config: LocalConfig): Promise<string | undefined> {
  if (config.authSecret || config.authJwksUrl) return config.authSecret;
  return localAuthSecret(config.dataDir);
}

/** The environment that has the master key, unless a setting names one. */
async function masterKey({ masterKey, dataDir }: LocalConfig) {
  if (masterKey !== undefined) return {};
  return { MASTER_KEY: await localMasterKey(dataDir) };
}

async function deploy(program: string, env: NodeJS.ProcessEnv): Promise<void> {
  await runOrFail(process.execPath, [program], { env, cwd: repositoryDir });
}

/** The processes in the groups in which they start. */
function waves(services: readonly Service[], processes: ManagedProcess[]): ManagedProcess[][] {
  const waveOf = (index: number) => services[index]?.wave ?? 0;
  const groups = Map.groupBy(processes, (process) => waveOf(processes.indexOf(process)));
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

async function startServices(
  groups: ManagedProcess[][],
  supervisor: Supervisor,
  progress: Progress,
): Promise<void> {
  for (const service of groups.flat()) supervisor.watch(service);
  for (const group of groups) {
    await Promise.all(
      group.map((service) => progress.step(`Start ${service.name}`, () => service.start())),
    );
  }
}
