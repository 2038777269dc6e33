import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { type Asked, ask, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Imports many movies in one request: each line gets a line of the answer. */

let system: System;
let api: Service;
let log: CommittedEvents;
let catalogue: Record<string, string>;

beforeAll(async () => {
  system = await startSystem('import');
  api = await system.start('command-api');
  log = await committedEvents(system);
  catalogue = await system.as('carol', 'catalogue');
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
});

type Result = {
  line: number;
  movieId: string | null;
  result: 'added' | 'changed' | 'unchanged' | 'rejected';
  code?: string;
  detail?: string;
  errors?: { path: string; message: string }[];
};
type End = { done: boolean; added: number; changed: number; unchanged: number; rejected: number };
type Ended = End & { code?: string; token: string };

const ndjson = { 'content-type': 'application/x-ndjson' };
let keys = 0;
const headersOf = (key: string) => ({ ...catalogue, ...ndjson, 'idempotency-key': key });

const post = (body: Asked['body'], headers: Record<string, string> = {}, query = '') =>
  ask<string>(api.url, `POST /v1/movies:import${query}`, {
    body,
    headers: { ...headersOf(`import ${keys++}`), ...headers },
  });

/** An answer's lines: the results, and the end. */
function read(answer: string): { results: Result[]; end: Ended } {
  expect(answer.endsWith('\n')).toBe(true);
  const lines = answer.trimEnd().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Result & Ended);
  return { results: all.slice(0, -1), end: all.at(-1) as Ended };
}

async function imported(...given: Parameters<typeof post>) {
  const { status, headers, body } = await post(...given);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  return read(body);
}

const line = (movieId: string, change: object = {}) =>
  JSON.stringify({ movieId, ...up, ...change });
const unknownFields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, 1]));
const counts = (added: number, changed: number, unchanged: number, rejected: number) => ({
  ...{ done: true, added, changed, unchanged, rejected },
});

describe('an import', () => {
  it('answers each line, in order, and appends its event', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `order-${index}`);
    let body = '';
    const appended = await log.during(async () => {
      const { results, end } = await imported(ids.map((id) => `${line(id)}\n`).join(''));
      expect(results).toEqual(
        ids.map((movieId, index) => ({ line: index + 1, movieId, result: 'added' })),
      );
      expect(end).toMatchObject(counts(300, 0, 0, 0));
      body = end.token;
    });
    expect(appended.map(({ type }) => type)).toEqual(ids.map(() => 'MovieAdded'));
    expect(appended.map(({ meta }) => meta.subject).sort()).toEqual(
      ids.map((id) => `movies/${id}`).sort(),
    );
    const [, seen] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, object];
    expect(Object.keys(seen).sort()).toEqual(['movies:0', 'movies:1', 'movies:2']);
  });

  it('reports which movies changed, stayed the same, or are other movies', async () => {
    const text = ['a', 'b', 'c', 'd'].map((id) => line(`known-${id}`)).join('\n');
    await imported(text);
    const again = [
      line('known-a'),
      line('known-b', { rating: 1 }),
      line('known-c', { title: 'Down' }),
      line('known-d', { year: 2010 }),
      line('known-e'),
    ].join('\n');
    const { results, end } = await imported(again);
    expect(results.map(({ result, code }) => [result, code])).toEqual([
      ['unchanged', undefined],
      ['changed', undefined],
      ['rejected', 'movie-differs'],
      ['rejected', 'movie-differs'],
      ['added', undefined],
    ]);
    expect(results[2]?.detail).toContain('"Up" (2009)');
    expect(end).toMatchObject(counts(1, 1, 1, 2));
  });

  it('replaces a movie by another one with `replace`', async () => {
    await imported(line('replaced'));
    const other = line('replaced', { title: 'Down' });
    const { results } = await imported(other, {}, '?replace=true');
    expect(results).toEqual([{ line: 1, movieId: 'replaced', result: 'changed' }]);
    const { end } = await imported(line('replaced'), {}, '?replace=false');
    expect(end).toMatchObject(counts(0, 0, 0, 1));
  });

  it('keeps what a line leaves out, and clears what it says is null', async () => {
    const full = { revenueMillions: 292.98, metascore: 88 };
    await imported(line('kept', full));
    const made = line('kept', { revenueMillions: undefined, description: 'Made.' });
    const again = await imported(made, {}, '?keepDescriptions=true');
    expect(again.end).toMatchObject(counts(0, 0, 1, 0));
    await imported(line('kept', { ...full, metascore: null }));
    const neither = { revenueMillions: undefined, metascore: undefined };
    await imported(line('kept', neither), {}, '?replace=true');
    const events = await log.of('movies/kept');
    expect(events.map(({ data }) => data)).toMatchObject([
      full,
      { ...full, metascore: null },
      { revenueMillions: null, metascore: null },
    ]);
  });

  it('rejects a retired movie, and imports the others', async () => {
    await imported(line('gone'));
    await ask(api.url, 'DELETE /v1/movies/gone', { headers: catalogue });
    const { results } = await imported(`${line('gone')}\n${line('here')}`, {}, '?replace=true');
    expect(results).toMatchObject([
      { movieId: 'gone', result: 'rejected', code: 'movie-retired' },
      { movieId: 'here', result: 'added' },
    ]);
  });

  it('takes lines of the same movie one after the other', async () => {
    const ratings = Array.from({ length: 20 }, (_, index) => index / 2);
    const { results } = await imported(
      ratings.map((rating) => line('often', { rating })).join('\n'),
    );
    expect(results.map(({ result }) => result)).toEqual([
      'added',
      ...Array.from({ length: 19 }, () => 'changed'),
    ]);
    const events = await log.of('movies/often');
    expect(events.map(({ data }) => (data as { rating: number }).rating)).toEqual(ratings);
  });
});

