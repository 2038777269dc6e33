import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiDocument } from '#kernel/openapi/document.ts';
import { fileOf } from '../docs/openapi/generate.ts';
import { checks, type Operation, operationsOf } from './openapi-document.ts';
import { type Service, type System, startSystem } from './system.ts';

/**
 * Runs every example of both API documents against the services, in an order in which they work.
 * `npm run generate` runs it with RECORD_EXAMPLES=1, and puts the answers into the documents.
 */

const services = ['command-api', 'query-api'] as const;
type Name = (typeof services)[number];

const committed = Object.fromEntries(
  services.map((name) => [name, JSON.parse(readFileSync(fileOf(name), 'utf8'))]),
) as Record<Name, ApiDocument>;
const all = services.flatMap((name) =>
  operationsOf(committed[name]).map((operation) => ({ name, operation })),
);

/**
 * Requests that make or change something come first, then those that read it, then those that
 * remove it again; within each in the order of the documents, which is that of the definitions.
 */
const turnOf = ({ method }: Operation): number => {
  if (method === 'DELETE') return 2;
  return method === 'GET' ? 1 : 0;
};
const inOrder = all.toSorted((one, other) => turnOf(one.operation) - turnOf(other.operation));

const recorded: Record<Name, Record<string, unknown>> = { 'command-api': {}, 'query-api': {} };
const root = join(import.meta.dirname, '..');
const running = new Map<Name, Service>();
let system: System;
let ada: { authorization: string };
/** The last answer's token: each request sends it and so sees the changes of those before. */
let seen = '';

beforeAll(async () => {
  system = await startSystem('openapi', inject('stack'));
  const [commandApi, queryApi] = await Promise.all(
    ([...services, 'projectors'] as const).map((name) => system.start(name)),
  );
  running.set('command-api', commandApi as Service).set('query-api', queryApi as Service);
  ada = await system.as('ada', 'viewer', 'support', 'catalogue', 'operator', 'service');
  const args = ['scraper/main.ts', 'scraper/catalogue.csv', '--url', urlOf('command-api')];
  await promisify(execFile)(process.execPath, args, { cwd: root, env: system.settings });
});
afterAll(async () => {
  await system?.stop();
  if (!process.env.RECORD_EXAMPLES) return;
  for (const name of services) {
    const file = join(root, name, 'generated', 'answers.json');
    writeFileSync(file, `${JSON.stringify(answersToKeep(name), null, 2)}\n`);
  }
});

const urlOf = (name: Name): string => (running.get(name) as Service).url;

/** The query API's status for the location that a command answered. */
async function statusAt(location: string): Promise<number> {
  const headers = { ...ada, 'Consistency-Token': seen, Prefer: 'wait=10' };
  const { status } = await fetch(urlOf('query-api') + new URL(location).pathname, { headers });
  return status;
}

const given = ({ parameters }: Operation, where: string) =>
  parameters.filter((one) => one.in === where && one.example !== undefined);

/** The request that the document shows. */
function request({ method, path, parameters, body }: Operation, more: Record<string, string> = {}) {
  const operation = { method, path, parameters, body } as Operation;
  const filled = given(operation, 'path').reduce(
    (url, one) => url.replace(`{${one.name}}`, encodeURIComponent(String(one.example))),
    path,
  );
  const query = given(operation, 'query').map((one): [string, string] => [
    one.name,
    String(one.example),
  ]);
  const headers = given(operation, 'header').map((one) => [one.name, String(one.example)]);
  const text = typeof body?.example === 'string' ? body.example : JSON.stringify(body?.example);
  return {
    url: query.length > 0 ? `${filled}?${new URLSearchParams(query)}` : filled,
    init: {
      method,
      headers: {
        ...Object.fromEntries(headers),
        ...(body && { 'Content-Type': body.type }),
        ...more,
      },
      ...(body && { body: text }),
    },
  };
}

/** An answer that doesn't end, and tells something else each time. */
const stream = 'text/event-stream';

