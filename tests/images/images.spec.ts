import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask, type Done } from '../answers.ts';
import { read, services } from '../dockerfile.ts';
import { startSystem } from '../system.ts';
import { type Container, containerOf, type RunningImage, startImage } from './containers.ts';
import { buildImages, type Images } from './images.ts';

/** The images, built from the Dockerfile: the whole system runs from them. */

let images: Images;
let tools: Container;
let settings: Record<string, string>;
const running = new Map<string, RunningImage>();
const urls = { commandApi: 'http://127.0.0.1:4001', queryApi: 'http://127.0.0.1:4000' };

beforeAll(async () => {
  const others = services.filter((name) => name !== 'query-api');
  images = await buildImages('query-api', [...others, 'tools']);
  tools = await containerOf(images, 'tools');
  const deploy = async (all: Record<string, string>) => {
    settings = settingsInside(all);
    const { code, output } = await tools.run(images.of('tools').command, settings);
    expect(code, output).toBe(0);
  };
  await startSystem('images', inject('stack'), { deploy });
  const start = async (name: string) => {
    running.set(name, await startImage(images, name, settings));
  };
  // The others send commands to the command API.
  await start('command-api');
  await Promise.all(services.filter((name) => name !== 'command-api').map(start));
}, 300_000);
afterAll(async () => {
  await Promise.all([...running.values()].map((service) => service.stop()));
  await images?.remove();
}, 60_000);

/** An image has its own ports, programs and address. */
function settingsInside(all: Record<string, string>): Record<string, string> {
  const { PATH, NODE_COMPILE_CACHE, ...others } = all;
  const given = Object.entries(others).filter(([name]) => !name.endsWith('_PORT'));
  return {
    ...Object.fromEntries(given),
    NODE_URL: 'http://127.0.0.1:4011',
    COMMAND_API_URL: urls.commandApi,
  };
}

type Asking = { jobId: string; token: string };
type Asked = { body?: object; token?: string; key?: string };

/** Asks with a token that a program of the image has printed. */
async function asking(user: string, roles: string) {
  const program = ['node', 'local-stack/commands/print-token.ts', '--user', user, '--roles', roles];
  const { code, output } = await tools.run(program, settings);
  expect(code, output).toBe(0);
  const authorization = `Bearer ${output.trim().split('\n').at(-1)}`;
  return async <Body>(url: string, route: string, { body, token, key }: Asked = {}) => {
    const headers = {
      ...{ authorization, prefer: 'wait=10' },
      ...(token && { 'consistency-token': token }),
      ...(key && { 'idempotency-key': key }),
    };
    const answer = await ask<Body>(url, route, { headers, ...(body && { body }) });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
}

describe.each(services)('the image of %s', (name) => {
  it('is found well by its own health check, which another service would not be', async () => {
    expect(await running.get(name)?.health()).toBe(0);
    const { health } = images.of(name);
    const away = health?.map((one) => one.replace(/:\d+\//, ':1/')) ?? [];
    expect((await running.get(name)?.run(away))?.code).toBe(1);
  });

  it('works as a user who can change nothing of it', async () => {
    const who = await running.get(name)?.run(['id', '-un']);
    expect(who?.output.trim()).toBe('node');
    const code = 'touch /app/node_modules/x || touch /app/kernel/x || touch /app/x';
    const written = await running.get(name)?.run(['sh', '-c', code]);
    expect(written?.output).toContain('Permission denied');
    expect(written?.code).not.toBe(0);
  });

  it('has neither what tests need nor what builds the console', async () => {
    const there = await running.get(name)?.run(['ls', '/app/node_modules', '/app']);
    expect(there?.output.split('\n')).toContain('kafkajs');
    for (const one of ['vitest', 'vite', 'typescript', 'react', 'tests']) {
      expect(there?.output.split('\n')).not.toContain(one);
    }
  });
});

describe('the system that runs from its images', () => {
  it('takes the catalogue from the image of tools', async () => {
    const imported = await tools.run(
      ['node', 'scraper/main.ts', 'scraper/catalogue.csv'],
      settings,
    );
    expect(imported.code, imported.output).toBe(0);
    expect(imported.output).toMatch(/1,?000/);
  });

  it('counts a vote, which a read with its token sees in the ranking', async () => {
    const alice = await asking('alice', 'viewer');
    type Rankings = { items: { movieId: string; likes: number }[] };
    const ranked = '/v1/rankings?genre=Thriller&by=likes&limit=3';
    const vote = { vote: 'like' };
    const before = await alice<Rankings>(urls.queryApi, `GET ${ranked}`);
    expect(before.items[0]?.movieId).not.toBe('m100');
    const { token } = await alice<Done>(urls.commandApi, 'PUT /v1/movies/m100/vote', {
      body: vote,
    });
    const { items } = await alice<Rankings>(urls.queryApi, `GET ${ranked}`, { token });
    expect(items[0]).toMatchObject({ movieId: 'm100', likes: 1 });
  });

  it('gives a ticket its service order', async () => {
    const alice = await asking('alice', 'viewer');
    const body = { subject: 'No sound', message: 'Silent from the start.', movieId: 'm100' };
    type Opened = { ticketId: string; token: string };
    const asked = { body, key: randomUUID() };
    const opened = await alice<Opened>(urls.commandApi, 'POST /v1/tickets', asked);
    const { ticketId, token } = opened;
    type Ticket = { subject: string; serviceOrder: { orderNumber: string } | null };
    const ticket = () => alice<Ticket>(urls.queryApi, `GET /v1/tickets/${ticketId}`, { token });
    expect(await ticket()).toMatchObject({ subject: 'No sound' });
    await until(async () => (await ticket()).serviceOrder !== null);
  });

  it('serves the console, with its scripts', async () => {
    const page = await fetch(`${urls.queryApi}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    const scripts = [...(await page.text()).matchAll(/src="([^"]+\.js)"/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, script = ''] of scripts) {
      const answer = await fetch(new URL(script, `${urls.queryApi}/`));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('javascript'),
      ]);
    }
  });

  it('does what an operator asks for', async () => {
    const olga = await asking('olga', 'operator');
    const asked = { body: { views: ['rankings'] }, key: randomUUID() };
    const rebuild = 'POST /v1/ops/jobs/rebuild';
    const { jobId, token } = await olga<Asking>(urls.commandApi, rebuild, asked);
    const status = async () =>
      (await olga<{ status: string }>(urls.queryApi, `GET /v1/ops/jobs/${jobId}`, { token }))
        .status;
    await until(async () => ['done', 'failed'].includes(await status()), { limitMs: 60_000 });
    expect(await status()).toBe('done');
  });

  it('is read by the replay tool, as the compose file runs it', async () => {
    const compose = read('docker-compose.yml');
    const [, entrypoint = ''] = /^ {2}replay:\n(?: {4}.*\n)* {4}entrypoint: \[(.*)\]$/m.exec(
      compose,
    )!;
    const replay = (...words: string[]) =>
      tools.run([...entrypoint.split(', '), ...words], settings);
    const found = await replay('events', '--movie', 'm100', '--json');
    expect(found.code, found.output).toBe(0);
    for (const type of ['MovieAdded', 'VoteCast']) expect(found.output).toContain(type);
    const verified = await replay('verify', '--all');
    expect(verified.code, verified.output).toBe(0);
  });

  it.each(services)('stops %s as an engine stops it, with nothing left to do', async (name) => {
    expect(await running.get(name)?.stop()).toBe(0);
  });
});
