import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePorts } from '../base/ports.ts';
import type { ManagedProcess } from '../base/process.ts';
import type { Step } from '../base/progress.ts';
import type { Endpoints } from './endpoints.ts';
import { type Door, kafkaBrokers, kafkaProgram } from './kafka/kafka.ts';
import { joinReplicaSet, type MongodDoor, mongods, mongoUrl } from './mongod/mongod.ts';
import { mongodBinary } from './mongod/mongod-binary.ts';
import { registryProgram, schemaRegistry } from './schema-registry/schema-registry.ts';

export type StackOptions = {
  dataDir: string;
  /** Three brokers mean replication 3 and two in-sync replicas at least. */
  brokers?: 1 | 3;
  mongods?: 1 | 3;
  door?: Door;
  mongodDoor?: MongodDoor;
  /** Flags of Kafka's JVM; they come last, and so override the usual ones. */
  kafkaFlags?: string[];
  /** Levels of Kafka's features that aren't the newest, such as `transaction.version=1`. */
  kafkaFeatures?: string[];
  /** Settings of the brokers in place of the usual ones. */
  kafkaProperties?: Record<string, string>;
  /** 0.25 by default: enough for a developer's machine. */
  mongodCacheGb?: number;
  /** A part whose port is missing or 0 gets a free one. */
  ports?: { kafka?: number; schemaRegistry?: number; mongo?: number };
  /** Addresses of parts that run elsewhere, and are not started here. */
  elsewhere?: { [K in keyof Endpoints]?: Endpoints[K] | undefined };
  /** Wraps each step of the start, to show it; by default nothing is shown. */
  step?: Step;
  /** Called with each process just before it starts. */
  onProcess?: (process: ManagedProcess) => void;
};

export type Stack = {
  endpoints: Endpoints;
  /** Where all parts keep their data. */
  dataDir: string;
  /** Handles for fault tests: `kill()` is kill -9, `start()` starts again on the same data. */
  brokers: ManagedProcess[];
  mongods: ManagedProcess[];
  registry: ManagedProcess | undefined;
  /** Every process, in the order in which to stop them. */
  processes: ManagedProcess[];
  stop(): Promise<void>;
};

const silently: Step = (_title, work) => work();

/** Fetches what is missing, then starts Kafka, the schema registry and mongod side by side. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const given = options.elsewhere ?? {};
  const context = {
    ...options,
    dataDir: resolve(options.dataDir),
    logDir: join(resolve(options.dataDir), 'logs'),
    step: options.step ?? silently,
    started: [] as ManagedProcess[],
  };
  await mkdir(context.logDir, { recursive: true });
  const outcomes = await Promise.allSettled([
    given.kafka === undefined ? startKafka(context) : [],
    given.schemaRegistry === undefined ? startRegistry(context) : undefined,
    given.mongo === undefined ? startMongods(context) : { nodes: [], url: given.mongo },
  ]);
  const [kafka, registry, mongo] = outcomes;
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (kafka.status !== 'fulfilled' || registry.status !== 'fulfilled' || failed) {
    await Promise.all(context.started.map((process) => process.stop()));
    throw failed?.reason;
  }
  if (mongo.status !== 'fulfilled') throw mongo.reason;
  const brokers = kafka.value;
  const processes = [registry.value ?? [], brokers, mongo.value.nodes].flat();
  return {
    endpoints: {
      kafka: given.kafka ?? brokers.map(({ url }) => url).join(','),
      schemaRegistry: given.schemaRegistry ?? registry.value?.url ?? '',
      mongo: mongo.value.url,
    },
    dataDir: context.dataDir,
    brokers,
    mongods: mongo.value.nodes,
    registry: registry.value,
    processes,
    stop: async () => {
      await Promise.all(processes.map((process) => process.stop()));
    },
  };
}

type Context = StackOptions & {
  dataDir: string;
  logDir: string;
  step: Step;
  started: ManagedProcess[];
};

async function startKafka({ step, ...context }: Context): Promise<ManagedProcess[]> {
  const program = [...(await step('Fetch Kafka', kafkaProgram)), ...(context.kafkaFlags ?? [])];
  return step('Start Kafka', async () => {
    const ports = await portsFor(context.brokers ?? 1, context.ports?.kafka);
    const features = context.kafkaFeatures ?? [];
    const properties = context.kafkaProperties ?? {};
    const brokers = await kafkaBrokers(program, { ...context, features, properties, ports });
    await startAll(brokers, context);
    return brokers;
  });
}

async function startRegistry({ step, ...context }: Context): Promise<ManagedProcess> {
  const program = await step('Fetch the schema registry', registryProgram);
  return step('Start the schema registry', async () => {
    const [port] = await portsFor(1, context.ports?.schemaRegistry);
    const registry = await schemaRegistry(program, { ...context, port: port! });
    await startAll([registry], context);
    return registry;
  });
}

async function startMongods({ step, ...context }: Context) {
  const binary = await step('Fetch mongod', mongodBinary);
  return step('Start mongod', async () => {
    const ports = await portsFor(context.mongods ?? 1, context.ports?.mongo);
    const nodes = await mongods(binary, { ...context, ports });
    await startAll(nodes, context);
    await joinReplicaSet(ports, context.mongodDoor);
    return { nodes, url: mongoUrl(ports, context.mongodDoor) };
  });
}

/** The given port for the first process, free ports for the others. */
async function portsFor(count: number, first: number | undefined): Promise<number[]> {
  return first ? [first, ...(await freePorts(count - 1))] : freePorts(count);
}

async function startAll(
  processes: ManagedProcess[],
  { started, onProcess }: Pick<Context, 'started' | 'onProcess'>,
): Promise<void> {
  started.push(...processes);
  for (const process of processes) onProcess?.(process);
  await Promise.all(processes.map((process) => process.start()));
}