describe('lines', () => {
  it('may be empty, end with CRLF, or not end at all: all are counted', async () => {
    const body = `\n${line('crlf-1')}\r\n\r\n   \n${line('crlf-2')}\n\n${line('crlf-3')}`;
    const { results, end } = await imported(body);
    expect(results.map((result) => [result.line, result.movieId])).toEqual([
      [2, 'crlf-1'],
      [5, 'crlf-2'],
      [7, 'crlf-3'],
    ]);
    expect(end).toMatchObject(counts(3, 0, 0, 0));
  });

  it('may be missing: there is nothing to do', async () => {
    expect((await imported('\n')).end).toMatchObject(counts(0, 0, 0, 0));
    expect((await imported(' ')).results).toEqual([]);
  });

  it('may come in pieces of any size, cut anywhere', async () => {
    const whole = Buffer.from(
      ['one', 'two'].map((id) => `${line(`cut-${id}`, { title: 'É🎬' })}\n`).join(''),
    );
    const bytes = Array.from(whole, (_, at) => whole.subarray(at, at + 1));
    const { results } = await imported(ReadableStream.from(bytes));
    expect(results).toMatchObject([{ movieId: 'cut-one' }, { movieId: 'cut-two' }]);
    const [added] = await log.of('movies/cut-one');
    expect(added?.data).toMatchObject({ title: 'É🎬' });
  });

  it.each<[string, string | Buffer, string, string[] | undefined]>([
    ['that is no JSON', '{"movieId":', 'malformed-json', undefined],
    ['that is no object', '["m1"]', 'invalid-input', undefined],
    ['that is null', 'null', 'invalid-input', undefined],
    [
      'with a number too large',
      line('bad', { ratingVotes: 2 ** 53 - 1 }),
      'invalid-input',
      ['ratingVotes'],
    ],
    ['that is not UTF-8', Buffer.from('{"title":"\xff"}', 'latin1'), 'malformed-json', undefined],
    ['that is too long', line('long', { title: 'x'.repeat(70_000) }), 'body-too-large', undefined],
    ['with a wrong field', line('bad', { year: '2009' }), 'invalid-input', ['year']],
    ['with an unknown field', line('bad', { titel: 'Up' }), 'invalid-input', ['titel']],
    ['with an option of the request', line('bad', { replace: true }), 'invalid-input', ['replace']],
    [
      'with another one',
      line('bad', { keepDescription: true }),
      'invalid-input',
      ['keepDescription'],
    ],
    ['without an id', JSON.stringify(up), 'invalid-input', ['movieId']],
    ['with a bad id', line('a b'), 'invalid-input', ['movieId']],
    ['with a control character', line('bad', { title: 'a\u0000' }), 'invalid-input', ['title']],
    ['with half a character', line('bad', { title: '\ud800' }), 'invalid-input', ['title']],
  ])('one %s is rejected by number and reason; others are done', async (_, bad, code, paths) => {
    const before = `${line('before')}\n\n`;
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bad), Buffer.from(`\n`)]);
    const { results, end } = await imported(Buffer.concat([body, Buffer.from(line('after'))]));
    expect(results.map((result) => result.line)).toEqual([1, 3, 4]);
    expect(results[1]).toMatchObject({ result: 'rejected', code });
    expect(results[1]?.detail).toMatch(/\S/);
    expect(results[1]?.errors?.map(({ path }) => path)).toEqual(paths);
    expect(end).toMatchObject({ done: true, rejected: 1 });
    expect(await log.of('movies/bad')).toEqual([]);
  });

  it('with very many mistakes are answered with some of the mistakes', async () => {
    const { results } = await imported(line('many', unknownFields(1_000)));
    expect(results[0]?.errors).toHaveLength(50);
  });
});

