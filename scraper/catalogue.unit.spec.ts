import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cells } from './columns.ts';
import { describeMovie, type Facts } from './describe-movie.ts';
import { genrePhrase, withArticle } from './genre-phrase.ts';
import { catalogueFile, catalogueFrom } from './make-catalogue.ts';
import { checkRow, type ImportedMovie } from './movie-row.ts';
import { sourceOf } from './source.ts';
import { openTable, type Row } from './table.ts';

async function rowsOf(file: string): Promise<Row[]> {
  const { rows } = await openTable(await sourceOf(createReadStream(file), null));
  return Readable.from(rows).toArray();
}

describe('the default catalogue', () => {
  let rows: Row[];
  let movies: ImportedMovie[];
  beforeAll(async () => {
    rows = await rowsOf(catalogueFile);
    movies = rows.flatMap(({ cells }) => {
      const checked = checkRow(cells);
      return 'movie' in checked ? checked.movie : [];
    });
  });

  test('holds 1,000 good rows, films of 2006 to 2016', () => {
    expect(rows.flatMap(({ faults }) => faults)).toEqual([]);
    expect(movies).toHaveLength(1_000);
    expect(new Set(movies.map(({ movieId }) => movieId)).size).toBe(1_000);
    expect(movies.every(({ year }) => year >= 2006 && year <= 2016)).toBe(true);
  });

  test('equals the script’s output from its own facts', async () => {
    await expect(catalogueFrom(catalogueFile)).resolves.toBe(await readFile(catalogueFile, 'utf8'));
  });

  test('describes each film in words of its own', () => {
    const descriptions = movies.map(({ description }) => description);
    expect(new Set(descriptions).size).toBe(1_000);
    for (const description of descriptions) {
      expect(description).toMatch(/^[“\p{Lu}].*[.]$/u);
      expect(description).not.toMatch(
        /undefined|null|NaN| {2}|\.\.\s|\b0 (hours|minutes)|\ba [aeio]/,
      );
    }
  });
});

describe('a description is made from facts', () => {
  const facts: Facts = {
    rank: 1,
    title: 'Up',
    genres: ['Adventure'],
    director: 'Pete Docter',
    actors: ['Ed Asner', 'Jordan Nagai', 'John Ratzenberger'],
    year: 2009,
    runtimeMinutes: 96,
    rating: 8,
    ratingVotes: 722_203,
    revenueMillions: 292.98,
    metascore: 88,
  };
  const every = (change: Partial<Facts> = {}) =>
    Array.from({ length: 300 }, (_, rank) => describeMovie({ ...facts, ...change, rank }));

  test('the same each time, and differently by rank', () => {
    expect(every()).toEqual(every());
    expect(new Set(every()).size).toBeGreaterThan(150);
  });

  test('and names people, year, rating and box office', () => {
    const parts = [
      'adventure',
      'Pete Docter',
      'Ed Asner',
      'Jordan Nagai',
      '2009',
      '8.0',
      '$292.98',
    ];
    for (const text of every()) for (const part of parts) expect(text).toContain(part);
  });

  test.each<[string, Partial<Facts>, RegExp]>([
    ['without actors', { actors: [] }, /Pete Docter/],
    ['with one', { actors: ['Ed Asner'] }, /Ed Asner plays the leading part\./],
    ['with two', { actors: ['A B', 'C D'] }, /played by A B and C D\./],
    ['without a Metascore', { metascore: null }, /8\.0/],
    ['that critics liked more', { rating: 5 }, /Critics liked it more than audiences did/],
    ['that earned little', { revenueMillions: 0.02 }, /about \$20,000/],
    ['that earned nothing', { revenueMillions: 0 }, /rounds to nothing/],
    ['of its director', { actors: ['Pete Docter', 'A B'] }, /also appears|also in|both sides/],
  ])('of a film %s', (_, change, words) => {
    for (const text of every(change)) expect(text).toMatch(words);
  });

  test('and leaves out an unknown box office', () => {
    expect(every({ revenueMillions: null }).join('\n')).not.toMatch(/box office|cinemas|\$/);
  });

  test.each([
    [['Comedy', 'Romance'], 'a romantic comedy'],
    [['Action', 'Adventure', 'Sci-Fi'], 'a science-fiction action adventure'],
    [['Comedy', 'Drama'], 'a comedy-drama'],
    [['Horror'], 'a horror film'],
    [['Animation', 'Adventure', 'Comedy'], 'an animated adventure comedy'],
    [['Noir'], 'a film'],
  ])('%j is %s', (genres, words) => {
    expect(withArticle(genrePhrase(genres))).toBe(words);
  });
});

const { IMDB_CSV } = process.env;

describe.skipIf(!IMDB_CSV)('beside the public dataset, the catalogue', () => {
  let theirs: Row[];
  let ours: string;
  beforeAll(async () => {
    theirs = await rowsOf(IMDB_CSV ?? '');
    ours = await readFile(catalogueFile, 'utf8');
  });

  test('has the same facts', async () => {
    const facts = (cells: Cells) => {
      const checked = checkRow({ ...cells, description: '-' });
      return 'movie' in checked ? checked.movie : checked;
    };
    const rows = await rowsOf(catalogueFile);
    expect(rows.map(({ cells }) => facts(cells))).toEqual(theirs.map(({ cells }) => facts(cells)));
    await expect(catalogueFrom(IMDB_CSV ?? '')).resolves.toBe(ours);
  });

  test('and none of the descriptions, nor eight words of one in a row', () => {
    const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
    const runs = (text: string) =>
      words(text).flatMap((_, at, all) =>
        at + 8 <= all.length ? [all.slice(at, at + 8).join(' ')] : [],
      );
    const known = new Set(runs(ours));
    for (const { cells } of theirs) {
      expect(ours).not.toContain((cells.description ?? '').trim());
      expect(runs(cells.description ?? '').filter((run) => known.has(run))).toEqual([]);
    }
  });
});
