import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import {
  cutAfter,
  type FakeCommandApi,
  problem,
  startFakeCommandApi,
} from '#tests/fake-command-api.ts';
import { ImportClient, type ImportOptions, type ImportResult } from './import-client.ts';

const lines = ['Up', 'Her', '300'].map((title, index) =>
  JSON.stringify({ movieId: `m${index + 1}`, title }),
);

const resultsOf = (client: ImportClient, sent: string[]): Promise<ImportResult[]> =>
  Readable.from(client.send(sent)).toArray();

function clientOf(api: Pick<FakeCommandApi, 'url'>, options: Partial<ImportOptions> = {}) {
  const waits: { reason: string; waitMs: number }[] = [];
  const client = new ImportClient({
    url: api.url,
    replace: false,
    bearer: async () => 'a.b.c',
    onWait: (reason, waitMs) => waits.push({ reason, waitMs }),
    firstWaitMs: 1,
    attempts: 3,
    ...options,
  });
  const send = async (sent = lines) => {
    const results = await resultsOf(client, sent);
    return results.sort((a, b) => a.line - b.line).map(({ movieId, result }) => [movieId, result]);
  };
  return { client, send, waits };
}

const allAdded = [
  ['m1', 'added'],
  ['m2', 'added'],
  ['m3', 'added'],
];

