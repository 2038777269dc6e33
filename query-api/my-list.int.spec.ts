import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, voteDocument } from '#tests/movie-documents.ts';
import { votes } from './ranking/votes.ts';
import { reminders } from './reminders/reminders.ts';
import { play, watched } from './reminders/watched.ts';

/** The lists of one user: `/v1/me/reminders`, `/v1/me/watched`, `/v1/me/votes`. */

const playId = (at: number) => `0d6f6a5e-4f0c-5a0e-9d0b-6a1f3c2b7d8${at}`;
const lists = ['reminders', 'watched', 'votes'];

let service: QueryService;
let alice: Record<string, string>;

beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    queries: [reminders, watched, play, votes],
    views: [views.reminders, views.plays, views.votes, views.movies],
  });
  await service
    .collection(views.movies)
    .insertMany([
      movieDocument({ _id: 'm1', title: 'The Matrix', genres: ['Action', 'Sci-Fi'], year: 1999 }),
      movieDocument({ _id: 'm2', title: 'Amélie', genres: ['Comedy', 'Romance'], year: 2001 }),
      movieDocument({ _id: 'm3', title: 'Brazil', genres: ['Sci-Fi'], year: 1985, retired: true }),
      movieDocument({ _id: 'm4', title: 'Up', genres: ['Comedy'], year: 2009 }),
    ]);
  await service
    .collection(views.reminders)
    .insertMany([
      reminderDocument('m1', 'alice', { setAt: 10, remindAt: 900, dueAt: 905, note: 'With Noé\n' }),
      reminderDocument('m2', 'alice', { setAt: 20 }),
      reminderDocument('m3', 'alice', { setAt: 20, remindAt: 800 }),
      reminderDocument('new', 'alice', { setAt: 40 }),
      reminderDocument('m1', 'bob', { setAt: 50, note: 'secret' }),
    ]);
  await service
    .collection(views.plays)
    .insertMany([
      playDocument(playId(1), 'm1', 'alice', 10),
      playDocument(playId(2), 'm1', 'alice', 30),
      playDocument(playId(3), 'm4', 'alice', 20),
      playDocument(playId(4), 'm2', 'bob', 20),
    ]);
  const voteAt = (movieId: string, user: string, castAt: number) => ({
    ...voteDocument(movieId, user, 'like'),
    castAt,
  });
  await service
    .collection(views.votes)
    .insertMany([voteAt('m4', 'alice', 1), voteAt('m2', 'alice', 2), voteAt('m1', 'bob', 3)]);
  await service.written();
  alice = { ...(await service.as('alice')), ...service.fresh };
});
afterAll(() => service.close());

type Answer = { items: Record<string, unknown>[]; next: string | null; count: number };

const listed = async (list: string, query = '', headers = alice): Promise<Answer> => {
  const answer = await service.ask(`/v1/me/${list}${query}`, headers);
  expect(answer.status, query).toBe(200);
  return (await answer.json()) as Answer;
};

/** The ids of a whole list, read in pages of several sizes. */
async function ids(list: string, query = ''): Promise<string> {
  const id = list === 'watched' ? 'playId' : 'movieId';
  const short = ({ items }: Answer) => items.map((item) => `${item[id]}`.replace(/^.{35}/, ''));
  const whole = short(await listed(list, query));
  for (const limit of [1, 2]) {
    const paged: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next && `&cursor=${next}`;
      const page = await listed(list, `${query || '?'}&limit=${limit}${cursor}`);
      expect(page.count).toBe(whole.length);
      paged.push(...short(page));
      next = page.next;
    }
    expect(paged).toEqual(whole);
  }
  return whole.join(' ');
}

describe('my reminders', () => {
  it('show each with its movie as the catalogue has it, and its note', async () => {
    const { items, next, count } = await listed('reminders', '?sort=setAt&limit=1');
    expect(items).toEqual([
      {
        ...{ movieId: 'm1', title: 'The Matrix', year: 1999, genres: ['Action', 'Sci-Fi'] },
        ...{ retired: false, note: 'With Noé\n', remindAt: '1970-01-01T00:00:00.900Z' },
        ...{ setAt: '1970-01-01T00:00:00.010Z', dueAt: '1970-01-01T00:00:00.905Z' },
      },
    ]);
    expect({ next, count }).toEqual({ next: expect.any(String), count: 4 });
  });

  it('keep movies that are retired, with a flag, or not in the catalogue yet', async () => {
    const { items } = await listed('reminders', '?sort=year');
    expect(items[0]).toMatchObject({ movieId: 'm3', title: 'Brazil', retired: true, note: null });
    expect(items.at(-1)).toMatchObject({
      ...{ movieId: 'new', title: null, year: null, genres: [], retired: false },
    });
  });

  it.each([
    ['', 'new m2 m3 m1'],
    ['?sort=-setAt', 'new m2 m3 m1'],
    ['?sort=setAt', 'm1 m3 m2 new'],
    ['?sort=remindAt', 'm3 m1 new m2'],
    ['?sort=-remindAt', 'm1 m3 m2 new'],
    ['?sort=title', 'm2 m3 m1 new'],
    ['?sort=-title', 'm1 m3 m2 new'],
    ['?sort=year', 'm3 m1 m2 new'],
    ['?sort=-year', 'm2 m1 m3 new'],
    ['?genre=sci-fi', 'm3 m1'],
    ['?genre=Sci-Fi,Comedy&sort=title', 'm2 m3 m1'],
    ['?genre=Sci-Fi&genre=Action', 'm1'],
    ['?genre=Western', ''],
  ])('%s are in order, also page by page', async (query, expected) => {
    expect(await ids('reminders', query)).toBe(expected);
  });
});

