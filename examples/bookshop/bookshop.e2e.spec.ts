import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { signToken } from '@event-sourced/kernel/auth';
import { deploy } from '@event-sourced/kernel/schemas';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { freePort } from '#local-stack/base/ports.ts';
import { schemas, settings } from './setup.ts';

const root = join(import.meta.dirname, '..', '..');
const { kafka, schemaRegistry, mongo } = inject('stack');
const id = `bookshop-${randomUUID().slice(0, 8)}`;
const secret = randomUUID() + randomUUID();
const variables = {
  ...{ PATH: process.env.PATH ?? '', AUTH_SECRET: secret, LANES: '3' },
  ...{ KAFKA_BROKERS: kafka, SCHEMA_REGISTRY_URL: schemaRegistry, MONGO_URL: mongo },
  ...{ MONGO_DATABASE: id, TOPIC_PREFIX: `${id}.` },
  ...{ QUERIES_PORT: '0', QUERIES_OPERATIONS_PORT: '0', COMMANDS_OPERATIONS_PORT: '0' },
  ...{ PROJECTORS_PORT: '0', REACTORS_PORT: '0' },
  SHUTDOWN_DELAY_MS: '0',
  // Reactors have to know it.
  COMMANDS_PORT: String(await freePort()),
};

/** A process with some of the services, and the URL of each by its name. */
type Running = { process: ChildProcess; urls: Map<string, string> };

let shop: Running;
let ada: { authorization: string };

beforeAll(async () => {
  const token = await signToken({ user: 'ada', roles: ['customer'], secret, ttlSeconds: 600 });
  ada = { authorization: `Bearer ${token}` };
  await deploy(schemas, settings.read(variables));
  shop = await started();
});
afterAll(() => ended(shop));

/** Starts the shop and waits until all its services are ready. */
async function started(): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    cwd: root,
    env: variables,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const urls = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const { name, url } = JSON.parse(line) as { name: string; url?: string };
    if (url) urls.set(name, url);
    if (urls.size === 4) break;
  }
  child.stdout.resume();
  const isReady = async (url: string) => expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await vi.waitFor(() => Promise.all([...urls.values()].map(isReady)), { timeout: 60_000 });
  return { process: child, urls };
}

async function ended({ process: child }: Running): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return exit;
}

const send = (path: string, body: object, headers = ada) =>
  fetch(`${shop.urls.get('commands')}${path}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** What ada sees, after all that the token has seen. */
async function myOrders(token = ''): Promise<{ items: Record<string, unknown>[]; count: number }> {
  const headers = { ...ada, ...(token && { 'consistency-token': token }), prefer: 'wait=10' };
  const answer = await fetch(`${shop.urls.get('queries')}/v1/me/orders`, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Awaited<ReturnType<typeof myOrders>>;
}

const isbn = '9780140449136';

describe('the bookshop', () => {
  it('shows an order to a read with the token of its command', async () => {
    const answer = await send('/v1/orders/o1', { isbn });
    expect(answer.status).toBe(201);
    const { items } = await myOrders(answer.headers.get('consistency-token') ?? '');
    expect(items).toMatchObject([{ orderId: 'o1', isbn }]);
  });

  it('has every order shipped by its reactor', async () => {
    await vi.waitFor(
      async () => {
        const { items } = await myOrders();
        expect(items).toMatchObject([{ orderId: 'o1', shippedAt: expect.any(String) }]);
      },
      { timeout: 20_000 },
    );
  });

  it('takes a repeated order once, and refuses another one with its id', async () => {
    expect(await (await send('/v1/orders/o1', { isbn })).json()).toMatchObject({ unchanged: true });
    const other = await send('/v1/orders/o1', { isbn: '9780141439518' });
    expect(await other.json()).toMatchObject({ code: 'order-taken', status: 409 });
    expect((await send('/v1/orders/o2', { isbn: 'no' })).status).toBe(400);
    expect((await myOrders()).count).toBe(1);
  });

  it('serves an OpenAPI document of its commands and one of its queries', async () => {
    const operations = async (service: string) => {
      const answer = await fetch(`${shop.urls.get(service)}/openapi.json`);
      return Object.keys(((await answer.json()) as { paths: object }).paths);
    };
    expect(await operations('commands')).toContain('/v1/orders/{orderId}/shipment');
    expect(await operations('queries')).toContain('/v1/me/orders');
  });

  it('shows the same after its view was rebuilt from the log', async () => {
    const before = await myOrders();
    const args = [join(root, 'replay', 'main.ts'), 'rebuild', 'orders', '--diff', '--json'];
    const env = { ...variables, REPLAY_APPLICATION: join(import.meta.dirname, 'replay.ts') };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    expect(JSON.parse(stdout)).toMatchObject([
      {
        ...{ view: 'orders@1', generation: 'orders.g2', documents: 1, switched: true },
        differences: { same: 1, added: 0, removed: 0, changed: 0 },
      },
    ]);
    await vi.waitFor(async () => expect(await myOrders()).toEqual(before));
  });
});
