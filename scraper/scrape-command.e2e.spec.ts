import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { openTokens } from '@event-sourced/kernel/auth';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { problem, startFakeCommandApi } from '#tests/fake-command-api.ts';

/** `npm run scrape` as a process: its output and its exit code. */

const csv = [
  'Rank,Title,Genre,Description,Director,Actors,Year,Runtime (Minutes),Rating,Votes,' +
    'Revenue (Millions),Metascore',
  '1,Up,Animation,A film.,Pete Docter,Ed Asner,2009,96,8.3,722203,292.98,88',
  '2,300,Action,A film.,Zack Snyder,Gerard Butler,2006,117,7.7,637104,,',
  '',
].join('\n');
const badRow = '3,Her,Drama,A film.,Spike Jonze,Amy Adams,soon,126,8,390531,,\n';
const secret = randomUUID() + randomUUID();
/** Tokens are issued elsewhere. */
const elsewhere = {
  AUTH_SECRET: '',
  AUTH_JWKS_URL: 'http://x.test',
  AUTH_ISSUER: 'x',
  AUTH_AUDIENCE: 'movies',
};

let folder: string;
let good: string;
let bad: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrape-'));
  good = join(folder, 'good.csv');
  bad = join(folder, 'bad.csv');
  await writeFile(good, csv);
  await writeFile(bad, csv + badRow);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: { PATH: process.env.PATH, AUTH_SECRET: secret, DATA_DIR: folder, ...env },
  });

async function scrape(args: string[], env: NodeJS.ProcessEnv = {}, input: Buffer | string = '') {
  const process_ = start(args, env);
  process_.stdin.on('error', () => {});
  process_.stdin.end(input);
  const exit = new Promise<number | null>((exited) => process_.on('close', exited));
  const [out, err, code] = await Promise.all([text(process_.stdout), text(process_.stderr), exit]);
  // Leaves out the progress line of each second, which a busy machine prints even for two rows.
  const said = err.split('\n').filter((line) => line !== '' && !/^\d+(%| rows): /.test(line));
  return { out, err, said, code };
}

test('a command API that is away is named at once, with the setting and the cure', async () => {
  const waiting = start([good, '--url', 'http://127.0.0.1:9']);
  let said = '';
  for await (const some of waiting.stderr) {
    said += some;
    if (said.includes('\n')) break;
  }
  waiting.kill('SIGKILL');
  expect(said).toMatch(
    /^The command API at http:\/\/127\.0\.0\.1:9: .*; trying again .*`npm start`.*COMMAND_API_URL/,
  );
});

describe('a scrape ends with the number of rows by result', () => {
  test('exit code 0 when all rows are in, also when repeated', async () => {
    await using api = await startFakeCommandApi();
    const out = (added: number, unchanged: number) =>
      `added ${added} / changed 0 / unchanged ${unchanged} / rejected 0\n`;
    const args = [good, '--url', api.url];
    await expect(scrape(args)).resolves.toMatchObject({ out: out(2, 0), said: [], code: 0 });
    await expect(scrape(args)).resolves.toMatchObject({ out: out(0, 2), said: [], code: 0 });
  });

  test('exit code 1 when a row was rejected, with its number and reason', async () => {
    await using api = await startFakeCommandApi();
    const { out, said, code } = await scrape([bad], { COMMAND_API_URL: api.url });
    expect(code).toBe(1);
    expect(said).toEqual(['row 3 rejected: Year "soon" must be a whole number']);
    expect(out).toBe('added 2 / changed 0 / unchanged 0 / rejected 1\n');
  });

  test.each([
    ['plain', Buffer.from(csv)],
    ['compressed', gzipSync(csv)],
  ])('from standard input, %s', async (_, input) => {
    await using api = await startFakeCommandApi();
    const port = new URL(api.url).port;
    const { out, code } = await scrape(['-'], { COMMAND_API_PORT: port }, input);
    expect({ out, code }).toMatchObject({ out: expect.stringContaining('added 2'), code: 0 });
  });

  test('from a compressed file, whatever its name', async () => {
    await using api = await startFakeCommandApi();
    const file = join(folder, 'movies');
    await writeFile(file, gzipSync(csv));
    await expect(scrape([file, '--url', api.url])).resolves.toMatchObject({ code: 0 });
  });
});

