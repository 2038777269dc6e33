import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { queries } from '../queries.ts';

const shelf = [
  movieDocument({
    ...{ _id: 'm1', title: 'The Matrix', genres: ['Action', 'Sci-Fi'], year: 1999, rating: 8.7 },
    ...{ director: 'Lana Wachowski', actors: ['Keanu Reeves', 'Carrie-Anne Moss'] },
    ...{ runtimeMinutes: 136, revenueMillions: 171.5, metascore: 73, ratingVotes: 1_500_000 },
  }),
  movieDocument({
    ...{ _id: 'm2', title: 'Amélie', genres: ['Comedy', 'Romance'], year: 2001, rating: 8.3 },
    ...{ director: 'Jean-Pierre Jeunet', actors: ['Audrey Tautou'], runtimeMinutes: 122 },
    ...{ imdbId: 'tt0211915', tmdbId: 194 },
  }),
  movieDocument({
    ...{ _id: 'm3', title: 'A Man Called Ove', genres: ['Comedy', 'Drama'], year: 2015 },
    ...{ rating: 7.7, metascore: 70, runtimeMinutes: 116 },
  }),
  movieDocument({
    ...{ _id: 'm4', title: 'Les Misérables', genres: ['Drama', 'Romance'], year: 2012 },
    ...{ rating: 7.6, revenueMillions: 148.8, runtimeMinutes: 158, metascore: 63 },
  }),
  movieDocument({
    ...{ _id: 'm5', title: 'Up (again)', genres: ['Comedy'], year: 2009, rating: 8.3 },
    ...{ revenueMillions: 293, runtimeMinutes: 96 },
  }),
  movieDocument({ _id: 'm6', title: 'Gone', genres: ['Action'], year: 2012, retired: true }),
];

let service: QueryService;
/** Asks with a token, so that each answer is read from the database. */
const ask = (path: string, headers: Record<string, string> = {}) =>
  service.ask(path, { ...service.fresh, ...headers });

const listed = async (path: string) => {
  const answer = await ask(path);
  expect(answer.status, path).toBe(200);
  const { items, ...rest } = (await answer.json()) as {
    items: { movieId: string }[];
    next: string | null;
    count: number;
  };
  return { ids: items.map(({ movieId }) => movieId).join(' '), items, ...rest };
};
const ids = async (query: string) => (await listed(`/v1/movies${query}`)).ids;

beforeAll(async () => {
  service = await queryService(inject('stack').mongo, { queries, views: Object.values(views) });
  await service.collection(views.movies).insertMany(shelf);
  const rankings = shelf.map((movie, index) => rankingDocument(movie, { likes: index }));
  await service.collection(views.rankings).insertMany(rankings);
  await service.collection(views.votes).insertOne(voteDocument('m2', 'alice', 'dislike'));
  await service.collection(views.reminders).insertOne(reminderDocument('m1', 'alice'));
  await service.collection(views.plays).insertOne(playDocument('p1', 'm2', 'alice'));
  await service.written();
});
afterAll(() => service.close());

