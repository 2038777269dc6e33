import type { Document } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import type { View } from '#kernel/view.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { ticketDocument, ticketIdOf } from '#tests/ticket-documents.ts';
import { queries } from './queries.ts';

/** How MongoDB finds what queries ask for: its profiler records the plan of every operation. */

const movies = Array.from({ length: 60 }, (_, at) =>
  movieDocument({ _id: `m${at}`, title: `Title ${at}`, genres: ['Drama'] }),
);
const users = ['alice', 'bob', 'carol', 'dan'];
const playId = '0d6f6a5e-4f0c-5a0e-9d0b-6a1f3c2b7d80';
const bothWays = (path: string, sorts: readonly string[]) =>
  sorts.flatMap((sort) => [`${path}?limit=5&sort=${sort}`, `${path}?limit=5&sort=-${sort}`]);
const ofGenre = (path: string) => `${path}?limit=5&genre=Drama`;

/** Requests by the name of the query: every order and filter that reaches the database. */
const requests: Record<string, readonly string[]> = {
  genres: ['/v1/genres'],
  movies: ['/v1/movies?limit=5', '/v1/movies?limit=5&genre=Drama&year=2000-&q=title'],
  search: ['/v1/search?q=title&limit=5'],
  movie: ['/v1/movies/m1'],
  rankings: ['/v1/rankings?limit=5', '/v1/rankings?limit=5&genre=Drama&by=trending'],
  'my-votes': [...bothWays('/v1/me/votes', ['castAt', 'title', 'year']), ofGenre('/v1/me/votes')],
  'my-reminders': [
    ...bothWays('/v1/me/reminders', ['setAt', 'remindAt', 'title', 'year']),
    ofGenre('/v1/me/reminders'),
  ],
  'my-watched': [
    ...bothWays('/v1/me/watched', ['watchedAt', 'title', 'year']),
    ofGenre('/v1/me/watched'),
  ],
  'my-play': [`/v1/me/watched/m0/${playId}`],
  tickets: ['/v1/tickets?limit=5', '/v1/tickets?limit=5&status=open'],
  ticket: [`/v1/tickets/${ticketIdOf(1)}`],
  'ticket-timeline': bothWays(`/v1/tickets/${ticketIdOf(1)}/timeline`, ['at']),
  'my-tickets': [
    ...bothWays('/v1/me/tickets', ['openedAt']),
    '/v1/me/tickets?limit=5&status=open&sort=openedAt',
    '/v1/me/tickets?limit=5&status=open',
  ],
  'my-notifications': ['/v1/me/notifications?limit=5'],
  'my-webhooks': ['/v1/me/webhooks?limit=5'],
  'my-webhook': [`/v1/me/webhooks/${playId}`],
  'my-stats': ['/v1/me/stats'],
  'my-recommendations': ['/v1/me/recommendations?limit=5'],
  'my-changes': ['/v1/me/changes?limit=5'],
  'catalogue-changes': ['/v1/catalogue/changes?limit=5'],
  'service-orders': ['/v1/service-orders?limit=5', '/v1/service-orders?limit=5&status=open'],
};

