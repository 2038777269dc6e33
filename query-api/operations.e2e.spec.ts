import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask, type Done, doneOf, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** What operators see of a running system. */

let system: System;
let commandApi: Service;
let queryApi: Service;
let operator: { authorization: string };
let alice: { authorization: string };

type Answer = {
  status: number;
  body: Record<string, never> & { items: Record<string, unknown>[] };
};

const ops = async (path: string, headers = operator) =>
  (await ask(queryApi.url, `GET /v1/ops/${path}`, { headers })) as unknown as Answer;

function readToEnd(url: string) {
  const answer = fetch(url, { headers: operator });
  return {
    begun: answer.then(({ status }) => status),
    text: answer.then((one) => one.text()),
  };
}

beforeAll(async () => {
  system = await startSystem('operations');
  [commandApi, queryApi] = (await Promise.all(
    (['command-api', 'query-api', 'projectors', 'reactors'] as const).map((name) =>
      system.start(name),
    ),
  )) as [Service, Service];
  operator = await system.as('olga', 'operator');
  alice = await system.as('alice', 'viewer');
  const headers = await system.as('carol', 'catalogue');
  doneOf(await ask<Done>(commandApi.url, 'PUT /v1/movies/m55', { body: up, headers }));
  doneOf(
    await ask<Done>(commandApi.url, 'PUT /v1/movies/m55/vote', {
      ...{ body: { vote: 'like' }, headers: alice },
    }),
  );
}, 120_000);
afterAll(() => system?.stop());

describe('operators', { timeout: 60_000 }, () => {
  it('see every view with its lanes, and the trend of its lag', async () => {
    let found: Record<string, unknown> | undefined;
    await until(async () => {
      const { body } = await ops('projections');
      found = body.items.find(({ name, eventsBehind }) => name === 'rankings' && !eventsBehind);
      return found !== undefined;
    });
    expect(found).toMatchObject({
      ...{ active: expect.stringMatching(/^rankings\.g/), state: 'live', parked: 0 },
      ...{ building: null, lastError: null, trend: expect.any(Array) },
    });
    const lanes = found?.lanes as Record<string, unknown>[];
    expect(lanes).toHaveLength(3);
    expect(lanes[0]).toMatchObject({ owner: expect.any(String), stopped: false });
    const passed = lanes.flatMap(({ positions }) => Object.values(positions as object));
    expect(Math.max(...passed)).toBeGreaterThan(0);
  });

  it('see who writes each lane, how fast, and every node', async () => {
    const { body } = await ops('lanes');
    expect(body.items).toHaveLength(3);
    for (const lane of body.items) {
      expect(lane).toMatchObject({ open: true, trouble: null, url: commandApi.operationsUrl });
    }
    expect(body.items.some(({ latencyMs }) => latencyMs !== null)).toBe(true);
    const nodes = body.nodes as unknown as { roles: string[]; reached: boolean }[];
    expect(nodes.map(({ roles }) => roles.join()).sort()).toEqual([
      ...['clock,reactor', 'projector', 'writer'],
    ]);
    expect(nodes.every(({ reached }) => reached)).toBe(true);
  });

  it('see every reactor', async () => {
    const { body } = await ops('reactors');
    expect(body.items).toMatchObject([{ name: 'technical-support', state: 'live', parked: 0 }]);
  });

  it('see the schemas, and whether the registry would take another one', async () => {
    const { body: all } = await ops('schemas');
    expect(all.items).toContainEqual(expect.objectContaining({ type: 'VoteCast', versions: [1] }));
    const { body } = await ops('schemas/VoteRetracted');
    const [{ schema }] = body.versions as unknown as [{ schema: { fields: object[] } }];
    const check = async (fields: object[]) => {
      const path = 'POST /v1/ops/schemas/VoteRetracted/check';
      const asked = { body: { schema: JSON.stringify({ ...schema, fields }) }, headers: operator };
      return (await ask(queryApi.url, path, asked)).body;
    };
    const added = { name: 'why', type: ['null', 'string'], default: null };
    expect(await check([...schema.fields, added])).toMatchObject({
      ...{ compatible: true, differences: [{ path: 'why', change: 'added' }] },
    });
    const { default: _, ...required } = added;
    expect(await check([...schema.fields, required])).toMatchObject({
      ...{ compatible: false, messages: [expect.stringContaining('why')] },
    });
  });

  it('follow the log, and only what they ask for', async () => {
    const stop = new AbortController();
    const url = `${queryApi.url}/v1/ops/tail?type=VoteCast&user=alice&from=2020-01-01`;
    const answer = await fetch(url, { headers: operator, signal: stop.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const reading = (async () => {
      for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part;
    })().catch(() => {});
    await until(() => text.includes('"vote":"like"'));
    await ask(commandApi.url, 'PUT /v1/movies/m55/vote', {
      ...{ body: { vote: 'dislike' }, headers: alice },
    });
    await until(() => text.includes('"vote":"dislike"'));
    expect(text).not.toContain('MovieAdded');
    expect(text.match(/^event: event$/gm)).toHaveLength(2);
    // A node that stops tells so, and is not held up by those who follow.
    const other = await system.start('query-api');
    const end = readToEnd(`${other.url}/v1/ops/tail`);
    expect(await end.begun).toBe(200);
    const [code, last] = await Promise.all([other.end('SIGTERM'), end.text]);
    expect({ code, last }).toEqual({ code: 0, last: expect.stringContaining('event: end') });
    stop.abort();
    await reading;
  });

  it.each(['projections', 'lanes', 'reactors', 'dead-letters', 'schemas', 'tail'])(
    'alone see %s',
    async (path) => {
      expect((await ops(path, alice)).status).toBe(403);
      expect((await ops(path, {} as typeof operator)).status).toBe(401);
    },
  );
});
