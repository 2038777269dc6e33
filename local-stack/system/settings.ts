import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config, Settings } from '#kernel/config.ts';
import { repositoryDir } from '../base/cache.ts';
import { freePort, reserve } from '../base/ports.ts';
import { messageOf, Problem } from '../base/problem.ts';

/**
 * What the local stack reads of an application's settings: the common ones, and the ports of the
 * three parts, which the application defines as KAFKA_PORT, SCHEMA_REGISTRY_PORT and MONGO_PORT.
 */
export type LocalConfig = Config & {
  kafkaPort: number;
  schemaRegistryPort: number;
  mongoPort: number;
};

/**
 * The settings of a local start: reads `.env`, makes DATA_DIR absolute, and finds a free port for
 * each setting of that kind (`…_PORT`) that is 0. No part gets a port that another one is set to.
 * @throws Problem when a setting is wrong.
 */
export async function localSettings<C extends LocalConfig>(settings: Settings<C>): Promise<C> {
  const dotenv = join(repositoryDir, '.env');
  if (existsSync(dotenv)) process.loadEnvFile(dotenv);
  const config = read(settings);
  const ports = Object.entries(config).filter(([name]) => /Port$/.test(name));
  reserve(ports.map(([, port]) => Number(port)));
  const unset = ports.filter(([, port]) => port === 0);
  const found = await Promise.all(unset.map(async ([name]) => [name, await freePort()] as const));
  const dataDir = resolve(repositoryDir, config.dataDir);
  return { ...config, dataDir, ...Object.fromEntries(found) };
}

function read<C extends LocalConfig>(settings: Settings<C>): C {
  try {
    return settings.read(process.env);
  } catch (error) {
    throw new Problem(messageOf(error));
  }
}
