import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { openLog } from '#kernel/log/kafka-log.ts';
import { deploySchemas, deployTopics } from '#kernel/schemas/deploy.ts';
import { Progress } from '#local-stack/base/progress.ts';
import { givesMemoryBack } from '#local-stack/system/service.ts';
import { schemas } from '#schemas/load.ts';
import { startOwnStack } from '#tests/own-stack.ts';

/** A Kafka, registry and MongoDB for one benchmark, and the services that it starts on them. */
export type Rig = {
  /** The settings that every service runs with. */
  settings: Settings;
  /** Settings that make a process write a CPU profile, if `--profile` was given. */
  profiled: Settings;
  /** Process ids. */
  stores: { kafka: number; mongod: number };
  /** Where the parts keep their data until the end. */
  dataDir: string;
  /** Creates topics and registers schemas under a prefix. */
  deploy(topicPrefix: string): Promise<void>;
  /** Runs a program until it ends by itself. @returns its standard output. */
  run(program: string, args?: string[], more?: More): Promise<string>;
  /** Starts a service and waits until it is ready, unless it gets no time for that. */
  start(program: string, more?: More, readyWithinMs?: number): Promise<Server>;
  stop(): Promise<void>;
};

export type Server = Urls & { pid: number; end(): Promise<void> };
/** Where a server is measured; the programs that we compare with have one address for all. */
type Urls = { url: string; operationsUrl: string };
type Settings = Record<string, string>;
/** A setting that is undefined keeps its default. */
type More = Record<string, string | undefined>;

const root = join(import.meta.dirname, '..');
/** As many as the services have by default. */
export const lanes = Number(process.env.LANES ?? 12);
/** Both compilers of the JVM, and a larger cache: the usual flags favour a quick start. */
const asInProduction = { kafkaFlags: ['-XX:TieredStopAtLevel=4'], mongodCacheGb: 1 };
const readyWithinMs = 30_000;

export const progress = new Progress();

/** @param profile a folder for the CPU profiles of processes that are started as `profiled`. */
export async function startRig({ profile }: { profile?: string }): Promise<Rig> {
  const stack = await progress.step('Start Kafka, registry, MongoDB', () =>
    startOwnStack(asInProduction),
  );
  const { kafka, schemaRegistry: registryUrl, mongo } = stack.endpoints;
  const settings: Settings = {
    PATH: process.env.PATH ?? '',
    ...givesMemoryBack,
    KAFKA_BROKERS: kafka,
    SCHEMA_REGISTRY_URL: registryUrl,
    MONGO_URL: mongo,
    AUTH_SECRET: randomUUID() + randomUUID(),
    MASTER_KEY: randomBytes(32).toString('base64'),
    LANES: String(lanes),
    COMMAND_API_PORT: '0',
    COMMAND_API_OPERATIONS_PORT: '0',
    QUERY_API_PORT: '0',
    QUERY_API_OPERATIONS_PORT: '0',
    PROJECTORS_PORT: '0',
    SHUTDOWN_DELAY_MS: '0',
    // One user sends what many would. Counting stays part of the measured work.
    RATE_LIMIT_PER_USER: '999999999',
    RATE_LIMIT_PER_ADDRESS: '999999999',
  };
  const servers = new Set<Server>();
  const spawned = spawning(settings);
  return {
    settings,
    profiled: profile ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profile}` } : {},
    stores: { kafka: stack.brokers[0]!.pid!, mongod: stack.mongods[0]!.pid! },
    dataDir: stack.dataDir,
    deploy: (topicPrefix) => deploy({ kafka, registryUrl, topicPrefix }),
    async run(program, args = [], more = {}) {
      const child = spawned(program, args, more);
      const output: Buffer[] = [];
      child.stdout.on('data', (some: Buffer) => output.push(some));
      const [code] = (await once(child, 'close')) as [number | null];
      if (code !== 0) throw new Error(`${program} ended with ${code}.`);
      return Buffer.concat(output).toString();
    },
    async start(program, more = {}, withinMs = readyWithinMs) {
      const child = spawned(program, [], more);
      const ended = once(child, 'exit');
      const end = async () => {
        child.kill();
        await ended;
        servers.delete(server);
      };
      const server = { ...(await urlsOf(child)), pid: child.pid!, end };
      servers.add(server);
      if (withinMs > 0) await untilReady(server.url, withinMs);
      return server;
    },
    async stop() {
      await Promise.all([...servers].map((server) => server.end()));
      await stack.stop();
    },
  };
}

/** Starts programs. None of them goes on after Ctrl-C, or an error while something starts. */
function spawning(settings: Settings) {
  const children = new Set<ChildProcess>();
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
  return (program: string, args: string[], more: More) => {
    const child = spawn(process.execPath, [resolve(root, program), ...args], {
      cwd: root,
      env: { ...settings, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
}

type Deployment = { kafka: string; registryUrl: string; topicPrefix: string };

async function deploy({ kafka, registryUrl, topicPrefix }: Deployment): Promise<void> {
  const log = openLog({ brokers: kafka.split(','), clientId: 'bench' });
  try {
    await deployTopics(log, schemas, { lanes, replication: 1, minInSyncReplicas: 1, topicPrefix });
  } finally {
    await log.close();
  }
  await deploySchemas({ registryUrl, topicPrefix, schemas: schemas.eventSchemas });
}

/** The addresses that a service listens on, from its log of JSON lines. */
async function urlsOf(child: ChildProcess): Promise<Urls> {
  const output = child.stdout as NonNullable<ChildProcess['stdout']>;
  for await (const line of createInterface(output)) {
    const { url, operationsUrl = url } = JSON.parse(line) as Partial<Urls>;
    if (!url || !operationsUrl) continue;
    output.resume();
    return { url, operationsUrl };
  }
  throw new Error('A service ended before it listened.');
}

async function untilReady(url: string, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  while ((await fetch(`${url}/readyz`).catch(() => null))?.status !== 200) {
    if (Date.now() > until) throw new Error(`${url} was not ready within ${withinMs} ms.`);
    await pause(50);
  }
}