let service: QueryService;
beforeAll(async () => {
  service = await queryService(inject('stack').mongo, { queries, views: Object.values(views) });
  await service.collection(views.movies).insertMany(movies);
  await service
    .collection(views.rankings)
    .insertMany(movies.map((movie) => rankingDocument(movie)));
  const each = users.flatMap((user) => movies.map(({ _id }, at) => ({ user, _id, at })));
  await service
    .collection(views.votes)
    .insertMany(
      each.map(({ _id, user, at }) => ({ ...voteDocument(_id, user, 'like'), castAt: at })),
    );
  await service
    .collection(views.reminders)
    .insertMany(each.map(({ _id, user, at }) => reminderDocument(_id, user, { setAt: at })));
  await service
    .collection(views.plays)
    .insertMany([
      ...each.map(({ _id, user, at }) => playDocument(`play ${user} ${at}`, _id, user, at)),
      playDocument(playId, 'm0', 'alice'),
    ]);
  await service.collection(views.tickets).insertMany(
    each.map(({ user, at }, number) =>
      ticketDocument(number, {
        ...{ openedBy: user, openedAt: at },
        serviceOrder: number % 4 === 0 ? { orderNumber: `o${number}`, createdAt: at } : null,
      }),
    ),
  );
  await service.collection(views.webhooks).insertOne({
    ...{ _id: playId, userId: 'alice', url: 'https://a.example', events: [], enabled: true },
    ...{ disabledBecause: null, secretVersion: 1, rotatedAt: null, addedAt: 0, enabledAt: 0 },
  });
  const change = { offset: 0, gone: false };
  await service.collection(views.changes).insertMany([
    ...each.map(({ _id: movie, user }) => {
      const item = `${movie}/${user}`;
      const place = { at: 'ranking:0', ...change };
      return { _id: `votes/${item}`, list: 'votes' as const, item, owner: user, ...place };
    }),
    ...movies.map(({ _id: item }) => {
      const place = { at: 'movies:0', ...change };
      return { _id: `movies/${item}`, list: 'movies' as const, item, owner: '', ...place };
    }),
  ]);
  const entry = { ...ticketDocument(1).timeline[0]!, ticketId: ticketIdOf(1) };
  await service.collection(views.ticketEntries).insertMany(
    Array.from({ length: 60 }, (_, at) => ({
      ...{ ...entry, _id: `${ticketIdOf(at % 5)}/${at}`, number: at, ticketId: ticketIdOf(at % 5) },
    })),
  );
  await service.written();
  await service.ask('/v1/movies', service.fresh);
  await service.db.command({ profile: 2 });
});
afterAll(() => service.close());

/** The operations on documents of views since the last call. */
async function operations(): Promise<Document[]> {
  await service.db.command({ profile: 0 });
  const profile = service.db.collection('system.profile');
  const all: readonly View[] = Object.values(views);
  const names = all.map((view) => service.collection(view).collectionName);
  const ns = names.map((name) => `${service.db.databaseName}.${name}`);
  const found = await profile.find({ ns: { $in: ns } }).toArray();
  await profile.drop();
  await service.db.command({ profile: 2 });
  return found;
}

it('every query has its requests here', () => {
  // Operators' queries read the snapshot that a node takes of the whole system, or collections that
  // are no views (dead letters, the progress of jobs), as do deliveries of webhooks.
  const isElsewhere = /^(ops-|my-webhook-deliveries$)/;
  const names = queries.map(({ name = '' }) => name).filter((name) => !isElsewhere.test(name));
  expect(Object.keys(requests).toSorted()).toEqual(names.toSorted());
});

/** What is about all of a user's documents, and lists in an order or kind that no index knows. */
const readsAllOfOneUser = (path: string) =>
  /^\/v1\/me\/(stats|recommendations|changes)/.test(path) ||
  (path.startsWith('/v1/me/') && /sort=-?(title|year|remindAt)|genre=/.test(path));
const ofOneUser = movies.length + 1;
/** A page of five, the document behind it, and what belongs to them. */
const ofOnePage = 3 * 6;

it.each(Object.entries(requests))('%s finds its documents by an index', async (name, paths) => {
  const alice = await service.as('alice', ['viewer', 'support']);
  for (const path of paths) {
    // What is kept of the user's documents is read anew after a change.
    await service.written();
    await service.ask('/v1/movies', service.fresh);
    const headers = { ...alice, ...service.fresh };
    await operations();
    const first = await service.ask(path, headers);
    expect(first.status, `${path} ${await first.clone().text()}`).toBe(200);
    const { next } = (await first.json()) as { next?: string | null };
    if (next) {
      const page = `${path}${path.includes('?') ? '&' : '?'}cursor=${next}`;
      expect((await service.ask(page, headers)).status, page).toBe(200);
    }
    const recorded = await operations();
    // Genres are answered from memory; what belongs to the caller is not.
    expect(recorded.length > 0, path).toBe(name !== 'genres');
    for (const operation of recorded) {
      const { planSummary, hasSortStage, docsExamined, keysExamined } = operation;
      const what = `${path}: ${planSummary} ${JSON.stringify(operation.command)}`;
      expect(planSummary, what).not.toContain('COLLSCAN');
      expect(hasSortStage ?? false, what).toBe(false);
      const most = readsAllOfOneUser(path) ? ofOneUser : ofOnePage;
      expect(docsExamined, what).toBeLessThanOrEqual(most);
      // A count passes through the keys of all that it counts.
      const isCount = planSummary.startsWith('COUNT_SCAN');
      if (!isCount) expect(keysExamined, what).toBeLessThanOrEqual(3 * most);
    }
  }
});
