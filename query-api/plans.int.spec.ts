import type { Document } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import type { View } from '#kernel/view.ts';
import { progressOfJobs } from '#schemas/operations/job-progress.ts';
import { acts, type JobDocument } from '#schemas/operations/jobs-view.ts';
import { views } from '#schemas/views.ts';
import { deliveriesOf, indexDeliveries } from '#schemas/webhooks/deliveries.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { ticketDocument, ticketIdOf } from '#tests/ticket-documents.ts';
import { lineQueries, queries } from './queries.ts';

/** How MongoDB finds what queries ask for: its profiler records the plan of every operation. */

const movies = Array.from({ length: 60 }, (_, at) =>
  movieDocument({ _id: `m${at}`, title: `Title ${at}`, genres: ['Drama'] }),
);
const users = ['alice', 'bob', 'carol', 'dan'];
const playId = '0d6f6a5e-4f0c-5a0e-9d0b-6a1f3c2b7d80';
const bothWays = (path: string, sorts: readonly string[]) =>
  sorts.flatMap((sort) => [`${path}?limit=5&sort=${sort}`, `${path}?limit=5&sort=-${sort}`]);
const ofGenre = (path: string) => `${path}?limit=5&genre=Drama`;
const jobId = (number: number) => `c51d8787-203d-5307-88f5-${String(number).padStart(12, '0')}`;

/** An act of each kind in turn, of somebody; every fourth is open, and some were cancelled. */
function jobDocument(number: number): JobDocument {
  const by = (at: number) => users[at % users.length]!;
  const [requestedBy, canceller] = [by(number), by(Math.floor(number / 3))];
  const isCancelled = number % 5 === 0;
  return {
    ...{ _id: jobId(number), act: acts[number % acts.length]!, input: '{}', requestedBy },
    requestedAt: number,
    cancel: isCancelled ? { by: canceller, reason: null, at: number } : null,
    ended: number % 4 === 0 ? null : { succeeded: true, outcome: 'done', at: number },
    users: isCancelled ? [...new Set([requestedBy, canceller])] : [requestedBy],
  };
}

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
  'my-webhook-deliveries': [`/v1/me/webhooks/${playId}/deliveries?limit=5`],
  'my-stats': ['/v1/me/stats'],
  'my-recommendations': ['/v1/me/recommendations?limit=5'],
  'my-changes': ['/v1/me/changes?limit=5'],
  'catalogue-changes': ['/v1/catalogue/changes?limit=5'],
  'service-orders': ['/v1/service-orders?limit=5', '/v1/service-orders?limit=5&status=open'],
  'ops-jobs': [
    ...['/v1/ops/jobs?limit=5', '/v1/ops/audit?limit=5'].flatMap((path) => [
      ...[path, `${path}&status=open`, `${path}&status=ended`, `${path}&user=dan`],
      ...[`${path}&act=drop`, `${path}&act=drop&user=dan`, `${path}&act=drop&status=open`],
    ]),
  ],
  'ops-job': [`/v1/ops/jobs/${jobId(0)}`],
  'ops-revealed': ['/v1/ops/revealed?event=support/0/0'],
  'my-export': ['/v1/me/export'],
  catalogue: ['/v1/catalogue'],
};

let service: QueryService;
beforeAll(async () => {
  const all = Object.values(views);
  service = await queryService(inject('stack').mongo, { queries, lineQueries, views: all });
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
  await indexDeliveries(service.db);
  await deliveriesOf(service.db).insertMany(
    Array.from({ length: 60 }, (_, at) => ({
      ...{ _id: `d${at}`, webhookId: at % 2 === 0 ? playId : 'another', userId: 'alice', share: 0 },
      ...{ type: 'vote', body: '{}', status: 'delivered' as const, notedAt: at, triedSince: at },
      ...{ attempts: 1, nextAt: null, tries: [], forgetAt: new Date(Date.now() + 3_600_000) },
    })),
  );
  await service
    .collection(views.jobs)
    .insertMany(Array.from({ length: 200 }, (_, number) => jobDocument(number)));
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

/** The operations since the last call on documents of views, or what else queries read. */
async function operations(): Promise<Document[]> {
  await service.db.command({ profile: 0 });
  const profile = service.db.collection('system.profile');
  const all: readonly View[] = Object.values(views);
  const others = [deliveriesOf(service.db), progressOfJobs(service.db)];
  const read = [...all.map((view) => service.collection(view)), ...others];
  const names = read.map(({ collectionName }) => collectionName);
  const ns = names.map((name) => `${service.db.databaseName}.${name}`);
  const found = await profile.find({ ns: { $in: ns } }).toArray();
  await profile.drop();
  await service.db.command({ profile: 2 });
  return found;
}

it('every query has its requests here', () => {
  // The kernel's own queries read no views, but what a node knows of the whole system, and dead
  // letters, whose plans have a test there.
  const all = [...queries, ...lineQueries].filter(
    ({ views, copies = [] }) => views.length + copies.length > 0,
  );
  const names = all.map(({ name = '' }) => name);
  expect(Object.keys(requests).toSorted()).toEqual(names.toSorted());
});

/**
 * What is about all of a user's documents, and lists in an order or kind that no index knows; of
 * jobs, those of two filters are looked for among those of one.
 */
const readsAllOfOneUser = (path: string) =>
  /act=\w+&(user|status)=/.test(path) ||
  /^\/v1\/me\/(stats|recommendations|changes|export)/.test(path) ||
  (path.startsWith('/v1/me/') && /sort=-?(title|year|remindAt)|genre=/.test(path));
const ofOneUser = movies.length + 1;
/** A page of five, the document behind it, and what belongs to them. */
const ofOnePage = 3 * 6;

it.each(Object.entries(requests))('%s finds its documents by an index', async (name, paths) => {
  const alice = await service.as('alice', ['viewer', 'support', 'operator']);
  for (const path of paths) {
    // What is kept of the user's documents is read anew after a change.
    await service.written();
    await service.ask('/v1/movies', service.fresh);
    const headers = { ...alice, ...service.fresh };
    await operations();
    const first = await service.ask(path, headers);
    const text = await first.text();
    // Nothing was revealed: that is seen only after the look for it.
    const status = name === 'ops-revealed' ? 403 : 200;
    expect(first.status, `${path} ${text}`).toBe(status);
    const isLines = first.headers.get('content-type')?.startsWith('application/x-ndjson');
    const { next } = (isLines ? {} : JSON.parse(text)) as { next?: string | null };
    if (next) {
      const page = `${path}${path.includes('?') ? '&' : '?'}cursor=${next}`;
      expect((await service.ask(page, headers)).status, page).toBe(200);
    }
    const recorded = await operations();
    // These are answered from memory; what belongs to the caller is not.
    expect(recorded.length > 0, path).toBe(!['genres', 'catalogue'].includes(name));
    for (const operation of recorded) {
      const { planSummary, hasSortStage, docsExamined, keysExamined } = operation;
      const what = `${path}: ${planSummary} ${JSON.stringify(operation.command)}`;
      expect(planSummary, what).not.toContain('COLLSCAN');
      expect(hasSortStage ?? false, what).toBe(false);
      const most = readsAllOfOneUser(path) ? ofOneUser : ofOnePage;
      expect(docsExamined, what).toBeLessThanOrEqual(most);
      // A count passes through the keys of all that it counts.
      const isCount = 'aggregate' in operation.command;
      if (!isCount) expect(keysExamined, what).toBeLessThanOrEqual(3 * most);
    }
  }
});
