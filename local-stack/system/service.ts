import { repositoryDir } from '../base/cache.ts';
import { ManagedProcess } from '../base/process.ts';
import type { Endpoints } from '../parts/endpoints.ts';
import type { WantedPort } from './checks.ts';
import type { DataDir } from './data-dir.ts';
import type { LocalConfig } from './settings.ts';

/** A service of the application: a Node program that answers `/readyz` on its port. */
export type Service = {
  name: string;
  /** Its TypeScript file, as seen from the repository's root. */
  program: string;
  port: number;
  /** The environment variable that tells it this port, such as QUERY_API_PORT. */
  setting: string;
  /** Its other port, for the people who run it, if it has one. */
  operations?: { port: number; setting: string };
  /** Environment variables of its own, beyond those of the system. */
  env?: NodeJS.ProcessEnv;
  /** It starts once the services of all lower waves are ready; 0 by default. */
  wave?: number;
  /** How far it lets others go first, from 0 to 19; 0 by default. */
  niceness?: number;
};

export const servicePorts = (services: readonly Service[]): WantedPort[] =>
  services.flatMap(({ name, setting, port, operations }) => {
    const own = { port, setting, use: name };
    // One port may serve both.
    if (!operations || operations.port === port) return [own];
    return [own, { ...operations, use: `the operations of ${name}` }];
  });

/** The settings that tell services their ports. */
export const portsEnv = (services: readonly Service[]): NodeJS.ProcessEnv =>
  Object.fromEntries(
    services
      .flatMap((service) => [service, ...(service.operations ? [service.operations] : [])])
      .map(({ setting, port }) => [setting, String(port)]),
  );

/**
 * By default, glibc keeps the memory of freed read buffers: a node that has read a long log would
 * take a third more memory for ever.
 */
export const givesMemoryBack = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/** The user's environment, with the addresses, ports and secret that the start has settled. */
export function serviceEnv(
  config: LocalConfig,
  services: readonly Service[],
  { kafka, schemaRegistry, mongo }: Endpoints,
  secret: string | undefined,
): NodeJS.ProcessEnv {
  const settled = {
    KAFKA_BROKERS: kafka,
    SCHEMA_REGISTRY_URL: schemaRegistry,
    MONGO_URL: mongo,
    DATA_DIR: config.dataDir,
    ...portsEnv(services),
    ...(secret ? { AUTH_SECRET: secret } : {}),
  };
  // The start has read the files that are named; a setting must not be given twice.
  const files = Object.keys(settled).map((name) => [`${name}_FILE`, undefined] as const);
  return {
    ...givesMemoryBack,
    // No load balancer has to notice that a service on this machine stops.
    SHUTDOWN_DELAY_MS: '0',
    ...process.env,
    ...Object.fromEntries(files),
    ...settled,
  };
}

export const localUrl = (port: number): string => `http://127.0.0.1:${port}`;

/** A service as a process, its log in DATA_DIR/logs. */
export function serviceProcess(
  { name, program, port, niceness, env: own }: Service,
  env: NodeJS.ProcessEnv,
  dataDir: DataDir,
): ManagedProcess {
  const url = localUrl(port);
  return new ManagedProcess({
    name,
    url,
    command: process.execPath,
    // The service ignores the last argument. After a crash it tells which data folder's process
    // this is.
    args: [program, `--data-dir=${dataDir.path}`],
    env: { ...env, ...own },
    cwd: repositoryDir,
    niceness,
    logFile: dataDir.file('logs', `${name}.log`),
    ready: () => isReady(url),
    readyTimeoutMs: 300_000, // It may have a long log to catch up with.
    stopTimeoutMs: 15_000,
  });
}

const isReady = async (url: string) =>
  (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;
