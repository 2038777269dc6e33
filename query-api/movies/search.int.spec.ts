import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { parseTokens } from '#kernel/consistency-token.ts';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { catalogueCsv, moviesOf } from '#tests/catalogue.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { myViews } from '../me.ts';
import { movies } from './movies.ts';
import { search } from './search.ts';

type Found = { movieId: string; title: string; matched: string };
type Answer = { items: Found[]; next: string | null; count: number };

let service: QueryService;
/** How many changes of the catalogue the views have seen. */
let moved = 0;

/** Moves the views past one more change. @returns the token of this change. */
async function move(...changed: string[]): Promise<Record<string, string>> {
  moved += 1;
  if (changed.length > 0) await service.change(views.movies, changed);
  for (const view of [views.movies, views.rankings]) await service.moveTo(view, 'movies', moved);
  return latest();
}
const latest = (): Record<string, string> => ({
  'consistency-token': service.consistencyToken('movies:0', moved - 1),
});

async function answered(path: string, headers: Record<string, string> = latest()): Promise<Answer> {
  const answer = await service.ask(path, headers);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as Answer;
}
const titles = async (q: string, headers = latest()) => {
  const { items } = await answered(`/v1/search?q=${encodeURIComponent(q)}`, headers);
  return items.map(({ title }) => title);
};

const catalogue = await moviesOf(catalogueCsv);
beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    queries: [search, movies],
    views: [views.movies, views.rankings, ...myViews],
  });
  await service.collection(views.movies).insertMany(catalogue);
  await service
    .collection(views.rankings)
    .insertMany(catalogue.map((movie) => rankingDocument(movie, { likes: 3 })));
  await service.change(
    views.rankings,
    catalogue.map(({ _id }) => _id),
  );
  await move(...catalogue.map(({ _id }) => _id));
  // A thousand movies at once may take longer than a read waits.
  await vi.waitFor(() => titles('up'), 30_000);
});
afterAll(() => service.close());

describe('a search', () => {
  it('shows each movie as other lists do, and where its words were found', async () => {
    const { items, next, count } = await answered('/v1/search?q=wall-e&limit=1');
    const wallE = catalogue.find(({ title }) => title === 'WALL·E')!;
    const { _id, version, title, year, genres, runtimeMinutes, rating, ratingVotes } = wallE;
    expect(items).toEqual([
      {
        ...{ movieId: _id, version, title, year, genres, runtimeMinutes, rating, ratingVotes },
        ...{ likes: 3, dislikes: 0, score: rankingDocument(wallE).score, matched: 'title' },
      },
    ]);
    expect(count).toBeGreaterThanOrEqual(1);
    expect(next === null).toBe(count === 1);
  });

  it("shows a caller's own vote on each movie", async () => {
    const up = catalogue.find(({ title }) => title === 'Up')!;
    await service.collection(views.votes).insertOne(voteDocument(up._id, 'alice', 'like'));
    const { items } = await answered('/v1/search?q=up', {
      ...latest(),
      ...(await service.as('alice')),
    });
    expect(items[0]).toMatchObject({ title: 'Up', me: { vote: 'like' } });
  });

  it('has each hit on exactly one of its pages', async () => {
    const whole = await answered('/v1/search?q=the&limit=100');
    const ids: string[] = [];
    let next: string | null = '';
    for (; next !== null && ids.length < 100; ) {
      const page: Answer = await answered(`/v1/search?q=the&limit=7${next && `&cursor=${next}`}`);
      expect(page.count).toBe(whole.count);
      ids.push(...page.items.map(({ movieId }) => movieId));
      next = page.next;
    }
    expect(ids.slice(0, 100)).toEqual(whole.items.map(({ movieId }) => movieId));
  });

  it('refuses the cursor of another search or list', async () => {
    const { next } = await answered('/v1/search?q=the&limit=1');
    for (const path of ['/v1/search?q=a', '/v1/movies?q=the']) {
      expect((await service.ask(`${path}&cursor=${next}`)).status, path).toBe(400);
    }
  });

  it('finds the same movies as the parameter q of the list of movies', async () => {
    const found = await answered('/v1/search?q=nolan&limit=100');
    const listed = await answered('/v1/movies?q=nolan&limit=100');
    const sorted = ({ items }: Answer) => items.map(({ movieId }) => movieId).toSorted();
    expect(sorted(listed)).toEqual(sorted(found));
    expect(listed.count).toBe(found.count);
  });

  it.each([
    ['', 'q'],
    ['?q=', 'q'],
    ['?q=%20%20', 'q'],
    ['?q=%CC%81', 'q'],
    [`?q=${'a'.repeat(201)}`, 'q'],
    [`?q=${'th-in-co-'.repeat(7)}`, 'q'],
    [`?q=${'a+'.repeat(21)}`, 'q'],
    ['?q=a&q=b', 'q'],
    ['?q=a%00', 'q'],
    ['?q=a&limit=0', 'limit'],
    ['?q=a&sort=title', 'sort'],
    ['?q[$ne]=a', 'q'],
  ])('is refused for %j', async (parameters, path) => {
    const answer = await service.ask(`/v1/search${parameters}`);
    expect(answer.status).toBe(400);
    const problem = (await answer.json()) as { code: string; errors: { path: string }[] };
    expect(problem.code).toBe('invalid-input');
    expect(problem.errors.map((error) => error.path)).toContain(path);
  });

  it('of any text is answered or refused, and never ends in a 500', async () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 220 }),
      fc.constantFrom(
        'constructor',
        '__proto__',
        '$where',
        '{"$ne":1}',
        '.*',
        '%',
        'a-'.repeat(99),
      ),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        for (const path of ['/v1/search', '/v1/movies', '/movies/']) {
          const answer = await service.ask(`${path}?${new URLSearchParams({ q })}`);
          await answer.arrayBuffer();
          expect([200, 400]).toContain(answer.status);
        }
      }),
    );
  });
});

