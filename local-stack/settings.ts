import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, settings } from '#schemas/config.ts';
import { repositoryDir } from './cache.ts';
import { freePort } from './ports.ts';
import { messageOf, Problem } from './problem.ts';

/** The settings of a local start: `.env` is read, relative paths and free ports are settled. */
export async function localSettings(): Promise<Config> {
  const dotenv = join(repositoryDir, '.env');
  if (existsSync(dotenv)) process.loadEnvFile(dotenv);
  const config = read();
  const port = async (wanted: number) => wanted || freePort();
  return {
    ...config,
    dataDir: resolve(repositoryDir, config.dataDir),
    moviesCsv: resolve(repositoryDir, config.moviesCsv),
    kafkaPort: await port(config.kafkaPort),
    schemaRegistryPort: await port(config.schemaRegistryPort),
    mongoPort: await port(config.mongoPort),
    commandApiPort: await port(config.commandApiPort),
    projectorsPort: await port(config.projectorsPort),
    reactorsPort: await port(config.reactorsPort),
    queryApiPort: await port(config.queryApiPort),
  };
}

function read(): Config {
  try {
    return settings.read(process.env);
  } catch (error) {
    throw new Problem(messageOf(error));
  }
}