describe('an import is refused whole', () => {
  it.each<[string, Record<string, string>, string]>([
    ['another type', { 'content-type': 'application/json' }, 'media-type-unsupported'],
    ['compressed lines', { 'content-encoding': 'gzip' }, 'media-type-unsupported'],
    ['an empty Idempotency-Key', { 'idempotency-key': '' }, 'invalid-input'],
    ['a bad If-Match', { 'if-match': 'x' }, 'invalid-input'],
    ['the version of one movie', { 'if-match': '"1"' }, 'invalid-input'],
    ['the absence of one movie', { 'if-none-match': '*' }, 'invalid-input'],
    [
      'another charset',
      { 'content-type': 'application/x-ndjson; charset=utf-16' },
      'media-type-unsupported',
    ],
    ['a token of another log', { 'consistency-token': 'WyJ4Iix7fV0' }, 'invalid-token'],
    ['a token that is none', { 'consistency-token': 'x' }, 'invalid-token'],
    ['no token', { authorization: '' }, 'unauthorized'],
  ])('for %s', async (_, headers, code) => {
    const appended = await log.during(async () => {
      problemOf(await post(line('refused'), headers), code);
    });
    expect(appended).toEqual([]);
  });

  it('without the role, without a key, for an unknown option', async () => {
    const appended = await log.during(async () => {
      problemOf(await post(line('refused'), await system.as('eve', 'viewer')), 'forbidden');
      const { 'idempotency-key': _, ...headers } = headersOf('none');
      const body = line('refused');
      const answer = await ask(api.url, 'POST /v1/movies:import', { body, headers });
      problemOf(answer, 'idempotency-key-required');
      problemOf(await post(body, {}, '?replace=yes'), 'invalid-input');
      problemOf(await post(body, {}, '?dry=true'), 'invalid-input');
    });
    expect(appended).toEqual([]);
  });

  it('for a Content-Length above 16 MiB', async () => {
    const appended = await log.during(async () => {
      const body = `${line('refused')}\n`.padEnd(16 * 1024 * 1024 + 1);
      problemOf(await post(body), 'body-too-large');
      const type = { 'content-type': 'text/plain' };
      problemOf(await post(body, type), 'body-too-large');
    });
    expect(appended).toEqual([]);
  });
});

it('a body of more than 16 MiB without a Content-Length is read up to 16 MiB', async () => {
  const filler = Buffer.from(`${' '.repeat(65_000)}\n`);
  const pieces = [
    Buffer.from(`${line('within')}\n`),
    ...Array.from({ length: 300 }, () => filler),
    Buffer.from(`${line('beyond')}\n`),
  ];
  const { results, end } = await imported(ReadableStream.from(pieces));
  expect(results).toEqual([{ line: 1, movieId: 'within', result: 'added' }]);
  expect(end).toMatchObject({ ...counts(1, 0, 0, 0), done: false, code: 'body-too-large' });
  expect(await log.of('movies/beyond')).toEqual([]);
});

it('16 MiB of lines are accepted', async () => {
  const filler = `${' '.repeat(65_000)}\n`.repeat(258);
  const body = `${line('first')}\n${filler}${line('last')}`;
  expect(body.length).toBeLessThan(16 * 1024 * 1024);
  expect((await imported(body)).end).toMatchObject(counts(2, 0, 0, 0));
});