describe('the copy in memory', () => {
  const document = movieDocument({ _id: 'new1', title: 'Quixotic Zebra' });
  const stored = () => service.collection(views.movies);

  it('has an added movie as soon as a token asks for it', async () => {
    expect(await titles('quixotic zebra')).toEqual([]);
    await stored().insertOne(document);
    expect(await titles('quixotic zebra', await move('new1'))).toEqual(['Quixotic Zebra']);
  });

  it('has a changed movie under its new title, and not under the old one', async () => {
    await stored().replaceOne(
      { _id: 'new1' },
      movieDocument({ ...document, version: 2, title: 'Vexed Yak' }),
    );
    expect(await titles('vexed yak', await move('new1'))).toEqual(['Vexed Yak']);
    expect(await titles('quixotic')).toEqual([]);
  });

  it('has no retired movie', async () => {
    await stored().updateOne({ _id: 'new1' }, { $set: { version: 3, retired: true } });
    expect(await titles('vexed yak', await move('new1'))).toEqual([]);
  });

  it('is waited for, as long as the client wants', async () => {
    const ahead = { 'consistency-token': service.consistencyToken('movies:0', moved) };
    const late = await service.ask('/v1/search?q=up', { ...ahead, prefer: 'wait=0' });
    expect(late.status).toBe(503);
    expect(await late.json()).toMatchObject({ code: 'read-model-behind' });
    let isAnswered = false;
    const answer = titles('yodelling', ahead).finally(() => {
      isAnswered = true;
    });
    await stored().insertOne(movieDocument({ _id: 'new2', title: 'Yodelling' }));
    expect(isAnswered).toBe(false);
    await move('new2');
    expect(await answer).toEqual(['Yodelling']);
  });

  it('follows its view also while there are no requests', async () => {
    await stored().insertOne(movieDocument({ _id: 'new3', title: 'Unasked' }));
    await move('new3');
    await vi.waitFor(async () => expect(await titles('unasked', {})).toEqual(['Unasked']), 5_000);
  });

  it('has seen at least as much as the token of its answer says', async () => {
    await stored().insertOne(movieDocument({ _id: 'new4', title: 'Xylem' }));
    await move('new4');
    await vi.waitFor(async () => {
      const answer = await service.ask('/v1/search?q=xylem');
      const { seen } = parseTokens(answer.headers.get('consistency-token') ?? '', 'this-log');
      const hasSeen = seen['movies:0'] === moved - 1;
      if (hasSeen) expect(((await answer.json()) as Answer).count).toBe(1);
      expect(hasSeen).toBe(true);
    }, 5_000);
  });

  it('follows its view to another generation', async () => {
    await service.serve(views.movies);
    await stored().insertMany([movieDocument({ _id: 'new5', title: 'Wholly Other' })]);
    expect(await titles('wholly other', await move('new5'))).toEqual(['Wholly Other']);
    expect((await answered('/v1/search?q=up')).count).toBe(0);
    expect((await answered('/v1/movies?q=wholly')).count).toBe(1);
  });

  it('has documents that were changed without an offset moving', async () => {
    await stored().updateOne({ _id: 'new5' }, { $set: { title: 'Mended' } });
    await service.change(views.movies, ['new5']);
    await vi.waitFor(async () => expect(await titles('mended', {})).toEqual(['Mended']), 5_000);
  });
});