async function firstMessage(response: Response): Promise<string> {
  let text = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes('\n\n')) break;
  }
  return text;
}

async function read(response: Response) {
  const type = (response.headers.get('content-type') ?? '').split(';')[0] as string;
  const text = type === stream ? await firstMessage(response) : await response.text();
  if (/ndjson/.test(type)) return { type, body: shortened(text) };
  return { type, body: /json$/.test(type) ? JSON.parse(text) : text };
}

/** What operators see of the system is never the same twice, so it isn't recorded. */
const isOfTheMoment = (id: string): boolean => id.startsWith('ops-');

/** Fields that differ from run to run, besides current times. */
const changing = new Set(['token', 'next', 'trending', 'requestId', 'details', 'secret']);
const steady = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value === 'string') return isTime(value) ? 'a time' : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, changing.has(key) ? key : steady(one)]),
  );
};
const isTime = (text: string) =>
  /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) &&
  Math.abs(Date.now() - Date.parse(text)) < 864e5 * 9_000;

const linesOf = (text: unknown): unknown[] =>
  String(text)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** An import tells its token in its last line. */
const tokensIn = (text: unknown): string[] => {
  const { token } = linesOf(text).at(-1) as { token?: string };
  return token === undefined ? [] : [token];
};

/** Of a long answer in lines, the first two and the last one. */
function shortened(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.length < 10 ? text : `${[...lines.slice(0, 2), lines.at(-1)].join('\n')}\n`;
}

const steadyBody = (type: string, body: unknown): unknown =>
  type === 'application/json' ? steady(body) : linesOf(body).map(steady);

/** Answers stay as recorded before if they differ only in values that each run changes. */
function answersToKeep(name: Name): Record<string, unknown> {
  const answers = inOrder.flatMap(({ name: service, operation: { id, answer } }) => {
    const body = recorded[name][id];
    if (service !== name || body === undefined || isOfTheMoment(id)) return [];
    const { type, example } = answer;
    const isSame = () => isDeepStrictEqual(steadyBody(type, body), steadyBody(type, example));
    return [[id, example !== undefined && isSame() ? example : body]];
  });
  return Object.fromEntries(answers);
}

it('the examples run every operation once', () => {
  const ids = (list: typeof all) => list.map(({ name, operation }) => `${name} ${operation.id}`);
  expect(ids(inOrder).sort()).toEqual(ids(all).sort());
});

describe('the example of', () => {
  it.each(inOrder.map((one) => [one.operation.id, one] as const))(
    '%s gets its documented answer',
    async (id, one) => {
      const { name, operation } = one;
      const check = checks(committed[name]);
      const { url, init } = request(operation, {
        ...ada,
        ...(seen && { 'Consistency-Token': seen, Prefer: 'wait=10' }),
      });
      const response = await fetch(urlOf(name) + url, init);
      const { type, body } = await read(response);
      if (type !== stream) recorded[name][id] = body;
      // Each log has its events at other offsets.
      if (id === 'ops-revealed' && response.status === 404) return;
      const { answer } = operation;
      expect({ status: response.status, body }).toMatchObject({ status: answer.status });
      expect(type).toBe(answer.type);
      expect(check.answer(operation, response.status, type)(body)).toEqual([]);
      const missing = answer.headers.filter((header) => response.headers.get(header) === null);
      expect(missing).toEqual([]);
      seen = response.headers.get('consistency-token') ?? seen;
      if (/ndjson/.test(type)) seen = [seen, ...tokensIn(body)].join(',');
      const location = response.headers.get('location');
      if (location) expect(await statusAt(location)).toBe(200);
      if (process.env.RECORD_EXAMPLES || type === stream || isOfTheMoment(id)) return;
      expect(answer.example, 'no answer is recorded; run: npm run generate').toBeDefined();
      expect(steadyBody(type, body)).toEqual(steadyBody(type, answer.example));
    },
  );

  it('import-movies gets lines of the documented schemas', () => {
    const check = checks(committed['command-api']);
    const lines = linesOf(recorded['command-api']['import-movies']);
    const end = lines.pop();
    expect(lines.map((line) => check.schema('ImportResult')(line))).toEqual([[], []]);
    expect(check.schema('ImportEnd')(end)).toEqual([]);
  });
});