describe('a file that is not as usual', () => {
  test('is read, and what was found and asked is said in a few lines', async () => {
    await using api = await startFakeCommandApi();
    const given = csv
      .replace('Runtime (Minutes)', 'Durée')
      .replace('Up', 'Là-haut')
      .replaceAll(/,(?=[^ ])|(?<=,),/g, ';')
      .replaceAll(/(\d)\.(\d)/g, '$1,$2');
    const input = Buffer.from(given.replace('Là', 'L\xe0').replace('Durée', 'Dur\xe9e'), 'latin1');
    const args = ['-', '--url', api.url, '--encoding', 'cp1252'];
    const named = await scrape([...args, '--column', 'Runtime (Minutes)=Durée'], {}, input);
    expect(named).toMatchObject({
      out: 'added 2 / changed 0 / unchanged 0 / rejected 0\n',
      said: [
        'The file has windows-1252 text, semicolons between the cells, decimal commas.',
        '"Durée" is read as Runtime (Minutes).',
      ],
      code: 0,
    });
    const sent = api.requests[0]?.lines.map((line) => JSON.parse(line));
    expect(sent).toMatchObject([
      { title: 'Là-haut', runtimeMinutes: 96, revenueMillions: 292.98 },
      { title: '300', rating: 7.7, revenueMillions: null },
    ]);
  });

  test('and lacks descriptions: known movies keep theirs', async () => {
    await using api = await startFakeCommandApi();
    const input = csv.replace('Description,', '').replaceAll('A film.,', '');
    await scrape(['-', '--url', api.url], {}, input);
    await scrape(['-', '--url', api.url, '--replace'], {}, input);
    expect(api.requests.map(({ url }) => url)).toEqual([
      '/v1/movies:import?replace=false&keepDescriptions=true',
      '/v1/movies:import?replace=true',
    ]);
  });

  test('and whose rows all have the same fault: one line says so', async () => {
    await using api = await startFakeCommandApi();
    const input = csv.replace('2009', 'soon').replace('2006', 'later');
    const { out, said, code } = await scrape(['-', '--url', api.url], {}, input);
    expect(said).toEqual([
      'all 2 rows rejected for the same reason, row 1: Year "soon" must be a whole number',
    ]);
    expect(out).toBe('added 0 / changed 0 / unchanged 0 / rejected 2\n');
    expect(code).toBe(1);
  });
});

test('an interrupted scrape prints the rows so far', async () => {
  await using api = await startFakeCommandApi();
  const process_ = start(['-', '--url', api.url]);
  const said = text(process_.stdout);
  const exit = new Promise((exited) => process_.on('close', exited));
  // More than one request: the first is answered while input still arrives.
  process_.stdin.write(csv.split('\n')[0]);
  for (let rank = 0; rank < 2_100; rank += 1) {
    process_.stdin.write(`\n${rank},Up,Animation,A film.,Pete Docter,,2009,96,8.3,722203,,`);
  }
  process_.stdin.write('\n');
  await vi.waitFor(() => expect(api.requests).toHaveLength(1), { timeout: 15_000 });
  process_.kill('SIGINT');
  await expect(exit).resolves.toBe(130);
  await expect(said).resolves.toMatch(/^added \d+ \/ changed 0 \/ unchanged 0 \/ rejected 0\n$/);
});

describe('a scrape sends', () => {
  test('a token of its own, made with the shared secret', async () => {
    await using api = await startFakeCommandApi();
    await scrape([good, '--url', api.url]);
    const caller = await openTokens({ secret }).verify(api.requests[0]?.headers.authorization);
    expect(caller).toMatchObject({ userId: 'scraper', roles: new Set(['catalogue']) });
  });

  test('SERVICE_TOKEN if set', async () => {
    await using api = await startFakeCommandApi();
    await scrape([good, '--url', api.url], { SERVICE_TOKEN: 'a.b.c' });
    expect(api.requests[0]?.headers.authorization).toBe('Bearer a.b.c');
  });

  test('whether movies may replace others with the same id', async () => {
    await using api = await startFakeCommandApi();
    await scrape([good, '--url', api.url, '--replace']);
    expect(api.requests[0]?.url).toBe('/v1/movies:import?replace=true');
  });
});

describe('unusable input ends with exit code 2 and one line that says why', () => {
  test.each([
    ['no such file', ['nowhere.csv'], {}, /^There is no file nowhere\.csv\.\n$/],
    ['a folder', ['.'], {}, /is a folder; name a CSV file\.\n$/],
    ['no file named', [], {}, /^error: missing required argument 'file'\n$/],
    ['no web address', ['good.csv', '--url', 'localhost:1'], {}, /not an http:\/\/ or https/],
    ['a wrong setting', ['good.csv'], { COMMAND_API_PORT: 'x' }, /^Settings.*\nCOMMAND_API_PORT/],
    ['foreign tokens', ['-'], elsewhere, /SERVICE_TOKEN/],
    ['an unknown encoding', ['-', '--encoding', 'ansi'], {}, /'ansi' is invalid\. .*windows-1252/],
    ['an unknown column', ['-', '--column', 'Length=x'], {}, /is invalid\. .*Rank, Title, Genre/],
  ])('%s', async (_, args, env, reason) => {
    const { err, code } = await scrape(args, env);
    expect(err).toMatch(reason);
    expect(code).toBe(2);
  });

  test('missing columns', async () => {
    const { err, code } = await scrape(['-'], {}, csv.replace('Year', 'When'));
    expect(err).toMatch(/^The file lacks the column Year; its first line has "Rank", .*\n$/);
    expect(code).toBe(2);
  });

  test('an Excel workbook', async () => {
    const { err, code } = await scrape(['-'], {}, 'PK\x03\x04 [Content_Types].xml xl/workbook.xml');
    expect(err).toBe('This is an Excel workbook; save it as CSV.\n');
    expect(code).toBe(2);
  });

  test('a token that the API refuses', async () => {
    await using api = await startFakeCommandApi();
    api.faults.push(problem(401, 'unauthorized'));
    const { out, err, code } = await scrape([good, '--url', api.url]);
    expect(err).toMatch(/^The command API refuses the token \(401\).*npm run token.*\n$/);
    expect(out).toBe('added 0 / changed 0 / unchanged 0 / rejected 0\n');
    expect(code).toBe(2);
  });

  test('but --help ends with exit code 0', async () => {
    const { out, code } = await scrape(['--help']);
    expect(out).toContain('Usage: npm run scrape -- [options] <file>');
    expect(code).toBe(0);
  });
});
