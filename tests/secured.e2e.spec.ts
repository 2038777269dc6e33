import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { signToken } from '#kernel/auth/tokens.ts';
import { until } from '#kernel/testing/until.ts';
import { runOrFail } from '#local-stack/base/run.ts';
import type { RoleName } from '#schemas/roles.ts';
import { kafkaGrants } from '../access/kafka.ts';
import { type UserName, users } from '../access/rights.ts';
import { ask, type Done } from './answers.ts';
import { root } from './dockerfile.ts';
import { spendEvening } from './evening.ts';
import { person } from './person.ts';
import { refuseTheRest } from './refused-acts.ts';
import { spawnReplay } from './replay-tool.ts';
import { type SecuredParts, startSecuredParts } from './secured-parts.ts';
import { type Service, type ServiceName, type System, startSystem } from './system.ts';
import { noteOperations, usedCollections, usedTopics } from './used-rights.ts';

/**
 * The whole system on parts that ask for TLS and a login, each user with its own rights alone. All
 * secrets come from files, and none from the environment.
 */

let folder: string;
let parts: SecuredParts;
let system: System;
let commandApi: Service;
let projectors: Service;
let queryApi: Service;
let receiver: Server;
let received = 0;
let secrets: Record<string, string>;

const inFiles = [
  ...['AUTH_SECRET', 'MASTER_KEY', 'WEBHOOK_KEY', 'SERVICE_TOKEN'],
  // The last two have a password inside.
  ...['KAFKA_SASL_PASSWORD', 'MONGO_URL', 'SCHEMA_REGISTRY_URL'],
];

/** The settings, with each secret in a file, as it is mounted into a container. */
function mounted(name: UserName, settings: Record<string, string>): Record<string, string> {
  const mount = (setting: string, value: string) => {
    const file = join(folder, `${name}-${setting}`);
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    return { [setting]: '', [`${setting}_FILE`]: file };
  };
  const secret = inFiles.filter((setting) => settings[setting]);
  const files = secret.map((setting) => mount(setting, settings[setting] ?? ''));
  return Object.assign({}, settings, ...files);
}

/** The settings of a user: its logins, and of all secrets those that it needs. */
function settingsOf(name: UserName, more: Record<string, string> = {}) {
  const needed: readonly string[] = users.find(([user]) => user === name)?.[1].secrets ?? [];
  const withheld = Object.keys(secrets).filter((secret) => !needed.includes(secret));
  const none = Object.fromEntries(withheld.map((secret) => [secret, '']));
  return mounted(name, { ...secrets, ...parts.settingsOf(name), ...none, ...more });
}
const start = (name: ServiceName, more: Record<string, string> = {}) =>
  system.start(name, settingsOf(name, more));
