import { join } from 'node:path';
import type { Config } from '#schemas/config.ts';
import { repositoryDir } from './cache.ts';
import type { WantedPort } from './checks.ts';
import type { DataDir } from './data-dir.ts';
import type { Endpoints } from './endpoints.ts';
import { ManagedProcess } from './process.ts';

type Service = { name: string; setting: string; port: (config: Config) => number };

/** In the order in which they are named to the user. */
const services: Service[] = [
  { name: 'command-api', setting: 'COMMAND_API_PORT', port: (config) => config.commandApiPort },
  { name: 'projectors', setting: 'PROJECTORS_PORT', port: (config) => config.projectorsPort },
  { name: 'reactors', setting: 'REACTORS_PORT', port: (config) => config.reactorsPort },
  { name: 'query-api', setting: 'QUERY_API_PORT', port: (config) => config.queryApiPort },
];

export const servicePorts = (config: Config): WantedPort[] =>
  services.map(({ name, setting, port }) => ({ port: port(config), setting, use: name }));

/**
 * glibc would keep what read buffers leave behind: a node that has read a long log would take a
 * third more memory for ever.
 */
export const givesMemoryBack = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/** The user's environment, and every address and secret that was settled since. */
export function serviceEnv(
  config: Config,
  { kafka, schemaRegistry, mongo }: Endpoints,
  secret: string | undefined,
): NodeJS.ProcessEnv {
  return {
    ...givesMemoryBack,
    ...process.env,
    KAFKA_BROKERS: kafka,
    SCHEMA_REGISTRY_URL: schemaRegistry,
    MONGO_URL: mongo,
    DATA_DIR: config.dataDir,
    COMMAND_API_PORT: String(config.commandApiPort),
    PROJECTORS_PORT: String(config.projectorsPort),
    REACTORS_PORT: String(config.reactorsPort),
    QUERY_API_PORT: String(config.queryApiPort),
    COMMAND_API_URL: config.commandApiUrl ?? localUrl(config.commandApiPort),
    ...(secret ? { AUTH_SECRET: secret } : {}),
  };
}

export const localUrl = (port: number): string => `http://127.0.0.1:${port}`;

export function serviceProcesses(
  config: Config,
  env: NodeJS.ProcessEnv,
  dataDir: DataDir,
): ManagedProcess[] {
  return services.map(({ name, port }) => {
    const url = localUrl(port(config));
    return new ManagedProcess({
      name,
      url,
      command: process.execPath,
      // The last argument is for us: it tells whose process this is after a crash.
      args: [join(name, 'main.ts'), `--data-dir=${dataDir.path}`],
      env,
      cwd: repositoryDir,
      logFile: dataDir.file('logs', `${name}.log`),
      ready: () => isReady(url),
      readyTimeoutMs: 300_000, // It may have a long log to catch up with.
      stopTimeoutMs: 15_000,
    });
  });
}

const isReady = async (url: string) =>
  (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;
