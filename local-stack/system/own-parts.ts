import type { Progress } from '../base/progress.ts';
import { isFetched } from '../parts/jvm/maven.ts';
import { type Stack, type StackOptions, startStack } from '../parts/stack.ts';
import { checkDisk, checkJava, checkMaven, checkPorts, type WantedPort } from './checks.ts';
import type { DataDir } from './data-dir.ts';
import type { LocalConfig } from './settings.ts';
import type { Supervisor } from './supervisor.ts';

/** How many of each part are started, one by default, and how brokers get on together. */
export type Copies = Pick<StackOptions, 'brokers' | 'mongods' | 'kafkaProperties'>;

/** The ports of the parts whose address is not set: these are started here. */
export function partPorts(config: LocalConfig): WantedPort[] {
  const { kafkaPort, schemaRegistryPort, mongoPort } = config;
  const kafka = { port: kafkaPort, setting: 'KAFKA_PORT', use: 'Kafka' };
  const registry = {
    port: schemaRegistryPort,
    setting: 'SCHEMA_REGISTRY_PORT',
    use: 'the schema registry',
  };
  const mongo = { port: mongoPort, setting: 'MONGO_PORT', use: 'mongod' };
  return [
    config.kafkaBrokers ? [] : kafka,
    config.schemaRegistryUrl ? [] : registry,
    config.mongoUrl ? [] : mongo,
  ].flat();
}

/** Takes the data folder after all checks have passed, so that a refusal changes nothing. */
export async function takeDataDir(
  config: LocalConfig,
  dataDir: DataDir,
  ports: WantedPort[],
  say: (line: string) => void,
): Promise<void> {
  await checkDisk(dataDir.path);
  if (!config.kafkaBrokers || !config.schemaRegistryUrl) await checkJava();
  const complete =
    (config.kafkaBrokers || (await isFetched('kafka'))) &&
    (config.schemaRegistryUrl || (await isFetched('schema-registry')));
  if (!complete) await checkMaven();
  await dataDir.take();
  // So did earlier releases make it; but whoever made it otherwise chose its mode.
  if (await dataDir.isOpenToOthers()) {
    say(`Others on this machine may look into ${dataDir.path}: chmod 700 it, unless that is meant`);
  }
  const orphans = await dataDir.endOrphans();
  if (orphans.length > 0) say(`Stopped what an earlier start left running: ${orphans.join(', ')}`);
  await checkPorts(ports);
}

/** Starts the parts whose address is not set; the supervisor watches them. */
export function startParts(
  config: LocalConfig,
  dataDir: DataDir,
  supervisor: Supervisor,
  progress: Progress,
  copies: Copies = {},
): Promise<Stack> {
  return startStack({
    ...copies,
    dataDir: dataDir.path,
    ports: {
      kafka: config.kafkaPort,
      schemaRegistry: config.schemaRegistryPort,
      mongo: config.mongoPort,
    },
    elsewhere: {
      kafka: config.kafkaBrokers,
      schemaRegistry: config.schemaRegistryUrl,
      mongo: config.mongoUrl,
    },
    step: progress.step,
    onProcess: supervisor.watch,
  });
}