describe('movies are sent as one import command', () => {
  test('and each movie gets its answer', async () => {
    await using api = await startFakeCommandApi();
    await expect(clientOf(api).send()).resolves.toEqual(allAdded);
    expect(api.requests).toHaveLength(1);
    expect(api.requests[0]).toMatchObject({
      url: '/v1/movies:import?replace=false',
      lines,
      headers: { authorization: 'Bearer a.b.c', 'content-type': 'application/x-ndjson' },
    });
    expect(api.requests[0]?.headers['idempotency-key']).toMatch(/^[\w-]{36}$/);
  });

  test('with another key and the last token for each command', async () => {
    await using api = await startFakeCommandApi();
    const { send } = clientOf({ url: `${api.url}/` }, { replace: true });
    await send();
    await expect(send()).resolves.toContainEqual(['m1', 'unchanged']);
    const [first, second] = api.requests;
    expect(second?.url).toBe('/v1/movies:import?replace=true');
    expect(second?.headers['consistency-token']).toBe('token-1');
    expect(second?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
    await send();
    expect(api.requests[2]?.headers['consistency-token']).toBe('token-2');
  });
});

describe('a temporary failure is retried with the same key and lines', () => {
  test.each([
    ['503', problem(503, 'lane-unavailable')],
    ['429', problem(429, 'rate-limited')],
    ['500', problem(500, 'internal-error')],
    ['a connection that is cut before an answer', cutAfter()],
    [
      'a connection that is cut within the answer',
      cutAfter('{"line":1,"movieId":"m1","result":"added"}\n{"li'),
    ],
    [
      'an answer that leaves lines out',
      cutAfter('{"line":2,"movieId":"m2","result":"added"}\n{"done":true}\n'),
    ],
    [
      'a line that a busy lane turned away',
      cutAfter('{"line":1,"movieId":"m1","result":"rejected","code":"lane-unavailable"}\n'),
    ],
  ])('%s', async (_, fault) => {
    await using api = await startFakeCommandApi();
    api.faults.push(fault);
    const { send, waits } = clientOf(api);
    await expect(send()).resolves.toEqual(allAdded);
    expect(waits).toHaveLength(1);
    const [first, second] = api.requests;
    expect(second?.lines).toEqual(first?.lines);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  test('an answer that stops without an end', async () => {
    await using api = await startFakeCommandApi();
    api.faults.push((response) => response.writeHead(200).write('{"line":1,') || true);
    const { send, waits } = clientOf(api, { silenceMs: 50 });
    await expect(send()).resolves.toEqual(allAdded);
    expect(waits[0]?.reason).toBe('the API has stopped answering');
  });

  test('not before Retry-After', async () => {
    await using api = await startFakeCommandApi();
    api.faults.push(problem(503, 'part-away', { 'retry-after': '1' }));
    const { send, waits } = clientOf(api);
    await expect(send()).resolves.toEqual(allAdded);
    expect(waits).toEqual([{ reason: 'Said for part-away.', waitMs: 1_000 }]);
  });

  test('as long as each request decides another movie', async () => {
    await using api = await startFakeCommandApi();
    for (const line of [1, 2, 3]) {
      api.faults.push(problem(503, 'overloaded'));
      api.faults.push(cutAfter(`{"line":${line},"movieId":"m${line}","result":"added"}\n`));
    }
    await expect(clientOf(api).send()).resolves.toEqual(allAdded);
  });
});

describe('a line that the API fails on', () => {
  const failing = cutAfter(
    '{"line":1,"movieId":"m1","result":"added"}\n' +
      '{"line":2,"movieId":"m2","result":"rejected","code":"internal-error","detail":"A bug."}\n' +
      '{"line":3,"movieId":"m3","result":"added"}\n{"done":true}\n',
  );

  test('once is sent again', async () => {
    await using api = await startFakeCommandApi();
    api.faults.push(failing);
    await expect(clientOf(api).send()).resolves.toEqual(allAdded);
    expect(api.requests).toHaveLength(2);
  });

  test('twice is rejected, and the others stay done', async () => {
    await using api = await startFakeCommandApi();
    api.faults.push(failing, failing);
    const { client } = clientOf(api);
    const results = await resultsOf(client, lines);
    expect(results.map(({ line, result }) => [line, result]).sort()).toEqual([
      [1, 'added'],
      [2, 'rejected'],
      [3, 'added'],
    ]);
    expect(results).toContainEqual(expect.objectContaining({ line: 2, detail: 'A bug.' }));
    expect(api.requests).toHaveLength(2);
  });
});

describe('a permanent failure ends the run with its reason', () => {
  test.each([
    ['a refused token', problem(401, 'unauthorized'), /\(401\): Said .* `npm run token -- /],
    ['a missing role', problem(403, 'forbidden'), /\(403\): Said .* --roles catalogue/],
    ['another service', problem(404, 'route-unknown'), /does not answer like a command API/],
    ['a refused request', problem(415, 'media-type-unsupported'), /\(415\): Said for media/],
    [
      'an answer to something else',
      cutAfter('{"hello":1}\n'),
      /no answer to an import: {"hello":1}/,
    ],
    ['a line never sent', cutAfter('{"line":4,"movieId":"m4","result":"added"}\n'), /no answer/],
  ])('%s', async (_, fault, reason) => {
    await using api = await startFakeCommandApi();
    api.faults.push(fault);
    const { send, waits } = clientOf(api);
    await expect(send()).rejects.toThrow(reason);
    expect(waits).toEqual([]);
  });

  test('an API that stays away', async () => {
    await using api = await startFakeCommandApi();
    for (let times = 0; times < 3; times += 1) api.faults.push(problem(503, 'part-away'));
    await expect(clientOf(api).send()).rejects.toThrow(/can't be used: Said for part-away\. .*npm/);
    expect(api.requests).toHaveLength(3);
  });

  test('an address where nothing listens', async () => {
    const { url } = await startFakeCommandApi().then(async (api) => {
      await api[Symbol.asyncDispose]();
      return api;
    });
    await expect(clientOf({ url }).send()).rejects.toThrow('nothing listens at that address');
  });
});

test('a movie that the rules refuse is an answer, not an error', async () => {
  await using api = await startFakeCommandApi();
  const { client, send } = clientOf(api);
  await send();
  const other = JSON.stringify({ movieId: 'm1', title: 'Down' });
  await expect(resultsOf(client, [other])).resolves.toEqual([
    {
      line: 1,
      movieId: 'm1',
      result: 'rejected',
      code: 'movie-differs',
      detail: 'm1 already holds Up.',
      errors: [],
    },
  ]);
});