describe('a refusal is documented:', () => {
  const asked = all.filter(({ operation }) => !operation.path.match(/^\/(healthz|readyz)$/));
  const secured = asked.filter(({ operation }) =>
    operation.security.every((one) => 'bearer' in one),
  );

  async function refused(name: Name, operation: Operation, url: string, init: RequestInit) {
    const response = await fetch(urlOf(name) + url, init);
    const { type, body } = await read(response);
    expect(type).toBe('application/problem+json');
    expect(checks(committed[name]).answer(operation, response.status, type)(body)).toEqual([]);
    const documented = JSON.stringify(committed[name]);
    expect(documented).toContain(`"${body.code}"`);
    return response.status;
  }

  it.each(secured.map((one) => [one.operation.id, one] as const))(
    '%s without a token',
    (_, one) => {
      const { url, init } = request(one.operation);
      return expect(refused(one.name, one.operation, url, init)).resolves.toBe(401);
    },
  );

  it.each(asked.map((one) => [one.operation.id, one] as const))('%s with a bad token', (_, one) => {
    const { url, init } = request(one.operation, { authorization: 'Bearer no' });
    return expect(refused(one.name, one.operation, url, init)).resolves.toBe(401);
  });

  const guarded = asked.filter(({ operation }) => operation.statuses.includes(403));
  it.each(guarded.map((one) => [one.operation.id, one] as const))(
    '%s without the role',
    async (_, one) => {
      const { url, init } = request(one.operation, await system.as('eve'));
      // Reads that need no role otherwise need one with `asOf`.
      const isRead = one.operation.parameters.some((parameter) => parameter.name === 'asOf');
      const past = isRead ? `${url}${url.includes('?') ? '&' : '?'}asOf=friday` : url;
      expect(await refused(one.name, one.operation, past, init)).toBe(403);
    },
  );

  it.each(asked.map((one) => [one.operation.id, one] as const))(
    '%s with an unknown parameter',
    (_, one) => {
      const { url, init } = request(one.operation, ada);
      const misspelt = `${url}${url.includes('?') ? '&' : '?'}surprise=1`;
      return expect(refused(one.name, one.operation, misspelt, init)).resolves.toBe(400);
    },
  );

  const posts = asked.filter(({ operation }) =>
    operation.parameters.some(({ name, required }) => name === 'Idempotency-Key' && required),
  );
  it.each(posts.map((one) => [one.operation.id, one] as const))('%s without a key', (_, one) => {
    const { url, init } = request(one.operation, ada);
    const { 'Idempotency-Key': _key, ...headers } = init.headers as Record<string, string>;
    return expect(refused(one.name, one.operation, url, { ...init, headers })).resolves.toBe(400);
  });
});

describe.each(services)('%s', (name) => {
  it('serves the committed document without a token', async () => {
    const response = await fetch(`${urlOf(name)}/openapi.json`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(committed[name]);
    const headers = { 'If-None-Match': response.headers.get('etag') ?? '' };
    expect((await fetch(`${urlOf(name)}/openapi.json`, { headers })).status).toBe(304);
  });

  it('serves a page of documentation that loads nothing from elsewhere', async () => {
    const response = await fetch(`${urlOf(name)}/docs`);
    const page = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect(page).not.toMatch(/<script>|<style|\son\w+=|style=|https?:/);
    const needed = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(needed).toHaveLength(6);
    for (const path of needed) {
      const answer = await fetch(urlOf(name) + path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('content-type'), path).not.toContain('text/html');
    }
  });

  it('names that page in the answer for an unknown path', async () => {
    const problem = (await (await fetch(`${urlOf(name)}/v1/nothing`)).json()) as object;
    expect(problem).toMatchObject({
      detail: 'There is nothing at /v1/nothing; /docs lists what is.',
    });
  });
});
