import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, freePorts } from '../../base/ports.ts';
import { Problem } from '../../base/problem.ts';
import { ManagedProcess } from '../../base/process.ts';
import { runOrFail } from '../../base/run.ts';
import { fastStartFlags } from '../jvm/java.ts';
import { kafkaVersion, mavenProgram } from '../jvm/maven.ts';
import { countBrokers } from './kafka-probe.ts';

const HEAP = ['-Xms64m', '-Xmx256m'];

export type KafkaOptions = {
  dataDir: string;
  logDir: string;
  ports: number[];
  door?: Door;
  /** Levels of the cluster's features that aren't the newest, such as `transaction.version=1`. */
  features?: string[];
  /** Settings of the brokers in place of the usual ones. */
  properties?: Record<string, string>;
};
type Node = { id: number; port: number; controllerPort: number; dir: string };

/** A second listener of each broker: for clients with TLS and a login, or behind a proxy. */
export type Door = {
  protocol: 'PLAINTEXT' | 'SASL_SSL';
  /** For each broker, the port it listens on and the port that its clients are told to use. */
  ports: { listen: number; advertised: number }[];
  /** Settings of this listener alone. */
  properties?: Record<string, string>;
  /** Settings of the brokers that this listener needs. */
  brokerProperties?: Record<string, string>;
  /** Passwords of users that may log in by SCRAM-SHA-512, by name. */
  users?: Record<string, string>;
};

/** Fetches Kafka and prepares its fast start; gives the JVM's arguments up to the main class. */
export async function kafkaProgram(): Promise<string[]> {
  const programDir = await mavenProgram('kafka');
  const classPath = ['-cp', join(programDir, '*')];
  const flags = await fastStartFlags(programDir, HEAP, (training, scratchDir) =>
    train([...training, ...classPath], scratchDir),
  );
  return [...flags, ...classPath];
}

/** One process per port, broker and controller in one. Formats folders that have no data yet. */
export async function kafkaBrokers(java: string[], options: KafkaOptions) {
  const controllerPorts = await freePorts(options.ports.length);
  const nodes = options.ports.map((port, index) => ({
    id: index + 1,
    port,
    controllerPort: controllerPorts[index]!,
    dir: join(options.dataDir, `kafka-${index + 1}`),
  }));
  const clusterId = await clusterIdOf(options.dataDir);
  await Promise.all(nodes.map((node) => prepare(java, node, nodes, clusterId, options)));
  return nodes.map((node) => broker(java, node, options));
}

function broker(java: string[], node: Node, { logDir, ports }: KafkaOptions): ManagedProcess {
  const name = ports.length === 1 ? 'kafka' : `kafka-${node.id}`;
  return new ManagedProcess({
    name,
    url: `127.0.0.1:${node.port}`,
    command: 'java',
    args: [...java, 'kafka.Kafka', join(node.dir, 'server.properties')],
    logFile: join(logDir, `${name}.log`),
    // A broker is of use once it knows a majority of the brokers. A single one knows itself.
    ready: async () => (await countBrokers(node.port)) > ports.length / 2,
    stopTimeoutMs: 15_000,
  });
}

