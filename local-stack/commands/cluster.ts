import { join } from 'node:path';
import { type Config, settings } from '#schemas/config.ts';
import { repositoryDir } from '../base/cache.ts';
import { Problem } from '../base/problem.ts';
import { DataDir } from '../system/data-dir.ts';
import { forgetData } from '../system/forget-data.ts';
import { type RunningSystem, runSystem, type System } from '../system/run-system.ts';
import { localUrl } from '../system/service.ts';
import { localSettings } from '../system/settings.ts';
import { copiesOf, servicesOf } from './services.ts';
import { demoOf } from './start/demo.ts';

/** The topology of `compose.cluster.yml`. */
export const topology = { brokers: 3, mongods: 3, ofEachService: 2 } as const;

/** Two of three brokers have an event before it counts. */
export const copies = { REPLICATION: '3', MIN_IN_SYNC_REPLICAS: '2' };

/**
 * As long as in Kafka's defaults, or longer: brokers that wait for the only processors are not to
 * take each other for dead.
 */
const patience = {
  'broker.session.timeout.ms': '9000',
  'controller.quorum.fetch.timeout.ms': '3000',
};

/** Compiled code is kept: ten programs that compile at once are slow to start. */
const compiled = { NODE_COMPILE_CACHE: join(repositoryDir, '.cache', 'compiled') };

/** The folders of a cluster's data within DATA_DIR: it isn't that of `npm start`. */
export const clusterFolder = 'cluster';
export const loadFolder = 'cluster-load';

/** Starts three brokers, three mongods, the registry and two of each service, until Ctrl-C. */
export async function runCluster(): Promise<void> {
  const config = await clusterSettings(clusterFolder);
  await runSystem({ ...(await clusterOf(config)), ...demoOf(config) });
}

/** The same for the sake of some work, from an empty log, with any number of requests a user. */
export async function runClusterFor(
  work: (running: RunningSystem) => Promise<number>,
): Promise<void> {
  const config = await clusterSettings(loadFolder);
  await forgetData(new DataDir(config.dataDir));
  const { env, ...cluster } = await clusterOf(config);
  const noLimits = { RATE_LIMIT_PER_USER: '0', RATE_LIMIT_PER_ADDRESS: '0' };
  await runSystem({
    ...cluster,
    env: { ...env, ...noLimits },
    demoUsers: [],
    tour: async () => [],
    work,
  });
}

async function clusterSettings(folder: string): Promise<Config> {
  const config = await localSettings(settings);
  const elsewhere = Object.entries({
    KAFKA_BROKERS: config.kafkaBrokers,
    SCHEMA_REGISTRY_URL: config.schemaRegistryUrl,
    MONGO_URL: config.mongoUrl,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (elsewhere.length > 0) {
    throw new Problem(`The cluster has parts of its own: unset ${elsewhere.join(', ')}`);
  }
  return { ...config, dataDir: join(config.dataDir, folder) };
}

type Cluster = Required<Pick<System, 'config' | 'services' | 'deploy' | 'env' | 'copies'>>;

async function clusterOf(config: Config): Promise<Cluster> {
  return {
    config,
    services: await copiesOf(servicesOf(config), topology.ofEachService),
    deploy: 'schemas/deploy.ts',
    env: { ...copies, ...compiled, COMMAND_API_URL: localUrl(config.commandApiPort) },
    copies: { brokers: topology.brokers, mongods: topology.mongods, kafkaProperties: patience },
  };
}