describe('what I watched', () => {
  it('shows every play', async () => {
    const { items, count } = await listed('watched', '?limit=1');
    expect(items).toEqual([
      {
        ...{ playId: playId(2), movieId: 'm1', title: 'The Matrix', year: 1999, retired: false },
        ...{ genres: ['Action', 'Sci-Fi'], watchedAt: '1970-01-01T00:00:00.030Z' },
      },
    ]);
    expect(count).toBe(3);
  });

  it.each([
    ['', '2 3 1'],
    ['?sort=watchedAt', '1 3 2'],
    ['?sort=title', '2 1 3'],
    ['?sort=-title', '3 1 2'],
    ['?sort=-year', '3 1 2'],
    ['?genre=comedy', '3'],
  ])('%s is in order, also page by page', async (query, expected) => {
    expect(await ids('watched', query)).toBe(expected);
  });

  it('has a page for each play of mine', async () => {
    const ofMine = await service.ask(`/v1/me/watched/m4/${playId(3)}`, alice);
    expect(ofMine.status).toBe(200);
    const { items } = await listed('watched', '?genre=comedy');
    expect(await ofMine.json()).toEqual(items[0]);
  });

  it.each([
    ['another user’s', `m2/${playId(4)}`, 404, 'play-unknown'],
    ['another movie’s', `m2/${playId(3)}`, 404, 'play-unknown'],
    ['nobody’s', `m4/${playId(9)}`, 404, 'play-unknown'],
    ['no play’s id', 'm4/x', 400, 'invalid-input'],
  ])('has none for %s', async (_, path, status, code) => {
    const answer = await service.ask(`/v1/me/watched/${path}`, alice);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });
});

describe('my votes', () => {
  it('show each with its movie', async () => {
    expect(await listed('votes', '?limit=1')).toMatchObject({
      items: [
        {
          ...{ movieId: 'm2', title: 'Amélie', year: 2001, genres: ['Comedy', 'Romance'] },
          ...{ retired: false, vote: 'like', castAt: '1970-01-01T00:00:00.002Z', version: 3 },
        },
      ],
      count: 2,
    });
  });

  it.each([
    ['', 'm2 m4'],
    ['?sort=castAt', 'm4 m2'],
    ['?sort=title', 'm2 m4'],
    ['?sort=-year', 'm4 m2'],
    ['?genre=romance', 'm2'],
  ])('%s are in order, also page by page', async (query, expected) => {
    expect(await ids('votes', query)).toBe(expected);
  });
});

describe.each(lists)('my list of %s', (list) => {
  it('is empty for a user without entries', async () => {
    expect(await listed(list, '', await service.as('carol'))).toEqual({
      ...{ items: [], next: null, count: 0 },
    });
  });

  it('may be cached for its caller only', async () => {
    const { headers } = await service.ask(`/v1/me/${list}`, alice);
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.get('vary')).toContain('Authorization');
  });

  it('answers 304 to a client that has it already', async () => {
    const etag = (await service.ask(`/v1/me/${list}`, alice)).headers.get('etag') as string;
    const again = await service.ask(`/v1/me/${list}`, { ...alice, 'if-none-match': etag });
    expect(again.status).toBe(304);
  });

  it('needs a token', async () => {
    const answer = await service.ask(`/v1/me/${list}`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['sort=size', 'sort'],
    ['genre=', 'genre'],
    ['user=bob', 'user'],
  ])('refuses %s', async (query, path) => {
    const answer = await service.ask(`/v1/me/${list}?${query}`, alice);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid-input', errors: [{ path }] });
  });

  it('refuses the cursor of another order, and text that is no cursor', async () => {
    const { next } = await listed(list, '?limit=1');
    for (const query of [`?sort=title&cursor=${next}`, '?cursor=nonsense']) {
      const answer = await service.ask(`/v1/me/${list}${query}`, alice);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'invalid-cursor' });
    }
  });

  it('waits for the changes that the token names', async () => {
    const topic = list === 'votes' ? 'ranking' : 'reminders';
    const ahead = service.consistencyToken(`${topic}:0`, 5);
    const headers = { ...alice, 'consistency-token': ahead, prefer: 'wait=0' };
    const answer = await service.ask(`/v1/me/${list}`, headers);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'read-model-behind' });
  });
});