/** An empty log gets a new cluster id, which tells consistency tokens of the old log apart. */
async function clusterIdOf(dataDir: string): Promise<string> {
  const file = join(dataDir, 'kafka-cluster-id');
  await mkdir(dataDir, { recursive: true });
  const id = randomBytes(16).toString('base64url');
  await writeFile(file, id, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}

async function prepare(
  java: string[],
  node: Node,
  nodes: Node[],
  clusterId: string,
  { door, features = [], properties: own = {} }: KafkaOptions,
): Promise<void> {
  await mkdir(node.dir, { recursive: true });
  const properties = join(node.dir, 'server.properties');
  const logging = join(node.dir, 'log4j2.properties');
  // Kafka takes the last value of a setting.
  const more = (door ? doorProperties(door, node) : '') + lines(own);
  await writeFile(properties, serverProperties(node, nodes) + more);
  await writeFile(logging, quietLogging);
  if (existsSync(join(node.dir, 'data', 'meta.properties'))) return refuseNewerData(node);
  await runOrFail('java', [
    ...java,
    'kafka.tools.StorageTool',
    // With `=`, since an id may begin with a dash.
    ...['format', `--cluster-id=${clusterId}`, '--config', properties, '--ignore-formatted'],
    ...features.flatMap((feature) => ['--feature', feature]),
    ...Object.entries(door?.users ?? {}).flatMap(([name, password]) => [
      ...['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`],
    ]),
  ]);
  await writeFile(madeByFile(node), await kafkaVersion());
}

const madeByFile = ({ dir }: Node) => join(dir, 'made-by-kafka');

/** Kafka reads the data of older releases, and ends with a riddle at that of newer ones. */
async function refuseNewerData(node: Node): Promise<void> {
  // Before this was noted, all data was made by 4.3.0.
  const madeBy = await readFile(madeByFile(node), 'utf8').catch(() => '4.3.0');
  const ours = await kafkaVersion();
  if (ours.localeCompare(madeBy, 'en', { numeric: true }) >= 0) return;
  throw new Problem(
    `Kafka ${madeBy} made the data in ${node.dir}, and ${ours} can't read it. Releases from 4.3 ` +
      'on can lose committed events at a restart, so we left them (docs/upgrades.md). ' +
      '`npm run reset` forgets the data.',
  );
}

export function serverProperties(node: Node, nodes: Node[]): string {
  const replication = Math.min(3, nodes.length);
  const inSync = replication > 1 ? 2 : 1;
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`);
  return `process.roles=broker,controller
node.id=${node.id}
# Static voters: the controllers' ports may then be others at each start.
controller.quorum.voters=${voters.join(',')}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${node.port}
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(node.dir, 'data')}
auto.create.topics.enable=false
default.replication.factor=${replication}
min.insync.replicas=${inSync}
offsets.topic.replication.factor=${replication}
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=${replication}
transaction.state.log.min.isr=${inSync}
transaction.state.log.num.partitions=${nodes.length === 1 ? 3 : 6}
share.coordinator.state.topic.replication.factor=${replication}
share.coordinator.state.topic.min.isr=${inSync}
# Short, so that the rest of a cluster goes on soon after a kill, and a killed broker starts soon.
broker.session.timeout.ms=${nodes.length === 1 ? 1500 : 3000}
broker.heartbeat.interval.ms=300
controller.quorum.election.timeout.ms=500
controller.quorum.fetch.timeout.ms=1500
# What is to be compacted is looked for each second.
log.cleaner.backoff.ms=1000
# Small.
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.threads=1
num.network.threads=2
num.io.threads=4
num.recovery.threads.per.data.dir=2
`;
}

const lines = (properties: Record<string, string>) =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** These lines come after the others: Kafka takes the last value of a setting. */
function doorProperties(
  { protocol, ports, properties = {}, brokerProperties = {} }: Door,
  { id, port, ...node }: Node,
) {
  const { listen, advertised } = ports[id - 1]!;
  const own = [
    ...Object.entries(properties).map(([name, value]) => `listener.name.door.${name}=${value}`),
    ...Object.entries(brokerProperties).map(([name, value]) => `${name}=${value}`),
  ];
  const protocols = `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,DOOR:${protocol}`;
  const plain = `PLAINTEXT://127.0.0.1:${port}`;
  const controller = `CONTROLLER://127.0.0.1:${node.controllerPort}`;
  return `listeners=${plain},${controller},DOOR://127.0.0.1:${listen}
advertised.listeners=${plain},DOOR://127.0.0.1:${advertised}
listener.security.protocol.map=${protocols}
${own.join('\n')}
`;
}

const quietLogging = `rootLogger.level=warn
rootLogger.appenderRef.stdout.ref=stdout
appender.stdout.type=Console
appender.stdout.name=stdout
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d{ISO8601} %p %m (%c)%n
`;

/** Starts and stops a throw-away broker, so that the JVM can note which classes it loads. */
async function train(java: string[], dataDir: string): Promise<void> {
  // With this flag the format run would write its own classes to the same archive.
  const plain = java.filter((flag) => !flag.startsWith('-XX:ArchiveClassesAtExit'));
  const options = { dataDir, logDir: dataDir, ports: [await freePort()] };
  await kafkaBrokers(plain, options);
  const [trainee] = await kafkaBrokers(java, options);
  await trainee!.start();
  await trainee!.stop();
}