describe('the list of movies', () => {
  it('has every movie that is not retired, by title without article', async () => {
    const { ids, next, count } = await listed('/v1/movies');
    expect({ ids, next, count }).toEqual({ ids: 'm2 m4 m3 m1 m5', next: null, count: 5 });
  });

  it('shows the fields that every list of movies has', async () => {
    const { items } = await listed('/v1/movies?q=matrix');
    expect(items).toEqual([
      {
        ...{ imdbId: null, tmdbId: null, retired: false },
        ...{ movieId: 'm1', version: 1, title: 'The Matrix', year: 1999 },
        ...{ genres: ['Action', 'Sci-Fi'], runtimeMinutes: 136, rating: 8.7 },
        ...{ ratingVotes: 1_500_000, likes: 0, dislikes: 0, score: 0.87 },
      },
    ]);
  });

  it.each([
    ['a genre', '?genre=comedy', 'm2 m3 m5'],
    ['any of two genres', '?genre=Sci-Fi,romance', 'm2 m4 m1'],
    ['both of two genres', '?genre=Comedy&genre=Romance', 'm2'],
    ['an unknown genre', '?genre=Western', ''],
    ['a year', '?year=2012', 'm4'],
    ['a range of years', '?year=1999-2009', 'm2 m1 m5'],
    ['a lowest rating', '?rating=8.3-', 'm2 m1 m5'],
    ['a longest runtime', '?runtime=-116', 'm3 m5'],
    ['a part of a director, without accents', '?director=JEUNET', 'm2'],
    ['a part of an actor', '?actor=carrie-anne', 'm1'],
    ['a title without its accent', '?q=amelie', 'm2'],
    ['a title with its accent', '?q=MIS%C3%89RABLES', 'm4'],
    ['a title with its article', '?q=the%20matrix', 'm1'],
    ['the start of a title', '?q=a%20man%20cal', 'm3'],
    ['a title with a typo', '?q=matirx', 'm1'],
    ['a name', '?q=reeves', 'm1'],
    ['words in any of these, in the order of the list', '?q=film&sort=-year', 'm3 m4 m5 m2 m1'],
    ['words and more', '?q=film&genre=comedy&year=2009-', 'm3 m5'],
    ['what would be a pattern', '?q=(again)', 'm5'],
    ['a pattern that would match all', '?q=.*', ''],
    ['all at once', '?genre=comedy,drama&year=2010-&rating=7.7&sort=-year', 'm3'],
  ])('filters by %s', async (_, filters, expected) => {
    expect(await ids(filters)).toBe(expected);
    // Movies that a search has found are filtered in memory.
    if (!filters.includes('q=')) expect(await ids(`${filters}&q=film`)).toBe(expected);
  });

  it.each([
    ['title', 'm2 m4 m3 m1 m5', 'm5 m1 m3 m4 m2'],
    ['year', 'm1 m2 m5 m4 m3', 'm3 m4 m5 m2 m1'],
    ['rating', 'm4 m3 m2 m5 m1', 'm1 m5 m2 m3 m4'],
    ['ratingVotes', 'm2 m3 m4 m5 m1', 'm1 m5 m4 m3 m2'],
    ['runtime', 'm5 m3 m2 m1 m4', 'm4 m1 m2 m3 m5'],
    ['revenue', 'm4 m1 m5 m2 m3', 'm5 m1 m4 m3 m2'],
    ['metascore', 'm4 m3 m1 m2 m5', 'm1 m3 m4 m5 m2'],
  ])(
    'sorts by %s, with missing values last in both directions',
    async (sort, upwards, downwards) => {
      expect(await ids(`?sort=${sort}`)).toBe(upwards);
      expect(await ids(`?sort=-${sort}`)).toBe(downwards);
      for (const [order, expected] of [
        [sort, upwards],
        [`-${sort}`, downwards],
      ]) {
        for (const more of ['limit=1', 'limit=2', 'limit=2&q=film']) {
          expect((await pages(`/v1/movies?sort=${order}&${more}`)).join(' ')).toBe(expected);
        }
      }
    },
  );

  it("shows a caller's own vote, reminder and plays of each movie", async () => {
    const answer = await ask('/v1/movies?year=1999-2001', await service.as('alice'));
    const { items } = (await answer.json()) as { items: { movieId: string; me: unknown }[] };
    const reminder = { note: null, remindAt: null, setAt: '1970-01-01T00:00:00.000Z' };
    expect(items.map(({ movieId, me }) => [movieId, me])).toEqual([
      ['m2', { vote: 'dislike', version: 3, reminder: null, plays: 1 }],
      ['m1', { vote: null, version: null, reminder, plays: 0 }],
    ]);
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(answer.headers.get('vary')).toBe('Authorization');
  });
});

/** The ids of a whole list, read page by page. */
async function pages(path: string, between = async () => {}): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { ids, next } = await listed(`${path}${cursor && `&cursor=${cursor}`}`);
    if (ids) found.push(...ids.split(' '));
    if (next === null) return found;
    cursor = next;
    await between();
  }
}

