import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { signToken } from '@event-sourced/kernel/auth';
import { deploySchemas, deployTopics } from '@event-sourced/kernel/schemas';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { MoviesEvent } from '#schemas/generated/events.ts';
import { schemas } from '#schemas/load.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { catalogueFile } from './make-catalogue.ts';

/** The scraper and the command API as processes, on real parts. */

const { kafka, schemaRegistry, mongo } = inject('stack');
const topicPrefix = `scrape-${randomUUID().slice(0, 8)}.`;
const secret = randomUUID() + randomUUID();
const settings = {
  PATH: process.env.PATH ?? '',
  KAFKA_BROKERS: kafka,
  SCHEMA_REGISTRY_URL: schemaRegistry,
  MONGO_URL: mongo,
  MONGO_DATABASE: topicPrefix.replace('.', ''),
  TOPIC_PREFIX: topicPrefix,
  AUTH_SECRET: secret,
  MASTER_KEY: randomBytes(32).toString('base64'),
  LANES: '3',
  ...{ COMMAND_API_OPERATIONS_PORT: '0', SHUTDOWN_DELAY_MS: '0' },
};

type Api = { url: string; process: ChildProcess };
const log = openLog({ brokers: kafka.split(','), clientId: 'scrape-test' });
let api: Api;
let folder: string;

async function startApi(port = 0): Promise<Api> {
  const main = join(import.meta.dirname, '..', 'command-api', 'main.ts');
  const started = spawn(process.execPath, [main], {
    env: { ...settings, COMMAND_API_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(started.stdout)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url) {
      started.stdout.resume();
      return { url, process: started };
    }
  }
  throw new Error('The command API ended before it listened.');
}

async function kill({ process: child }: Api, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((exited) => child.once('exit', exited));
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrape-'));
  const topic = { lanes: 3, replication: 1, minInSyncReplicas: 1 };
  await deployTopics(log, schemas, { topicPrefix, ...topic });
  await deploySchemas({ registryUrl: schemaRegistry, topicPrefix, schemas: schemas.eventSchemas });
  api = await startApi();
});