const database = () => parts.admin.db(system.settings.MONGO_DATABASE);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'movies-secured-'));
  parts = await startSecuredParts(folder);
  const webhooks = {
    ...{ WEBHOOK_HTTP: 'true', WEBHOOK_PRIVATE_ADDRESSES: 'true', WEBHOOK_RETRY_MS: '50' },
  };
  system = await startSystem('secured', parts.endpoints, {
    settings: webhooks,
    async deploy(settings) {
      await parts.grant(settings.TOPIC_PREFIX ?? '', settings.MONGO_DATABASE ?? '');
      const env = mounted('deploy', { ...settings, ...parts.settingsOf('deploy') });
      await runOrFail(process.execPath, ['schemas/deploy.ts'], { cwd: root, env });
    },
  });
  const { AUTH_SECRET = '', MASTER_KEY = '' } = system.settings;
  const service = { user: 'technical-support', roles: ['service', 'support'], ttlSeconds: 3_600 };
  secrets = {
    ...{ AUTH_SECRET, MASTER_KEY, WEBHOOK_KEY: randomBytes(32).toString('base64') },
    SERVICE_TOKEN: await signToken({ ...service, secret: AUTH_SECRET }),
  };
  await noteOperations(database());
  receiver = createServer((_, response) => {
    received += 1;
    response.writeHead(received === 1 ? 503 : 204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  commandApi = await start('command-api');
  const commands = { COMMAND_API_URL: commandApi.url };
  // One after the other: all at once, they would take each other's time.
  projectors = await start('projectors');
  queryApi = await start('query-api');
  for (const name of ['reactors', 'replay-worker'] as const) await start(name, commands);
}, 180_000);
afterAll(async () => {
  await system?.stop();
  receiver?.close();
  await parts?.stop();
  await rm(folder, { recursive: true });
});

const evening = () => ({ system, commandApi, queryApi });
const someone = (user: string, ...roles: RoleName[]) => person(evening, user, ...roles);

async function replay(more: Record<string, string>, ...args: string[]): Promise<string> {
  const child = spawnReplay({ ...system.settings, ...settingsOf('replay', more) }, args);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  const all = (await said).join('');
  expect(code, `${args.join(' ')}: ${all}`).toBe(0);
  return all;
}

describe('with TLS and a login at each part', () => {
  spendEvening(evening);

  it('webhooks are delivered, and tried again', async () => {
    const ada = someone('ada', 'viewer');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await ada.does('POST /v1/me/webhooks', { url, events: ['vote.cast'] });
    await ada.does('PUT /v1/movies/m1/vote', { vote: 'like' });
    await until(() => received > 1);
  });

  it('a reminder becomes due', async () => {
    const ada = someone('ada', 'viewer');
    const remindAt = new Date(Date.now() + 1_500).toISOString();
    await ada.does('PUT /v1/me/reminders/m1', { note: null, remindAt });
    const heard = async () =>
      (await ada.sees<{ items: object[] }>('/v1/me/notifications')).items.length;
    await until(async () => (await heard()) > 0);
  });

  it('operators’ jobs are done', async () => {
    const olga = someone('olga', 'operator');
    const done = async (act: string, input: object) => {
      const { jobId } = await olga.does(`POST /v1/ops/jobs/${act}`, input);
      type Job = { status: string };
      const job = () => olga.sees<Job>(`/v1/ops/jobs/${jobId}`);
      const isOver = async () => ['done', 'failed'].includes((await job()).status);
      await until(isOver, { limitMs: 60_000 });
      const over = await job();
      expect(over.status, JSON.stringify(over)).toBe('done');
    };
    await done('rebuild', { views: [] });
    await done('rollback', { view: 'rankings' });
    const time = new Date().toISOString();
    await done('as-of', { name: 'now', time, views: ['votes'] });
    await done('drop', { name: 'now' });
  }, 180_000);

  it('operators see everything', async () => {
    const headers = await system.as('olga', 'operator');
    for (const what of ['projections', 'lanes', 'schemas', 'reactors', 'dead-letters', 'jobs']) {
      const seen = () => ask(queryApi.url, `GET /v1/ops/${what}`, { headers });
      await until(async () => (await seen()).status === 200);
    }
    const tail = await fetch(`${queryApi.url}/v1/ops/tail?from=2020-01-01`, { headers });
    let seen = '';
    for await (const part of tail.body!.pipeThrough(new TextDecoderStream())) {
      seen += part;
      if (seen.includes('ReminderDue')) break;
    }
  });

  it('another node takes over from one that is killed', async () => {
    const [first, folding] = [commandApi, projectors];
    [commandApi, projectors] = await Promise.all([start('command-api'), start('projectors')]);
    await Promise.all([first.end('SIGKILL'), folding.end('SIGKILL')]);
    const bob = await system.as('bob', 'viewer');
    const headers = { ...bob, 'idempotency-key': randomUUID() };
    for (const movie of ['m1', 'm3']) {
      const vote = () =>
        ask<Done>(commandApi.url, `PUT /v1/movies/${movie}/vote`, {
          ...{ headers, body: { vote: 'like' } },
        });
      await until(async () => (await vote()).status === 200, { limitMs: 30_000 });
    }
    const bobHimself = someone('bob', 'viewer');
    const votes = () => bobHimself.sees<{ count: number }>('/v1/me/votes');
    await until(async () => (await votes()).count === 2, { limitMs: 30_000 });
  });

  it('people erase themselves', async () => {
    await someone('ada', 'viewer').does('DELETE /v1/me');
  });

  it('services that are told to stop say that they leave', async () => {
    await system.stop();
  });

  it('the replay tool builds, drops, verifies, copies, and wraps keys anew', async () => {
    await replay(
      {},
      'as-of',
      new Date().toISOString(),
      'votes',
      '--into',
      'then',
      '--threads',
      '1',
    );
    await replay({}, 'drop', 'then');
    await replay({}, 'verify', '--all');
    const { kafka, schemaRegistry } = inject('stack');
    const there = join(folder, 'there.env');
    await writeFile(there, 'KAFKA_SSL=false\n');
    const to = ['--to', kafka, '--registry', schemaRegistry, '--to-settings', there];
    await replay({}, 'copy', ...to, '--prefix', `copy-${randomUUID()}.`);
    const former = system.settings.MASTER_KEY ?? '';
    const next = randomBytes(32).toString('base64');
    await replay({ MASTER_KEY: `${next},${former}` }, 'rewrap');
  }, 180_000);
});

/** What a healthy system seldom does, and when. */
const seldom = {
  'to go on with a build that a process has left unfinished': [
    ...['projectors', 'replay-worker', 'replay'].map((user) => `${user} renameCollectionSameDB *`),
  ],
  'to drop a generation once nobody reads it any more': ['projectors dropCollection *'],
  'to make an index that another process has made meanwhile': [
    ...['command-api', 'reactors'].map((user) => `${user} createIndex members`),
  ],
  'to drop the states of an earlier release': ['command-api remove write_state'],
};

describe('each right', () => {
  const prefixed = (topic: string) => `${system.settings.TOPIC_PREFIX}${topic}`;

  it('to a topic is used, and no other was asked for', async () => {
    const { allowed, refused } = await usedTopics(parts.kafkaLog);
    const granted = users.flatMap(([user, rights]) =>
      kafkaGrants(rights).flatMap(({ name, type, pattern, operations }) =>
        operations.map((act) => ({ user, act, name: prefixed(name), type, pattern })),
      ),
    );
    const isUsed = ({ user, act, name, type, pattern }: (typeof granted)[number]) =>
      type === 'topic'
        ? allowed.has(`${user} ${act} Topic ${name}`)
        : [...allowed].some((one) => one.startsWith(`${user} ${act} TransactionalId ${name}`)) &&
          pattern === 'prefix';
    const unused = granted.filter((one) => !isUsed(one));
    expect({
      refused: [...refused],
      unused: unused.map(({ user, act, name }) => `${user} ${act} ${name}`),
    }).toEqual({ refused: [], unused: [] });
  });

  it('to a collection is used', async () => {
    const steps = await usedCollections(database());
    const unused = users.flatMap(([user, { collections }]) =>
      Object.entries(collections).flatMap(([name, acts]) =>
        acts
          .filter((act) => {
            const some = steps.filter((step) => step.user === user && step.act === act);
            return !some.some(({ collection }) =>
              name === '*' ? !isGrantedByName(user, collection, act) : collection === name,
            );
          })
          .map((act) => `${user} ${act} ${name}`),
      ),
    );
    const expected = Object.values(seldom).flat();
    expect(unused.filter((one) => !expected.includes(one))).toEqual([]);
  });

  const isGrantedByName = (user: UserName, collection: string, act: string) =>
    users.some(
      ([name, { collections }]) =>
        name === user && (collections[collection] as string[] | undefined)?.includes(act),
    );
});

describe('nobody gets past their rights', () => refuseTheRest(() => ({ parts, system })));