describe('pages', () => {
  it('stay the same while movies come and go before them', async () => {
    const movies = service.collection(views.movies);
    let added = 0;
    const found = await pages('/v1/movies?limit=2', async () => {
      added += 1;
      await movies.insertOne(movieDocument({ _id: `new${added}`, title: `Aa ${added}` }));
      await service.written();
    });
    await movies.deleteMany({ _id: /^new/ });
    await service.written('new1', 'new2', 'new3');
    expect(found).toEqual(['m2', 'm4', 'm3', 'm1', 'm5']);
  });

  it.each([
    ['broken', 'nonsense'],
    ['of JSON that is no cursor', Buffer.from('{"a":1}').toString('base64url')],
    ['of another shape', Buffer.from('["x",{"$gt":""},"m1"]').toString('base64url')],
  ])('refuse a cursor that is %s', async (_, cursor) => {
    const answer = await ask(`/v1/movies?cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid-cursor', errors: [{}] });
  });

  it('refuse the cursor of another sort, filter or list', async () => {
    const { next } = await listed('/v1/movies?limit=1');
    for (const path of ['/v1/movies?sort=-title', '/v1/movies?q=a', '/v1/rankings?by=score']) {
      expect((await ask(`${path}&cursor=${next}`)).status, path).toBe(400);
    }
    expect((await ask(`/v1/movies?limit=3&cursor=${next}`)).status).toBe(200);
  });
});

describe('a list is refused', () => {
  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1e1', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['year=2016-2010', 'year'],
    ['year=-', 'year'],
    ['year=soon', 'year'],
    ['rating=7..5', 'rating'],
    ['sort=size', 'sort'],
    ['genre=', 'genre'],
    ['genre=a,,b', 'genre'],
    ['q=', 'q'],
    ['q=%20', 'q'],
    [`q=${'a'.repeat(201)}`, 'q'],
    [`q=${'th-in-co-'.repeat(7)}`, 'q'],
    ['q=%00', 'q'],
    ['gnere=Action', 'gnere'],
    ['year[$gt]=1', 'year[$gt]'],
  ])('for %s', async (parameters, path) => {
    const answer = await ask(`/v1/movies?${parameters}`);
    expect(answer.status).toBe(400);
    const problem = (await answer.json()) as { code: string; errors: { path: string }[] };
    expect(problem.code).toBe('invalid-input');
    expect([...new Set(problem.errors.map((error) => error.path))]).toEqual([path]);
  });
});

describe('the paths of the replaced system', () => {
  it.each([
    ['/movies', '/v1/movies'],
    ['/movies/?q=man', '/v1/movies?q=man'],
    ['/movies?q=matirx', '/v1/movies?q=matirx'],
    ['/movies/gender/Comedy', '/v1/movies?genre=comedy'],
    ['/movies/gender/sci-fi?limit=1', '/v1/movies?genre=sci-fi&limit=1'],
    ['/movies/2', '/v1/movies/m2'],
    ['/ranking/gender/comedy', '/v1/rankings?genre=comedy'],
  ])('%s has the same answer as %s', async (seed, path) => {
    const [one, other] = await Promise.all([ask(seed), ask(path)]);
    expect(one.status).toBe(200);
    expect(await one.json()).toEqual(await other.json());
  });
});

describe('movies by id', () => {
  it('come as they were asked for, with retired ones and the unknown apart', async () => {
    const found = await listed('/v1/movies?ids=m6,m1,nowhere,m3,m1');
    expect(found).toMatchObject({ ids: 'm6 m1 m3', count: 3, next: null, missing: ['nowhere'] });
    expect(found.items).toMatchObject([{ retired: true }, { retired: false }, {}]);
  });

  it.each([
    ['ids=', 'ids'],
    ['ids=m1,%20,m2', 'ids'],
    [`ids=${Array.from({ length: 101 }, (_, at) => `m${at}`).join(',')}`, 'ids'],
    ['ids=m1&genre=Comedy', 'genre'],
    ['ids=m1&q=up', 'q'],
    ['imdbId=0211915', 'imdbId'],
    ['imdbId=tt12', 'imdbId'],
    ['tmdbId=-1', 'tmdbId'],
    ['tmdbId=1e3', 'tmdbId'],
  ])('%s is refused', async (query, path) => {
    const answer = await ask(`/v1/movies?${query}`);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { path: string }[] };
    expect(errors.map((error) => error.path.split('.')[0])).toContain(path);
  });

  it('are found by the ids that others have for them', async () => {
    expect(await ids('?imdbId=tt0211915')).toBe('m2');
    expect(await ids('?tmdbId=194')).toBe('m2');
    expect(await ids('?tmdbId=195')).toBe('');
    expect((await listed('/v1/movies?tmdbId=194')).items).toMatchObject([
      { imdbId: 'tt0211915', tmdbId: 194 },
    ]);
  });
});
