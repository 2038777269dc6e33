import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run } from '#local-stack/base/run.ts';
import { copies, topology } from '#local-stack/commands/cluster.ts';
import { servicesOf } from '#local-stack/commands/services.ts';
import { readEndpoints } from '#local-stack/parts/endpoints.ts';
import { DataDir } from '#local-stack/system/data-dir.ts';
import { settings } from '#schemas/config.ts';
import { root } from '../dockerfile.ts';
import { StartedCommand } from '../started-command.ts';

/** `npm run cluster`, as a user starts it: three brokers, three mongods, two of each service. */

const startMs = 150_000;
const runMs = 480_000;
let folder: string;
let env: NodeJS.ProcessEnv;
let started: StartedCommand[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  const ports = settings.names.filter((name) => name.endsWith('_PORT'));
  const free = Object.fromEntries(ports.map((name) => [name, '0']));
  env = { ...process.env, ...free, LANES: '3', DATA_DIR: folder, NO_COLOR: '1' };
});
afterEach(async () => {
  await Promise.all(started.map((one) => one.killAll()));
  started = [];
  for (const data of ['cluster', 'cluster-load'])
    await new DataDir(join(folder, data)).endOrphans();
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

function cluster(args: string[], more: NodeJS.ProcessEnv = {}): StartedCommand {
  const words = ['run', 'cluster', ...(args.length > 0 ? ['--', ...args] : [])];
  const one = new StartedCommand(root, { ...env, ...more }, 'npm', words);
  started.push(one);
  return one;
}

/** The processes of the topology by name: `kafka-1`, `command-api-2` and so on. */
const expected = [
  ...Array.from({ length: topology.brokers }, (_, at) => `kafka-${at + 1}`),
  ...Array.from({ length: topology.mongods }, (_, at) => `mongod-${at + 1}`),
  'schema-registry',
  ...servicesOf(settings.read({})).flatMap(({ name }) => [`${name}-1`, `${name}-2`]),
].sort();

/** The names in the lines under "Running", which have address and process id too. */
const runningIn = (output: string) =>
  [...output.matchAll(/^(\S+) +\S+ +pid \d+$/gm)].map(([, name = '']) => name).sort();

/** Processes that have the folder of the data in their command lines: all of a cluster. */
async function left(): Promise<string[]> {
  const { output } = await run('ps', ['-eo', 'args']);
  return output.split('\n').filter((line) => line.includes(folder));
}

/** How many brokers have each partition of each topic. */
async function copiesOfTopics(brokers: string): Promise<number[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata();
  await admin.disconnect();
  return topics.flatMap(({ partitions }) => partitions.map(({ replicas }) => replicas.length));
}

describe('npm run cluster', () => {
  it('starts the whole topology, says where it is, and leaves no process after Ctrl-C', {
    timeout: startMs + 60_000,
  }, async () => {
    const command = cluster([]);
    await command.shows(/^Ready\./m, startMs);
    const { services, kafka, mongo } = readEndpoints(join(folder, 'cluster', 'endpoints.json'));
    expect(services.map(({ name }) => name).sort()).toEqual(expected);
    expect(runningIn(command.output)).toEqual(expected);
    expect(kafka.split(',')).toHaveLength(topology.brokers);
    expect(mongo.split(',')).toHaveLength(topology.mongods);
    expect(new Set(await copiesOfTopics(kafka))).toEqual(new Set([Number(copies.REPLICATION)]));
    for (const name of ['query-api-1', 'query-api-2']) {
      const { url } = services.find((one) => one.name === name)!;
      const answer = (await (await fetch(`${url}/v1/genres`)).json()) as { items: unknown[] };
      expect(answer.items).toContainEqual({ genre: 'Action', movies: 303 });
    }
    expect(await left()).toHaveLength(expected.length);
    command.interrupt();
    await command.shows(/^Stopped\.$/m, 60_000);
    await command.exited;
    expect(await left()).toEqual([]);
  });

  it('loses and doubles nothing while processes are killed under load', {
    timeout: runMs,
  }, async () => {
    const kinds = ['kafka', 'mongod', 'command-api', 'projectors'];
    const args = ['--load', '20', '--seconds', '3', '--kill', kinds.join(',')];
    const command = cluster(args);
    expect(await command.exited, command.output).toBe(0);
    const { output } = command;
    console.log(output.slice(output.indexOf('\nkilled')));
    expect(runningIn(output)).toEqual(expected);
    const [head = '', nothing = '', ...rows] = output
      .slice(output.indexOf('\nkilled') + 1)
      .split('\n');
    expect(head).toMatch(/^killed +no commands +no reads .* lost +doubled$/);
    expect(nothing).toMatch(/^nothing .* 0 +0$/);
    for (const [at, kind] of kinds.entries()) {
      expect(rows[at]).toMatch(new RegExp(`^${kind}-\\d \\(.+\\) +\\d+\\.\\d s .* 0 +0$`));
    }
    expect(rows[kinds.length]).toMatch(/^all .* 0 +0$/);
    const [, acknowledged] = /(\d+) acknowledged/.exec(output) ?? [];
    expect(Number(acknowledged)).toBeGreaterThan(500);
    expect(await left()).toEqual([]);
  });

  it.each([
    [['--load', 'many'], /--load <clients>' argument 'many' is invalid.* from 1 to 500/],
    [['--load', '0'], /--load <clients>' argument '0' is invalid/],
    [['--load', '5', '--kill', 'kafak'], /--kill \[parts\]' argument 'kafak'.*Known parts: kafka/],
    [['--load', '5', '--seconds', '-1'], /--seconds <number>' argument '-1' is invalid/],
    [['--kill'], /'--kill' needs '--load <clients>'/],
    [['--seconds', '3'], /'--seconds' needs '--load <clients>'/],
    [['--lode', '5'], /unknown option '--lode'/],
    [['three'], /too many arguments/],
  ])('%j is refused, and the message says why', async (args, reason) => {
    const command = cluster(args);
    expect(await command.exited).toBe(1);
    expect(command.output).toMatch(reason);
    expect(command.output).not.toContain('Start');
  });

  it('refuses parts that run elsewhere', async () => {
    const command = cluster([], { KAFKA_BROKERS: 'elsewhere:9092' });
    expect(await command.exited).toBe(1);
    expect(command.lastLine).toBe('The cluster has parts of its own: unset KAFKA_BROKERS');
  });
});
