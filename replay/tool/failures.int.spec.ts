import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { spawnReplay, spawnReplayInto } from '#tests/replay-tool.ts';
import { compiled } from '#tests/system.ts';
import { openVoteLog, type VoteLog } from '#tests/vote-log.ts';

/** What the tool says and how it ends when it can't do its work. */

let world: VoteLog;
/** Accepts connections, and is silent. */
let silent: Server;
const sockets = new Set<Socket>();
beforeAll(async () => {
  world = await openVoteLog('failures');
  await world.append([{ movieId: 'm1', userId: 'alice', at: 1 }]);
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent?.close();
  await world?.close();
});

const silentHost = () => `127.0.0.1:${(silent.address() as AddressInfo).port}`;

/** Runs the tool. @param stdout a file; its output is returned otherwise. */
async function run(env: NodeJS.ProcessEnv, words: string[], stdout?: string) {
  const { kafka, schemaRegistry, mongo } = inject('stack');
  const settings = {
    ...{ PATH: process.env.PATH, ...compiled },
    ...{ KAFKA_BROKERS: kafka, SCHEMA_REGISTRY_URL: schemaRegistry, MONGO_URL: mongo },
    ...{ MONGO_DATABASE: world.database, TOPIC_PREFIX: world.prefix, LANES: `${world.lanes}` },
    ...env,
  };
  const startedAt = performance.now();
  const child = stdout
    ? spawnReplayInto(openSync(stdout, 'w'), settings, words)
    : spawnReplay(settings, words);
  const [err, out, [code]] = await Promise.all([
    text(child.stderr as Readable),
    child.stdout ? text(child.stdout) : '',
    once(child, 'close'),
  ]);
  return { code, out, err, seconds: (performance.now() - startedAt) / 1_000 };
}

const away = (part: string, setting: string) =>
  new RegExp(`^${part} gave no answer \\(.*\\)\\. Start it, or set ${setting} to where it is`);
const mongo = away('MongoDB at 127.0.0.1:\\d+', 'MONGO_URL');
const kafka = away('Kafka at 127.0.0.1:\\d+', 'KAFKA_BROKERS');
const registry = away('The schema registry at http://127.0.0.1:\\d+/', 'SCHEMA_REGISTRY_URL');

describe('a part that is away is named within seconds, with its setting and the cure', () => {
  const closed = '127.0.0.1:9';
  it.concurrent.for([
    ['MongoDB', () => ({ MONGO_URL: `mongodb://${closed}` }), mongo],
    ['a silent MongoDB', () => ({ MONGO_URL: `mongodb://${silentHost()}` }), mongo],
    ['Kafka', () => ({ KAFKA_BROKERS: closed }), kafka],
    ['a silent Kafka', () => ({ KAFKA_BROKERS: silentHost() }), kafka],
    ['the registry', () => ({ SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8' }), registry],
    ['a silent registry', () => ({ SCHEMA_REGISTRY_URL: `http://${silentHost()}` }), registry],
    [
      'the registry’s path',
      () => ({ SCHEMA_REGISTRY_URL: new URL('/', inject('stack').schemaRegistry).href }),
      /\(status 404.*Set SCHEMA_REGISTRY_URL to its whole URL, with the path/,
    ],
    [
      'a MongoDB URL that can’t be read',
      () => ({ MONGO_URL: 'mongodb://a:b:c@localhost' }),
      /^MONGO_URL can't be used: Password contains unescaped characters$/m,
    ],
  ] as const)('%s', async ([, env, message]) => {
    const { code, out, err, seconds } = await run(env(), ['status']);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(err).not.toMatch(/^ {4}at /m);
    // Five, on a machine that has nothing else to do. Kafka's own retries take over thirty.
    expect(seconds).toBeLessThan(25);
  });

  it('all at once, if several are', async () => {
    const both = { MONGO_URL: 'mongodb://u:secret@127.0.0.1:9', KAFKA_BROKERS: '127.0.0.1:9' };
    const { code, err } = await run(both, ['status']);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(mongo),
      expect.stringMatching(kafka),
    ]);
    expect(err).not.toContain('secret');
  });

  it('the target of a copy, too', async () => {
    const to = ['copy', '--registry', inject('stack').schemaRegistry, '--to', '127.0.0.1:9'];
    const target = away('Kafka at 127.0.0.1:9', '--to');
    expect(await run({}, to)).toMatchObject({ code: 2, err: expect.stringMatching(target) });
    const silentRegistry = ['--registry', `http://${silentHost()}`, '--prefix', 'copy.'];
    const there = ['copy', '--to', inject('stack').kafka, ...silentRegistry, '--dry-run'];
    const named = away('The schema registry at http://.*', '--registry');
    expect(await run({}, there)).toMatchObject({ code: 2, err: expect.stringMatching(named) });
  });
});

describe('a full disk', () => {
  it.concurrent.for(['events', 'events --json', 'status', 'status --json', 'dead-letters list'])(
    'under the output of %s is told, and is no difference',
    async (words) => {
      const { code, err } = await run({}, words.split(' '), '/dev/full');
      expect(code).toBe(2);
      expect(err).toMatch(/^Standard output can't be written \(ENOSPC.*\)\. Make room on its disk/);
    },
  );
});

it('an application that can’t be loaded is a failure, and no difference', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'failures-'));
  const broken = join(folder, 'broken.ts');
  writeFileSync(broken, 'export const application = nothing;');
  const { code, err } = await run({ REPLAY_APPLICATION: broken }, ['status']);
  rmSync(folder, { recursive: true });
  const cure = /nothing is not defined.*Set REPLAY_APPLICATION/s;
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(cure) });
});

it('every part can be named by an IPv6 address', async () => {
  const { kafka, schemaRegistry, mongo } = inject('stack');
  const doors = await Promise.all(
    [`http://${kafka.split(',')[0]}`, schemaRegistry, mongo].map(async (url) => {
      const { hostname: host, port } = new URL(url);
      const door = createServer((client) => {
        const there = connect({ host, port: Number(port) });
        for (const socket of [client, there]) socket.on('error', () => socket.destroy());
        client.pipe(there).pipe(client);
      }).listen(0, '::1');
      await once(door, 'listening');
      return door;
    }),
  );
  const [broker, registry, database] = doors.map(
    (door) => `[::1]:${(door.address() as AddressInfo).port}`,
  );
  const env = {
    KAFKA_BROKERS: broker,
    SCHEMA_REGISTRY_URL: `http://${registry}${new URL(schemaRegistry).pathname}`,
    MONGO_URL: `mongodb://${database}/${new URL(mongo).search}`,
  };
  const { code, out, err } = await run(env, ['events']);
  for (const door of doors) door.close();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('VoteCast');
});
