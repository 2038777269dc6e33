import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { signToken } from '#kernel/auth/tokens.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { deploySchemas, deployTopics } from '#kernel/schemas/deploy.ts';
import type { Schemas } from '#kernel/schemas/load-schemas.ts';
import { until } from '#kernel/testing/until.ts';
import type { RoleName } from '#schemas/roles.ts';

/** The services as processes on the shared parts, with topics and a database of their own. */

export type ServiceName = 'command-api' | 'projectors' | 'query-api' | 'reactors' | 'replay-worker';

export type System = {
  /** The environment that all services of this system run with. */
  settings: Record<string, string>;
  /**
   * Starts a service and resolves once it is ready to serve.
   * @param from the folder of another release of the code.
   */
  start(name: ServiceName, more?: Record<string, string>, from?: string): Promise<Service>;
  /** Starts a service that may not become ready: resolves once it listens. */
  spawn(name: ServiceName, more?: Record<string, string>, from?: string): Promise<Service>;
  /** A bearer header. */
  as(user: string, ...roles: RoleName[]): Promise<{ authorization: string }>;
  stop(): Promise<void>;
};

export type Service = {
  name: ServiceName;
  url: string;
  /** Where it shows metrics and the details of `/readyz`. */
  operationsUrl: string;
  pid: number;
  /** The service's own settings, beyond those of the system. */
  more: Record<string, string>;
  /** Sends the signal and waits for the end. @returns the exit code, null after a kill. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
};

const ownRoot = join(import.meta.dirname, '..');
const lanes = 3;

/** A cache of compiled code, with which processes that tests start are up in half the time. */
export const compiled = { NODE_COMPILE_CACHE: join(ownRoot, '.cache', 'compiled') };

const alive = new Set<ChildProcess>();
const endAll = () => {
  for (const child of alive) child.kill('SIGKILL');
};
// An interrupted test run leaves no service running.
for (const end of ['exit', 'disconnect', 'SIGTERM']) process.on(end, endAll);

export type SystemOptions = {
  replication?: 1 | 3;
  /** Settings of all services; they don't apply when topics and schemas are deployed. */
  settings?: Record<string, string>;
  /** The folder that has the services and their schemas: this repository, or a copy of it. */
  root?: string;
  /** Makes topics and schemas; by default without a login. */
  deploy?: (settings: Record<string, string>) => Promise<void>;
};

/** @param stack the parts to run on; by default those that all test files share. */
export async function startSystem(
  label: string,
  stack: { kafka: string; schemaRegistry: string; mongo: string } = inject('stack'),
  { replication = 1, settings: more = {}, root = ownRoot, deploy }: SystemOptions = {},
): Promise<System> {
  const id = `${label}-${randomUUID().slice(0, 8)}`;
  const secret = randomUUID() + randomUUID();
  const settings = {
    ...{ PATH: process.env.PATH ?? '', ...compiled },
    KAFKA_BROKERS: stack.kafka,
    SCHEMA_REGISTRY_URL: stack.schemaRegistry,
    MONGO_URL: stack.mongo,
    MONGO_DATABASE: id,
    TOPIC_PREFIX: `${id}.`,
    AUTH_SECRET: secret,
    MASTER_KEY: randomBytes(32).toString('base64'),
    LANES: String(lanes),
    COMMAND_API_PORT: '0',
    COMMAND_API_OPERATIONS_PORT: '0',
    QUERY_API_PORT: '0',
    QUERY_API_OPERATIONS_PORT: '0',
    PROJECTORS_PORT: '0',
    REACTORS_PORT: '0',
    REPLAY_WORKER_PORT: '0',
    // Tests send as few users what many would.
    RATE_LIMIT_PER_USER: '0',
    RATE_LIMIT_PER_ADDRESS: '0',
    SHUTDOWN_DELAY_MS: '0',
  };
  if (deploy) await deploy(settings);
  else await deployWithoutLogin(await schemasIn(root), settings, replication);
  const services = new Set<Service>();
  const spawnService: System['spawn'] = async (name, own = {}, from = root) => {
    const service = await startService(from, name, { ...settings, ...more, ...own }, own);
    services.add(service);
    return service;
  };
  return {
    settings,
    spawn: spawnService,
    async start(name, own, from) {
      const service = await spawnService(name, own, from);
      await until(() => isReady(service.url), { limitMs: 60_000 }).catch(async () => {
        const details = await fetch(`${service.operationsUrl}/readyz`).then((one) => one.text());
        throw new Error(`${name} is not ready after a minute: ${details}`);
      });
      return service;
    },
    async as(user, ...roles) {
      const token = await signToken({ user, roles, secret, ttlSeconds: 3_600 });
      return { authorization: `Bearer ${token}` };
    },
    async stop() {
      await Promise.all([...services].map((service) => service.end()));
    },
  };
}

async function schemasIn(root: string): Promise<Schemas> {
  const file = pathToFileURL(join(root, 'schemas', 'load.ts'));
  return ((await import(file.href)) as { schemas: Schemas }).schemas;
}

async function deployWithoutLogin(
  schemas: Schemas,
  settings: Record<string, string>,
  replication: 1 | 3,
): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', TOPIC_PREFIX = '' } = settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  try {
    const topic = { lanes, replication, minInSyncReplicas: replication === 1 ? 1 : 2 };
    await deployTopics(log, schemas, { topicPrefix: TOPIC_PREFIX, ...topic });
  } finally {
    await log.close();
  }
  await deploySchemas({
    registryUrl: SCHEMA_REGISTRY_URL,
    topicPrefix: TOPIC_PREFIX,
    schemas: schemas.eventSchemas,
  });
}

async function startService(
  root: string,
  name: ServiceName,
  env: Record<string, string>,
  more: Record<string, string>,
): Promise<Service> {
  const child = spawn(process.execPath, [join(root, name, 'main.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  alive.add(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void ended.then(() => alive.delete(child));
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  return { name, ...(await urlsOf(child)), pid: child.pid as number, more, end };
}

type Urls = Pick<Service, 'url' | 'operationsUrl'>;

/** Of its log, what it can't explain is shown too: it may not happen again. */
function urlsOf(child: ChildProcess): Promise<Urls> {
  const { promise, resolve, reject } = Promise.withResolvers<Urls>();
  const lines = createInterface(child.stdout as NonNullable<ChildProcess['stdout']>);
  lines.on('line', (line) => {
    if (line.includes('"a request failed unexpectedly"')) console.error(line);
    const { url, operationsUrl } = JSON.parse(line) as Partial<Urls>;
    if (url && operationsUrl) resolve({ url, operationsUrl });
  });
  lines.on('close', () => reject(new Error('The service ended before it listened.')));
  return promise;
}

const isReady = async (url: string) =>
  (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
