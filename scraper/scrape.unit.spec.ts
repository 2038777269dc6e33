import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { csvText } from './csv-text.ts';
import type { ImportResult } from './import-client.ts';
import type { ImportedMovie } from './movie-row.ts';
import { emptyTally, type Rejection, type ScrapeOptions, scrape } from './scrape.ts';
import { sourceOf } from './source.ts';
import { openTable } from './table.ts';

const movie = (rank: number, title = `Film ${rank}`): ImportedMovie => ({
  movieId: `m${rank}`,
  title,
  genres: ['Drama'],
  description: 'A film.',
  director: 'D',
  actors: ['A', 'B'],
  year: 2010,
  runtimeMinutes: 100,
  rating: 7,
  ratingVotes: 10,
  revenueMillions: null,
  metascore: null,
});

/** A client that accepts all lines. */
function taker(result: (line: number) => Partial<ImportResult> = () => ({ result: 'added' })) {
  const batches: string[][] = [];
  async function* send(lines: readonly string[]) {
    batches.push([...lines]);
    for (const index of lines.keys()) {
      yield { line: index + 1, movieId: 'm0', ...result(index + 1) } as ImportResult;
    }
  }
  return { send, batches };
}

async function scraped(
  input: Readable,
  client: ScrapeOptions['client'] = taker(),
  tally = emptyTally(),
) {
  const rejected: Rejection[] = [];
  const positions: number[] = [];
  const source = await sourceOf(input, null);
  await scrape({
    ...{ source, table: await openTable(source) },
    client,
    tally,
    onRejected: (rejection) => rejected.push(rejection),
    onProgress: (position) => positions.push(position),
  });
  return { tally, rejected, positions };
}

describe('each row is counted once', () => {
  test('by its result', async () => {
    const refusal = { result: 'rejected', code: 'movie-differs', detail: 'It holds Up.' } as const;
    const client = taker((line) =>
      line === 2 ? { ...refusal, errors: [] } : { result: line === 3 ? 'changed' : 'unchanged' },
    );
    const input = Readable.from([csvText([movie(5), movie(6), movie(7)])]);
    await expect(scraped(input, client)).resolves.toMatchObject({
      tally: { added: 0, changed: 1, unchanged: 1, rejected: 1 },
      rejected: [{ row: 2, reason: 'movie-differs: It holds Up.' }],
    });
  });

  test('and bad rows are not sent', async () => {
    const client = taker();
    const bad = { ...movie(2), year: 1, rating: 11 };
    const { tally, rejected } = await scraped(Readable.from([csvText([movie(1), bad])]), client);
    expect(tally).toEqual({ added: 1, changed: 0, unchanged: 0, rejected: 1 });
    const reason = 'Year "1" must be 1870 to 2200; Rating "11" must be 0 to 10';
    expect(rejected).toEqual([{ row: 2, reason }]);
    expect(client.batches).toEqual([[JSON.stringify(movie(1))]]);
  });

  test('and an id that occurs twice is sent once', async () => {
    const bad = { ...movie(2), year: 1 };
    const movies = [bad, movie(1), movie(2), movie(1, 'Other')];
    const { tally, rejected } = await scraped(Readable.from([csvText(movies)]));
    expect(tally).toMatchObject({ added: 2, rejected: 2 });
    expect(rejected[1]).toEqual({ row: 4, reason: 'Rank 1 occurs in row 2 already' });
  });

  test('and progress never goes back', async () => {
    const movies = Array.from({ length: 2_500 }, (_, index) => movie(index));
    const lines = csvText(movies).split(/(?<=\n)/);
    const { positions } = await scraped(Readable.from(lines));
    expect(positions).toHaveLength(2_500);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });
});

describe('a long file is sent in requests of bounded size', () => {
  test('of at most 2,000 movies', async () => {
    const client = taker();
    const movies = Array.from({ length: 4_500 }, (_, index) => movie(index));
    await scraped(Readable.from([csvText(movies)]), client);
    expect(client.batches.map((batch) => batch.length)).toEqual([2_000, 2_000, 500]);
  });

  test('and at most 4 MiB', async () => {
    const client = taker();
    const movies = Array.from({ length: 1_000 }, (_, index) => ({
      ...movie(index),
      description: 'é'.repeat(4_999),
    }));
    await scraped(Readable.from([csvText(movies)]), client);
    const sizes = client.batches.map((batch) => Buffer.byteLength(batch.join('\n')) + 1);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 1_048_576);
  });

  test('and rows sent before the input broke stay counted', async () => {
    async function* broken() {
      for (let rank = 0; rank < 9_000; rank += 1) {
        yield rank === 0 ? csvText([movie(rank)]) : `${csvText([movie(rank)]).split('\n')[1]}\n`;
      }
      throw new Error('the disk is gone');
    }
    const tally = emptyTally();
    await expect(scraped(Readable.from(broken()), taker(), tally)).rejects.toThrow('disk is gone');
    expect(tally).toMatchObject({ added: 8_000, rejected: 0 });
  });
});

/** The copy whose rows 357, 879 and 971 were split at a semicolon. */
const { IMDB_CSV, IMDB_BROKEN_CSV } = process.env;
const brokenCsv = IMDB_BROKEN_CSV ?? join(dirname(IMDB_CSV ?? '.'), 'IMDB-Movie-Data.broken.csv');

test.skipIf(!IMDB_CSV)('the real dataset is all good', async () => {
  const { tally } = await scraped(createReadStream(IMDB_CSV ?? ''));
  expect(tally).toEqual({ added: 1_000, changed: 0, unchanged: 0, rejected: 0 });
});

test.skipIf(!existsSync(brokenCsv))('its broken copy has 997 good rows', async () => {
  const { tally, rejected } = await scraped(createReadStream(brokenCsv));
  expect(tally).toEqual({ added: 997, changed: 0, unchanged: 0, rejected: 3 });
  expect(rejected.map(({ row }) => row)).toEqual([357, 879, 971]);
  for (const { reason } of rejected) expect(reason).toContain('must be a whole number');
});