describe('a key', () => {
  it('that is repeated gets the first answers, and no event is appended', async () => {
    const body = [line('key-1'), '{', line('key-2'), line('key-1', { rating: 1 })].join('\n');
    const first = await imported(body, { 'idempotency-key': 'again' });
    expect(first.end).toMatchObject(counts(2, 1, 0, 1));
    const appended = await log.during(async () => {
      expect(await imported(body, { 'idempotency-key': 'again' })).toEqual(first);
    });
    expect(appended).toEqual([]);
  });

  it('that is repeated with more lines continues after the first ones', async () => {
    const begun = `${line('begun-1')}\n${line('begun-2')}\n`;
    await imported(begun, { 'idempotency-key': 'begun' });
    const appended = await log.during(async () => {
      const whole = `${begun}${line('begun-3')}\n`;
      const { end } = await imported(whole, { 'idempotency-key': 'begun' });
      expect(end).toMatchObject(counts(3, 0, 0, 0));
    });
    expect(appended.map(({ meta }) => meta.subject)).toEqual(['movies/begun-3']);
  });

  it('that is repeated with other lines is refused line by line', async () => {
    await imported(line('reused'), { 'idempotency-key': 'reused' });
    const other = line('reused', { rating: 1 });
    const { results } = await imported(other, { 'idempotency-key': 'reused' });
    expect(results).toMatchObject([{ result: 'rejected', code: 'key-reused' }]);
  });
});

describe('a client', () => {
  const open = (key: string, user = catalogue) => {
    const headers = { ...headersOf(key), ...user };
    return request(`${api.url}/v1/movies:import`, { method: 'POST', headers });
  };

  it('may write the whole request before it reads any result', async () => {
    const upload = open('writes first');
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    // 12 MB in each direction, more than the sockets can buffer.
    const piece = `${line('first-of-all', unknownFields(50)).padEnd(3_000)}\n`;
    for (let lines = 0; lines < 4_000; lines += 1) {
      if (!upload.write(piece)) await once(upload, 'drain');
    }
    await new Promise((resolve) => upload.end(resolve));
    const [answer] = await answered;
    const all = await text(answer);
    expect(all.length).toBeGreaterThan(10_000_000);
    expect(read(all).end).toMatchObject(counts(0, 0, 0, 4_000));
  });

  it('that never reads is cut off before it fills the memory', async () => {
    const upload = open('never reads');
    upload.write(`${line('unread')}\n`);
    upload.on('response', (answer: IncomingMessage) => answer.pause());
    upload.on('error', () => undefined);
    upload.write(`${JSON.stringify(unknownFields(50))}\n`.repeat(14_000));
    const cutOff = /_count\{.*:import",status="499"[,}]/;
    const metrics = () => ask<string>(api.operationsUrl, 'GET /metrics');
    await until(async () => cutOff.test((await metrics()).body));
    upload.destroy();
    const appended = await log.during(async () => {
      const again = await imported(line('unread'), { 'idempotency-key': 'never reads' });
      expect(again.results).toEqual([{ line: 1, movieId: 'unread', result: 'added' }]);
    });
    expect(appended).toEqual([]);
  });

  it('has two imports at once, whatever others do, and others have theirs', async () => {
    // Users of this try alone: an import that another test has cut off may still be ending.
    const [ada, cora] = await Promise.all(
      ['ada', 'cora'].map((name) => system.as(`${name}-${randomUUID()}`, 'catalogue')),
    );
    const running = ['one of two', 'two of two'].map((key) => open(key, ada));
    for (const [at, upload] of running.entries()) {
      upload.write(`${line(`two-${at}`)}\n`);
      await until(async () => (await log.of(`movies/two-${at}`)).length === 1);
    }
    const refused = await post(line('third'), ada);
    problemOf(refused, 'rate-limited');
    expect(refused.headers.get('retry-after')).toBe('5');
    const { end } = await imported(line('third'), cora);
    expect(end.done).toBe(true);
    for (const upload of running) upload.end();
    await until(async () => (await post(line('third'), ada)).status === 200);
  });

  it('reads the first results while it still writes', async () => {
    const upload = open('while writing');
    const ids = Array.from({ length: 1_500 }, (_, index) => `while-${index}`);
    upload.write(ids.map((id) => `${line(id)}\n`).join(''));
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(String(first)).toContain('"movieId":"while-0","result":"added"');
    upload.end(line('while-last'));
    const { end } = read(`${first}${await text(answer)}`);
    expect(end).toMatchObject(counts(1_501, 0, 0, 0));
  });

  it('that disconnects leaves its lines done, and the API working', async () => {
    const upload = open('goes away');
    upload.on('error', () => undefined);
    upload.write(`${line('left-1')}\n${line('left-2')}\n{"movieId":"left-3"`);
    const added = async () => (await log.of('movies/left-2')).length === 1;
    while (!(await added()));
    upload.destroy();
    const answer = await ask(api.url, 'PUT /v1/movies/left-4', { body: up, headers: catalogue });
    doneOf(answer, { events: ['MovieAdded'] });
    expect(await log.of('movies/left-3')).toEqual([]);
  });
});