afterAll(async () => {
  if (api) await kill(api, 'SIGTERM');
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (...args: string[]) => startWith({}, ...args);

function startWith(more: NodeJS.ProcessEnv, ...args: string[]) {
  const env = { ...settings, COMMAND_API_URL: api.url, ...more };
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((exited) => child.on('close', exited));
  const ended = Promise.all([text(child.stdout), text(child.stderr), code]);
  return ended.then(([out, err, exitCode]) => ({ out, err, code: exitCode }));
}

const counts = (added: number, changed: number, unchanged: number, rejected: number) =>
  `added ${added} / changed ${changed} / unchanged ${unchanged} / rejected ${rejected}\n`;

async function fileOf(name: string, lines: string[]): Promise<string> {
  const header = (await readFile(catalogueFile, 'utf8')).split('\n')[0];
  const file = join(folder, name);
  await writeFile(file, `${[header, ...lines].join('\n')}\n`);
  return file;
}

describe('the default catalogue', () => {
  test('is added whole, and a second run adds nothing', async () => {
    const first = await start(catalogueFile);
    expect({ ...first, err: '' }).toEqual({ out: counts(1_000, 0, 0, 0), err: '', code: 0 });
    const second = await start(catalogueFile);
    expect({ ...second, err: '' }).toEqual({ out: counts(0, 0, 1_000, 0), err: '', code: 0 });
  });
});

describe('a row whose id is taken', () => {
  const up = '5001,Up,Animation,A film.,Pete Docter,Ed Asner,2009,96,8.3,722203,292.98,88';

  test('is changed when it is the same film', async () => {
    await start(await fileOf('up.csv', [up]));
    const changed = await fileOf('changed.csv', [up.replace('8.3', '8.4')]);
    await expect(start(changed)).resolves.toMatchObject({ out: counts(0, 1, 0, 0), code: 0 });
  });

  test('is rejected by number when it is another film, unless --replace is given', async () => {
    const her = up.replace('Up', 'Her').replace('2009', '2013');
    const file = await fileOf('her.csv', [`5002${up.slice(4)}`, her]);
    const refused = await start(file);
    expect(refused.err).toMatch(/^row 2 rejected: movie-differs: /m);
    expect(refused).toMatchObject({ out: counts(1, 0, 0, 1), code: 1 });
    await expect(start(file, '--replace')).resolves.toMatchObject({
      out: counts(0, 1, 1, 0),
      code: 0,
    });
  });
});

describe('a file without the column of revenues', () => {
  const rows = [1, 2].map((n) => `600${n},Film ${n},Drama,A film.,D,"A, B",2010,100,7,10,${n},50`);
  let less: string;
  let committed: CommittedEvents;
  afterAll(() => committed?.close());
  beforeAll(async () => {
    committed = await committedEvents({ settings });
    await start(await fileOf('revenues.csv', rows));
    const revenues = /,(Revenue \(Millions\)|\d+)(?=,(Metascore|50)$)/gm;
    const whole = await readFile(join(folder, 'revenues.csv'), 'utf8');
    less = join(folder, 'no-revenues.csv');
    await writeFile(less, whole.replace(revenues, ''));
  });
  const revenuesOf = async (id: string) => {
    const events = (await committed.of(`movies/${id}`)) as MoviesEvent[];
    return events.map((event) => event.type !== 'MovieRetired' && event.data.revenueMillions);
  };

  test('keeps what is stored, and says so', async () => {
    const { out, err } = await start(less);
    expect(err).toMatch(/^The file has no column Revenue \(Millions\): what is stored is kept/m);
    expect(out).toBe(counts(0, 0, 2, 0));
    const better = join(folder, 'better.csv');
    await writeFile(better, (await readFile(less, 'utf8')).replaceAll(',7,10,', ',8,10,'));
    await expect(start(better)).resolves.toMatchObject({ out: counts(0, 2, 0, 0) });
    await expect(revenuesOf('m6001')).resolves.toEqual([1, 1]);
    await expect(revenuesOf('m6002')).resolves.toEqual([2, 2]);
  });

  test('clears it with --replace', async () => {
    const { out, err } = await start(less, '--replace');
    expect(err).toMatch(/^The file has no column Revenue \(Millions\): it is cleared/m);
    expect(out).toBe(counts(0, 2, 0, 0));
    await expect(revenuesOf('m6001')).resolves.toEqual([1, 1, null]);
  });
});

test('a token without the role is refused with the cure', async () => {
  const SERVICE_TOKEN = await signToken({ user: 'eve', roles: ['viewer'], secret, ttlSeconds: 60 });
  const { err, code } = await startWith({ SERVICE_TOKEN }, catalogueFile);
  expect(err).toMatch(/refuses the token \(403\).*npm run token/);
  expect(code).toBe(2);
});

test('a killed and restarted command API loses and doubles no movie', async () => {
  const rows = Array.from(
    { length: 6_000 },
    (_, index) => `${10_000 + index},Film ${index},Drama,A film.,D,"A, B",2010,100,7,10,,`,
  );
  const file = await fileOf('many.csv', rows);
  const before = await endOfMovies();
  const run = start(file);
  const port = Number(new URL(api.url).port);
  await vi.waitFor(async () => expect(await endOfMovies()).toBeGreaterThan(before + 2_500), {
    timeout: 60_000,
    interval: 5,
  });
  await kill(api, 'SIGKILL');
  api = await startApi(port);
  const { out, err, code } = await run;
  expect(err).toContain('trying again');
  expect({ out, code }).toEqual({ out: counts(6_000, 0, 0, 0), code: 0 });
  const ids = (await keysOfMovies()).filter((key) => /^m1\d{4}$/.test(key));
  expect(ids).toHaveLength(6_000);
  expect(new Set(ids).size).toBe(6_000);
});

async function endOfMovies(): Promise<number> {
  const ends = await log.stableOffsets(`${topicPrefix}movies`);
  return ends.reduce((sum, end) => sum + end, 0);
}

/** The key of every committed event. */
async function keysOfMovies(): Promise<string[]> {
  const topic = `${topicPrefix}movies`;
  const ends = await log.stableOffsets(topic);
  const reader = log.reader();
  const subscription = reader.subscribe(
    ends.map((_, lane) => ({ topic, lane, next: 0 })),
    { until: ends.map((next, lane) => ({ topic, lane, next })) },
  );
  const keys: string[] = [];
  for (let chunks = await subscription.take(); chunks.length > 0; ) {
    keys.push(...chunks.flatMap(({ records }) => records.map(({ key }) => String(key))));
    chunks = await subscription.take();
  }
  await reader.close();
  return keys;
}
