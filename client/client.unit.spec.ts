import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerOf, moviesClient, ProblemError, UnreachableError } from './client.ts';
import { type Api, apis, fileOf, typesOf } from './generate.ts';

/** Answers requests with these, one after the other, and keeps what was sent. */
function apiOf(...answers: (Response | Error)[]) {
  const sent: Request[] = [];
  const client = moviesClient({
    commandApi: 'http://commands.example/base/',
    queryApi: 'http://queries.example',
    token: () => 'secret',
    attempts: 3,
    fetch: async (request) => {
      sent.push(request);
      const answer = answers.shift() ?? new Error('no further answer');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const vote = () =>
    answerOf(
      client.commands.PUT('/v1/movies/{movieId}/vote', {
        params: { path: { movieId: 'm1' } },
        body: { vote: 'like' },
      }),
    );
  const genres = () => answerOf(client.queries.GET('/v1/genres'));
  return { sent, client, vote, genres };
}

const json = (body: object, headers: Record<string, string> = {}, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json({ type: `/problems/${code}`, title: code, status, code, detail: 'So.' }, headers, status);
const seen = (token: string) => json({ items: [] }, { 'consistency-token': token });
const header = (requests: Request[], name: string) =>
  requests.map(({ headers }) => headers.get(name));

describe.each(Object.keys(apis) as Api[])('the types of %s', (api) => {
  it('are those of the OpenAPI document', async () => {
    expect(readFileSync(fileOf(api), 'utf8')).toBe(await typesOf(api));
  });
});

describe('the client', () => {
  it('says who asks, and keeps the path of a base URL', async () => {
    const { sent, vote } = apiOf(json({}));
    await vote();
    expect(sent[0]?.url).toBe('http://commands.example/base/v1/movies/m1/vote');
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer secret');
  });

  it('sends a command again with its key and its body until there is an answer', async () => {
    const away = problem(503, 'part-away', { 'retry-after': '0' });
    const { sent, vote } = apiOf(new TypeError('reset'), away, json({ version: 1 }));
    expect(await vote()).toEqual({ version: 1 });
    expect(new Set(header(sent, 'idempotency-key')).size).toBe(1);
    expect(sent[0]?.headers.get('idempotency-key')).toMatch(/^[\da-f-]{36}$/);
    expect(await Promise.all(sent.map((one) => one.text()))).toEqual(
      Array(3).fill('{"vote":"like"}'),
    );
  });

  it('sends a command again that a proxy got no answer to', async () => {
    const { sent, vote } = apiOf(new Response('<html>', { status: 502 }), json({ version: 1 }));
    expect(await vote()).toEqual({ version: 1 });
    expect(new Set(header(sent, 'idempotency-key')).size).toBe(1);
  });

  it('gives two commands two keys', async () => {
    const { sent, vote } = apiOf(json({}), json({}));
    await vote();
    await vote();
    expect(new Set(header(sent, 'idempotency-key')).size).toBe(2);
  });

  it('throws a refusal at once, with its code', async () => {
    const { sent, vote } = apiOf(problem(409, 'movie-retired'));
    const error = await vote().catch((one) => one);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'movie-retired', status: 409, message: 'So.' });
    expect(sent).toHaveLength(1);
  });

  it('throws something of its own for an answer that is no problem', async () => {
    const { genres } = apiOf(new Response('<html>', { status: 500 }));
    await expect(genres()).rejects.toMatchObject({ code: 'no-problem', status: 500 });
  });

  it('tells that nobody answers', async () => {
    const { genres } = apiOf();
    await expect(genres()).rejects.toThrow(UnreachableError);
  });

  it('carries what it has seen to the next request, of either API', async () => {
    const { sent, genres, vote } = apiOf(
      seen('a'),
      json({}, { 'consistency-token': 'b' }),
      seen('b'),
    );
    await genres();
    await vote();
    await genres();
    expect(header(sent, 'consistency-token')).toEqual([null, 'a', 'b']);
  });

  it('keeps both tokens of requests that were under way together', async () => {
    const { sent, genres } = apiOf(seen('a'), seen('b'), seen('c'), seen('d'));
    await Promise.all([genres(), genres()]);
    await genres();
    await genres();
    expect(header(sent, 'consistency-token')).toEqual([null, null, 'a,b', 'c']);
  });

  it('begins anew where its tokens are of a log that is gone', async () => {
    const { sent, genres } = apiOf(seen('old'), problem(400, 'invalid-token'), seen('new'));
    await genres();
    await genres();
    expect(header(sent, 'consistency-token')).toEqual([null, 'old', null]);
  });
});

describe('live messages', () => {
  const stream = (text: string) =>
    new Response(text, { headers: { 'content-type': 'text/event-stream' } });

  it('go on after the last one when the connection is lost', async () => {
    const { sent, client } = apiOf(
      stream('id: 7\nevent: changed\ndata: {"a":1}\n\n'),
      stream(': heartbeat\n\nid: 8\ndata: {"a":2}\n\n'),
    );
    const ending = new AbortController();
    const got: unknown[] = [];
    for await (const message of client.live({ views: 'rankings' }, { signal: ending.signal })) {
      got.push(message);
      if (got.length === 2) ending.abort();
    }
    expect(got).toEqual([
      { id: '7', event: 'changed', data: { a: 1 } },
      { id: '8', event: 'message', data: { a: 2 } },
    ]);
    expect(header(sent, 'last-event-id')).toEqual([null, '7']);
    expect(sent[0]?.url).toBe('http://queries.example/v1/live?views=rankings');
  });

  it('end with an error where the API refuses them', async () => {
    const { client } = apiOf(problem(403, 'forbidden'));
    const { signal } = new AbortController();
    const first = client.live({ views: 'secrets' }, { signal }).next();
    await expect(first).rejects.toMatchObject({ code: 'forbidden' });
  });
});
