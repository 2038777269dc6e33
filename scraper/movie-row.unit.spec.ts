import { describe, expect, test } from 'vitest';
import type { Cells } from './columns.ts';
import { checkRow } from './movie-row.ts';

const up: Cells = {
  rank: '50',
  title: 'Up',
  genres: 'Animation,Adventure',
  description: 'A house flies.',
  director: 'Pete Docter',
  actors: 'Ed Asner, Jordan Nagai',
  year: '2009',
  runtimeMinutes: '96',
  rating: '8.3',
  ratingVotes: '722203',
  revenueMillions: '292.98',
  metascore: '88',
  imdbId: null,
  tmdbId: null,
};
const movieOf = (cells: Partial<Cells>) => {
  const checked = checkRow({ ...up, ...cells });
  return 'movie' in checked ? checked.movie : checked;
};

describe('a row becomes a movie', () => {
  test.each<[string, Partial<Cells>, object]>([
    ['whose title is a number', { title: '300' }, { title: '300' }],
    ['whose title holds a comma', { title: 'Crazy, Stupid' }, { title: 'Crazy, Stupid' }],
    ['with actors after bare commas', { actors: 'A B,C D' }, { actors: ['A B', 'C D'] }],
    ['without actors', { actors: '' }, { actors: [] }],
    [
      'with ids of others',
      { imdbId: 'tt1049413', tmdbId: '14160' },
      { imdbId: 'tt1049413', tmdbId: 14160 },
    ],
    ['without an id of others', { imdbId: '', tmdbId: ' ' }, { imdbId: null, tmdbId: null }],
    ['without revenue', { revenueMillions: '' }, { revenueMillions: null }],
    ['with a revenue of nothing', { revenueMillions: '0.00' }, { revenueMillions: 0 }],
    ['without a Metascore', { metascore: ' ' }, { metascore: null }],
    ['with whole numbers written with a point', { metascore: '76.0' }, { metascore: 76 }],
    ['with spaces around', { title: ' Up ', year: ' 2009 ' }, { title: 'Up', year: 2009 }],
  ])('%s', (_, cells, fields) => {
    expect(movieOf(cells)).toMatchObject(fields);
  });
});

describe('a row is rejected with each reason by its column', () => {
  test.each<[Partial<Cells>, string]>([
    [{ rank: 'x' }, 'Rank "x" must be a whole number'],
    [{ rank: '' }, 'Rank is missing'],
    [{ title: '' }, 'Title is missing'],
    [{ title: 'x'.repeat(301) }, `Title "${'x'.repeat(39)}…" must have at most 300 characters`],
    [{ genres: ',' }, 'Genre "," must name a genre'],
    [{ genres: 'Drama,drama' }, 'Genre "Drama,drama" must not name a genre twice'],
    [{ year: 'Omar Sy' }, 'Year "Omar Sy" must be a whole number'],
    [{ year: '2009.5' }, 'Year "2009.5" must be a whole number'],
    [{ year: '1066' }, 'Year "1066" must be 1870 to 2200'],
    [{ runtimeMinutes: '' }, 'Runtime (Minutes) is missing'],
    [{ rating: '118' }, 'Rating "118" must be 0 to 10'],
    [{ rating: 'NaN' }, 'Rating "NaN" stands for a missing value'],
    [{ ratingVotes: '7.4' }, 'Votes "7.4" must be a whole number'],
    [{ ratingVotes: '-1' }, 'Votes "-1" must be 0 to 1000000000000'],
    [{ revenueMillions: '1e3' }, 'Revenue (Millions) "1e3" must be a number'],
    [{ metascore: '101' }, 'Metascore "101" must be 0 to 100'],
    [{ director: '\u001B[2J' }, 'Director " [2J" must not contain control characters'],
  ])('%o', (cells, fault) => {
    expect(movieOf(cells)).toEqual({ faults: [fault] });
  });

  test('with all of its reasons at once', () => {
    expect(movieOf({ rank: '-1', year: '', rating: '11' })).toEqual({
      faults: [
        'Rank "-1" must be a whole number',
        'Year is missing',
        'Rating "11" must be 0 to 10',
      ],
    });
  });
});
