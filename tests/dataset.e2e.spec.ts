import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { catalogueFile } from '../scraper/make-catalogue.ts';
import { type Answer, ask, doneOf } from './answers.ts';
import { type Service, type System, startSystem } from './system.ts';

/**
 * A thousand real films go from a file to the rankings, and votes reorder them. The default
 * catalogue has the facts of the dataset that it was made after, so both have the same expected
 * values. That dataset is not in the repository; IMDB_CSV names a copy, if there is one.
 */

const { IMDB_CSV, IMDB_BROKEN_CSV } = process.env;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataset-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Allows the longest wait: two seconds can be too few on a machine that is busy with tests. */
const seeing = (token: string) => ({ 'consistency-token': token, prefer: 'wait=10' });

/** `npm run scrape` with a file. */
async function scrape({ settings }: System, api: Service, file: string) {
  const main = join(import.meta.dirname, '..', 'scraper', 'main.ts');
  const child = spawn(process.execPath, [main, file], {
    env: { ...settings, COMMAND_API_URL: api.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out: out.trim(), err, code };
}

type List<Item> = { items: Item[]; count: number; next: string | null };
type Ranked = { movieId: string; title: string; rank: number; weightedRating: number };
type Movie = Ranked & { likes: number; dislikes: number; score: number; me?: { vote: string } };

const datasets: [string, string][] = [['the default catalogue', catalogueFile]];
if (IMDB_CSV) datasets.push(['the real dataset', IMDB_CSV]);

describe.each(datasets)('%s', (_, file) => {
  let system: System;
  let api: Service;
  let queries: Service;

  beforeAll(async () => {
    system = await startSystem('dataset');
    [api, queries] = await Promise.all([
      system.start('command-api'),
      system.start('query-api'),
      system.start('projectors'),
    ]);
  });
  afterAll(() => system?.stop());

  const read = <Body>(path: string, headers: Record<string, string> = {}) =>
    ask<Body>(queries.url, `GET ${path}`, { headers });
  const ranked = async (parameters: string, headers: Record<string, string> = {}) => {
    const { body } = await read<List<Ranked>>(`/v1/rankings?${parameters}`, headers);
    return body.items.map(({ rank, title, weightedRating }) => [
      rank,
      title,
      Math.round(weightedRating * 1e4) / 1e4,
    ]);
  };
  const countOf = async (path: string) => (await read<List<Movie>>(path)).body.count;

  it('is imported completely', async () => {
    const { out, code } = await scrape(system, api, file);
    expect({ out, code }).toEqual({
      out: 'added 1000 / changed 0 / unchanged 0 / rejected 0',
      code: 0,
    });
    await until(async () => (await countOf('/v1/movies')) === 1_000);
    await until(async () => (await countOf('/v1/rankings')) === 1_000);
  });

  it('is ranked by weighted rating before anybody votes', async () => {
    expect(await ranked('limit=4')).toEqual([
      [1, 'The Dark Knight', 8.9687],
      [2, 'Inception', 8.7677],
      [3, 'Interstellar', 8.5563],
      [4, 'The Intouchables', 8.5195],
    ]);
    expect(await ranked('genre=horror&by=score&limit=3')).toEqual([
      [1, 'Zombieland', 7.6438],
      [2, 'Grindhouse', 7.4817],
      [3, 'The Conjuring', 7.4453],
    ]);
  });

  it('has 20 genres, and 297 films of 2016', async () => {
    const { body } = await read<{ items: { genre: string; movies: number }[] }>('/v1/genres');
    expect(body.items).toHaveLength(20);
    const counts = Object.fromEntries(body.items.map(({ genre, movies }) => [genre, movies]));
    expect(counts).toMatchObject({ Drama: 513, Western: 7, Musical: 5 });
    expect(await countOf('/v1/movies?year=2016')).toBe(297);
    expect(await countOf('/v1/movies?genre=drama')).toBe(513);
    expect(await countOf('/v1/rankings?genre=Western')).toBe(7);
  });

  it('adds nothing when it is imported again', async () => {
    const { out, code } = await scrape(system, api, file);
    expect({ out, code }).toEqual({
      out: 'added 0 / changed 0 / unchanged 1000 / rejected 0',
      code: 0,
    });
  });

  it('is reordered by votes, which their voters see in the next read', async () => {
    const { body } = await read<List<Ranked>>('/v1/rankings?limit=2');
    const [first, second] = body.items.map(({ movieId }) => movieId) as [string, string];
    let token = '';
    for (const [index, user] of ['ann', 'bob', 'cyd'].entries()) {
      const headers = await system.as(user, 'viewer');
      const seen = token ? { 'consistency-token': token } : {};
      const answer = await ask(api.url, `PUT /v1/movies/${first}/vote`, {
        body: { vote: 'dislike' },
        headers: { ...headers, ...seen },
      });
      token = doneOf(answer, { events: ['VoteCast'] }).token;
      const look = { ...headers, ...seeing(token) };
      const details = await read<Movie>(`/v1/movies/${first}`, look);
      expect(details.status).toBe(200);
      expect(details.body).toMatchObject({ dislikes: index + 1, me: { vote: 'dislike' } });
    }
    const now = await read<List<Ranked>>('/v1/rankings?limit=1', seeing(token));
    expect(now.body.items.map(({ movieId }) => movieId)).toEqual([second]);
    const patient = { prefer: 'wait=10' };
    const inQuery = await read<List<Ranked>>(`/v1/rankings?limit=1&consistency=${token}`, patient);
    expect(inQuery.body.items.map(({ title }) => title)).toEqual(['Inception']);
  });

  it('is answered with 304 while nothing changes', async () => {
    const etagOf = ({ headers }: Answer) => ({ 'if-none-match': headers.get('etag') ?? '' });
    const { body } = await read<List<Ranked>>('/v1/rankings?genre=Western&limit=1');
    const movieId = body.items[0]?.movieId;
    for (const path of ['/v1/rankings?genre=Western', `/v1/movies/${movieId}`]) {
      const before = await read(path);
      expect(before.headers.get('etag')).toMatch(/^W\//);
      expect(await read(path, etagOf(before))).toMatchObject({ status: 304, body: '' });
      const vote = path.includes('rankings') ? 'like' : 'dislike';
      const voted = await ask(api.url, `PUT /v1/movies/${movieId}/vote`, {
        body: { vote },
        headers: await system.as('dan', 'viewer'),
      });
      const { token } = doneOf(voted, { events: ['VoteCast'] });
      const after = await read(path, { ...etagOf(before), ...seeing(token) });
      expect(after.status).toBe(200);
      expect(etagOf(after)).not.toEqual(etagOf(before));
    }
  });
});

describe('a file with three broken rows', () => {
  const brokenRows = [357, 879, 971];

  /** The catalogue with the quotes of three descriptions gone: their commas shift the columns. */
  async function brokenCatalogue(): Promise<string> {
    const lines = (await readFile(catalogueFile, 'utf8')).split('\n');
    for (const row of brokenRows) {
      lines[row] = (lines[row] ?? '').replace(/,"([^"]*, [^"]*\.)",/, ',$1,');
    }
    const broken = join(folder, 'broken.csv');
    await writeFile(broken, lines.join('\n'));
    return broken;
  }

  it('is imported without them; the scraper names them with reasons and exits with 1', async () => {
    const system = await startSystem('broken');
    try {
      const api = await system.start('command-api');
      const { out, err, code } = await scrape(
        system,
        api,
        IMDB_BROKEN_CSV ?? (await brokenCatalogue()),
      );
      expect({ out, code }).toEqual({
        out: 'added 997 / changed 0 / unchanged 0 / rejected 3',
        code: 1,
      });
      const named = [...err.matchAll(/^row (\d+) rejected: (.*\S)/gm)];
      expect(named.map(([, row]) => Number(row))).toEqual(brokenRows);
    } finally {
      await system.stop();
    }
  });
});
