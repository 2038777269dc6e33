import { personalText } from '@event-sourced/kernel/event';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { until } from '#kernel/testing/until.ts';
import type { NotificationDocument } from '#schemas/notifications/notifications-view.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, voteDocument } from '#tests/movie-documents.ts';
import { ticketDocument, ticketIdOf } from '#tests/ticket-documents.ts';
import { catalogueChanges } from './movies/catalogue-changes.ts';
import { lineQueries } from './queries.ts';

let service: QueryService;
let alice: Record<string, string>;
const movies = 3_000;
const plays = 20_000;
const ticketId = ticketIdOf(1);

beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    ...{ queries: [catalogueChanges], lineQueries },
    views: Object.values(views),
  });
  const listed = Array.from({ length: movies }, (_, at) =>
    movieDocument({ _id: `m${at}`, title: `Film ${at}` }),
  );
  await service
    .collection(views.movies)
    .insertMany([...listed, movieDocument({ _id: 'old', title: 'Old', retired: true })]);
  await service
    .collection(views.votes)
    .insertMany([voteDocument('m1', 'alice', 'like'), voteDocument('m1', 'bob', 'dislike')]);
  await service
    .collection(views.reminders)
    .insertOne(reminderDocument('m2', 'alice', { setAt: 10, note: 'With Noé' }));
  await service
    .collection(views.plays)
    .insertMany(
      Array.from({ length: plays }, (_, at) => playDocument(`p${at}`, 'm3', 'alice', at)),
    );
  await service.collection(views.tickets).insertOne(ticketDocument(1, { openedBy: 'alice' }));
  await service.collection(views.ticketEntries).insertOne({
    ...{ _id: `${ticketId}/1`, ticketId, number: 1, at: 1, by: 'alice', type: 'opened' },
    message: personalText('None at all.'),
  });
  const due: NotificationDocument = {
    ...{ _id: 'n1', userId: 'alice', toldAt: 9, at: 'reminders:0', offset: 0, gone: false },
    ...{ type: 'reminder-due', movieId: 'm2', remindAt: 8 },
  };
  const untold = { ...{ _id: 'n2', userId: 'alice', toldAt: null, at: 'support:0', offset: 0 } };
  await service
    .collection(views.notifications)
    .insertMany([due, { ...untold, gone: false, type: 'ticket', ticketId, news: null }]);
  const since = { rotatedAt: null, addedAt: 1, enabledAt: 1 };
  const told = { url: 'https://alice.example/', events: [], enabled: true, secretVersion: 1 };
  await service.collection(views.webhooks).insertMany([
    { _id: 'w1', userId: 'alice', disabledBecause: null, ...told, ...since },
    { _id: 'w2', userId: 'bob', disabledBecause: null, ...told, ...since },
  ]);
  const job = { act: 'rebuild', input: '{}', requestedAt: 1, ended: null };
  const cancel = { by: 'alice', reason: 'too slow', at: 2 };
  await service.collection(views.jobs).insertMany([
    {
      ...{ _id: 'job of alice', requestedBy: 'alice', users: ['alice'], ...job },
      ...{ requestedAt: 2, cancel: null },
    },
    {
      ...{ _id: 'job of bob', requestedBy: 'bob', users: ['bob'], ...job },
      cancel: { ...cancel, by: 'bob' },
    },
    { _id: 'job of carol', requestedBy: 'carol', users: ['carol', 'alice'], ...job, cancel },
  ]);
  await service.written();
  alice = { ...(await service.as('alice')), ...service.fresh };
  // A busy machine loads the catalogue for longer than a read waits.
  await until(async () => (await service.ask('/v1/catalogue', alice)).ok);
}, 60_000);
afterAll(() => service?.close());

type Line = { list: string; item: Record<string, unknown>; count?: number; next?: string };
async function lines(path: string, headers: Record<string, string>): Promise<Line[]> {
  const answer = await service.ask(path, headers);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  const text = await answer.text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('what is held about me', () => {
  it('comes whole, and nothing of others', async () => {
    const found = await lines('/v1/me/export', alice);
    const of = (list: string) => found.filter((line) => line.list === list);
    expect(found[0]).toMatchObject({ list: 'about', item: { userId: 'alice' } });
    expect(of('votes')).toMatchObject([{ item: { movieId: 'm1', vote: 'like' } }]);
    expect(of('votes')[0]?.item.title).toEqual(expect.any(String));
    expect(of('reminders')).toMatchObject([{ item: { movieId: 'm2', note: 'With Noé' } }]);
    expect(new Set(of('watched').map(({ item }) => item.playId)).size).toBe(plays);
    expect(of('tickets')).toMatchObject([{ item: { ticketId } }]);
    expect(of('ticket-entries')).toMatchObject([{ item: { message: 'None at all.' } }]);
    expect(of('notifications')).toMatchObject([{ item: { notificationId: 'n1' } }]);
    expect(of('webhooks')).toMatchObject([{ item: { webhookId: 'w1', enabled: true } }]);
    expect(of('jobs')).toEqual([]);
    expect(found.at(-1)).toEqual({ list: 'end', count: found.length - 1 });
  });

  it('has what an operator wanted done, or cancelled', async () => {
    const operator = { ...(await service.as('alice', ['operator'])), ...service.fresh };
    const found = await lines('/v1/me/export', operator);
    const jobs = found.filter(({ list }) => list === 'jobs');
    expect(jobs).toMatchObject([
      { item: { jobId: 'job of alice', act: 'rebuild', cancelled: null } },
      { item: { jobId: 'job of carol', cancelled: { reason: 'too slow' } } },
    ]);
  });

  it('names the place in the log up to which it is', async () => {
    const [about] = await lines('/v1/me/export', alice);
    const token = Buffer.from(String(about?.item.token), 'base64url').toString();
    const [, seen] = JSON.parse(token) as [string, object];
    expect(seen).toMatchObject({ 'reminders:0': 0, 'support:0': 0, 'ranking:0': 0 });
  });

  it('is for nobody else, and takes no other input', async () => {
    expect((await service.ask('/v1/me/export')).status).toBe(401);
    expect((await service.ask('/v1/me/export?user=bob', alice)).status).toBe(400);
  });
});

describe('the catalogue in lines', () => {
  it('has every listed movie once, and a cursor that tells what changes then', async () => {
    const found = await lines('/v1/catalogue', service.fresh);
    const end = found.pop();
    expect(end).toMatchObject({ list: 'end', count: movies });
    expect(new Set(found.map(({ item }) => item.movieId)).size).toBe(movies);
    expect(JSON.stringify(found)).not.toContain('"old"');
    const changed = { list: 'movies', item: 'm1', owner: '', at: 'movies:1', offset: 0 } as const;
    await service.collection(views.changes).insertOne({ _id: 'movies/m1', ...changed, gone: true });
    await service.collection(views.movies).updateOne({ _id: 'm1' }, { $set: { retired: true } });
    await service.written();
    await service.moveTo(views.changes, 'movies', 5);
    const asked = `/v1/catalogue/changes?cursor=${end?.next}`;
    await until(async () => {
      const answer = await service.ask(asked, service.fresh);
      return ((await answer.json()) as { reset: boolean }).reset === false;
    });
  });
});
