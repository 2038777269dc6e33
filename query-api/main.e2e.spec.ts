import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { MongoClient } from 'mongodb';
import { afterEach, expect, inject, it, vi } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { Generations } from '#kernel/projector/generations/generations.ts';
import { deployTopics } from '#kernel/schemas/deploy.ts';
import { schemas } from '#schemas/load.ts';
import { views } from '#schemas/views.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** A service as a process of its own; `output` collects its standard output and error. */
async function started(env: NodeJS.ProcessEnv, name = 'query-api') {
  const { kafka, schemaRegistry, mongo } = inject('stack');
  const [port, operationsPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [`${name}/main.ts`], {
    env: {
      PATH: process.env.PATH,
      ...{ KAFKA_BROKERS: kafka, SCHEMA_REGISTRY_URL: schemaRegistry, MONGO_URL: mongo },
      ...{ AUTH_SECRET: randomUUID() + randomUUID(), QUERY_API_PORT: String(port) },
      MASTER_KEY: randomBytes(32).toString('base64'),
      ...{ QUERY_API_OPERATIONS_PORT: String(operationsPort), SHUTDOWN_DELAY_MS: '0' },
      ...env,
    },
  });
  children.push(child);
  const said = { output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said.output += chunk;
    });
  }
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const details = async () => (await fetch(`http://127.0.0.1:${operationsPort}/readyz`)).json();
  const eventually = (path: string, status: number) =>
    vi.waitFor(
      async () => {
        const answer = await ask(path);
        expect(answer.status).toBe(status);
        return answer;
      },
      { timeout: 20_000 },
    );
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, said, ask, details, eventually, exited };
}

it('listens before its parts are there, and names the missing ones to operators only', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const { child, details, eventually, exited } = await started({
    MONGO_URL: `mongodb://${nowhere}/`,
  });
  await eventually('/healthz', 200);
  const readiness = await eventually('/readyz', 503);
  expect(await readiness.json()).toEqual({ ready: false });
  const waitsFor = expect.stringContaining(nowhere);
  await vi.waitFor(async () => expect(await details()).toMatchObject({ details: { waitsFor } }), {
    timeout: 20_000,
  });
  const answer = await eventually('/v1/genres', 503);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ code: 'part-away' });
  expect(text).not.toMatch(/127\.0\.0\.1|:\d{4}/);
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});

it('is ready when every view has a generation, and stops cleanly', async () => {
  const database = `test-${randomUUID()}`;
  const client = await MongoClient.connect(inject('stack').mongo);
  const prefix = `${database}.`;
  const log = openLog({ brokers: inject('stack').kafka.split(','), clientId: 'test' });
  const topic = { lanes: 1, replication: 1, minInSyncReplicas: 1 };
  await deployTopics(log, schemas, { topicPrefix: prefix, ...topic });
  await log.close();
  const own = { MONGO_DATABASE: database, TOPIC_PREFIX: prefix, LANES: '1' };
  const { child, eventually, exited } = await started(own);
  const building = await eventually('/v1/genres', 503);
  const { code } = (await building.json()) as { code: string };
  expect(code).toBeOneOf(['part-away', 'read-model-building']);
  for (const view of Object.values(views)) {
    const generations = new Generations(client.db(database), view);
    await generations.activate(await generations.begin());
  }
  await eventually('/readyz', 200);
  expect(await (await eventually('/v1/genres', 200)).json()).toEqual({ items: [] });
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  await client.db(database).dropDatabase();
  await client.close();
});

it.each(['query-api', 'command-api'])('%s names a missing setting, and ends', async (name) => {
  const { said, exited } = await started({ AUTH_SECRET: '' }, name);
  expect(await exited).toBe(1);
  expect(said.output.trim().split('\n').at(-1)).toMatch(/^Set AUTH_SECRET or AUTH_JWKS_URL/);
});
