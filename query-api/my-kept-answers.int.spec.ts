import { personalText } from '@event-sourced/kernel/event';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import type { View } from '#kernel/view.ts';
import type { ChangeDocument } from '#schemas/changes-view.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { ticketDocument, ticketIdOf } from '#tests/ticket-documents.ts';
import { catalogueChanges } from './movies/catalogue-changes.ts';
import { myChanges } from './my-changes.ts';
import { recommendations } from './recommendations/recommendations.ts';
import { stats } from './reminders/stats.ts';
import { myTickets } from './support/my-tickets.ts';
import { ticketTimeline } from './support/ticket.ts';
import { tickets } from './support/tickets.ts';

/** Answers that are kept in memory, most about one user: each change shows with its token. */

const movies = Array.from({ length: 6 }, (_, at) =>
  movieDocument({ _id: `m${at}`, title: `Film ${at}`, genres: ['War'] }),
);

let service: QueryService;
/** The offset of the last event in the one lane of each topic. */
let offset = 0;
beforeAll(async () => {
  const { movies: catalogue, rankings, votes, reminders, plays } = views;
  service = await queryService(inject('stack').mongo, {
    queries: [
      ...[stats, recommendations, myChanges, myTickets, tickets, ticketTimeline],
      catalogueChanges,
    ],
    views: [
      ...[catalogue, rankings, votes, reminders, plays, views.tickets],
      ...[views.ticketEntries, views.notifications, views.changes],
    ],
  });
  await service.collection(catalogue).insertMany(movies);
  await service.collection(rankings).insertMany(movies.map((one) => rankingDocument(one)));
  await service.written();
});
afterAll(() => service.close());

type Lists = Exclude<ChangeDocument['list'], 'movies'>;
const topics = {
  votes: 'ranking',
  reminders: 'reminders',
  watched: 'reminders',
  tickets: 'support',
};

type Suggested = { items: { movieId: string }[]; likes: number };
type Tickets = { items: { ticketId: string }[]; count: number };
type Changes = {
  items: { list: string; id: string; item: unknown }[];
  next: string;
  more: boolean;
};
type Stats = Record<'plays' | 'movies' | 'reminders', number> & {
  votes: Record<'likes' | 'dislikes', number>;
};

/** A user, what they have, and what a client of theirs knows of it. */
class User {
  static #made = 0;
  /** The tickets of all users. */
  static readonly tickets = new Set<string>();
  readonly id = `user${User.#made++}`;
  readonly likes = new Map<string, boolean>();
  /** By list, the ids by which `/v1/me/changes` names the items. */
  readonly has = { votes: new Set(), reminders: new Set(), watched: new Set(), tickets: new Set() };
  readonly plays = new Map<string, string>();
  /** How many entries the timeline of each ticket has. */
  readonly entries = new Map<string, number>();
  readonly #client = new Set<string>();
  #cursor = '';

  async ask<Answer>(path: string): Promise<Answer> {
    const headers = { ...(await service.as(this.id, ['support'])), ...service.fresh };
    const url = path.startsWith('/') ? path : `/v1/me/${path}`;
    const answer = await service.ask(url, headers);
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as Answer;
  }

  /** As the projectors do, one event after the other. */
  async change(list: Lists, at: number, isThere: boolean, isLike: boolean): Promise<void> {
    const movie = `m${at}`;
    const ofMovie = `${movie}/${this.id}`;
    offset += 1;
    switch (list) {
      case 'votes': {
        const document = voteDocument(movie, this.id, isLike ? 'like' : 'dislike');
        await this.#store(views.votes, list, document, isThere);
        if (isThere) this.likes.set(movie, isLike);
        else this.likes.delete(movie);
        this.#keep(list, movie, isThere);
        break;
      }
      case 'reminders':
        await this.#store(views.reminders, list, reminderDocument(movie, this.id), isThere);
        this.#keep(list, movie, isThere);
        break;
      case 'watched': {
        const id = `${ofMovie} play`;
        await this.#store(views.plays, list, playDocument(id, movie, this.id), isThere);
        if (isThere) this.plays.set(id, movie);
        else this.plays.delete(id);
        this.#keep(list, id, isThere);
        break;
      }
      case 'tickets': {
        const [known] = isThere ? [] : this.entries.keys();
        if (known === undefined) {
          const made = ticketDocument(offset, { openedBy: this.id });
          await this.#store(views.tickets, list, made, true);
          this.#keep(list, ticketIdOf(offset), true);
          User.tickets.add(ticketIdOf(offset));
        }
        await this.#write(known ?? ticketIdOf(offset));
      }
    }
    await service.written(this.id);
  }

  async #store<D extends { _id: string }>(
    view: Parameters<typeof service.collection<D>>[0],
    list: Lists,
    document: D,
    isThere: boolean,
  ): Promise<void> {
    const { _id } = document;
    const stored = service.collection<{ _id: string }>(view);
    if (isThere) await stored.replaceOne({ _id }, document, { upsert: true });
    else await stored.deleteOne({ _id });
    const change = { list, item: _id, owner: this.id, at: `${topics[list]}:0`, gone: !isThere };
    await service
      .collection(views.changes)
      .replaceOne({ _id: `${list}/${_id}` }, { ...change, offset }, { upsert: true });
  }

  async #write(ticketId: string): Promise<void> {
    const number = (this.entries.get(ticketId) ?? 0) + 1;
    await service.collection(views.ticketEntries).insertOne({
      ...{ _id: `${ticketId}/${number}`, ticketId, number, at: number, by: this.id },
      ...{ type: 'message', message: personalText(`Message ${number}`) },
    });
    this.entries.set(ticketId, number);
  }

  timelines(): Promise<{ items: object[]; count: number }[]> {
    const paths = [...this.entries.keys()].map((id) => `/v1/tickets/${id}/timeline?limit=1`);
    return Promise.all(paths.map((path) => this.ask<{ items: object[]; count: number }>(path)));
  }

  #keep(list: Lists, id: string, isThere: boolean): void {
    if (isThere) this.has[list].add(id);
    else this.has[list].delete(id);
  }

  async check(): Promise<void> {
    const { votes, reminders, plays, movies: watched } = await this.ask<Stats>('stats');
    const likes = [...this.likes.values()].filter((isLike) => isLike).length;
    expect(votes).toEqual({ likes, dislikes: this.likes.size - likes });
    expect(reminders).toBe(this.has.reminders.size);
    expect([plays, watched]).toEqual([this.plays.size, new Set(this.plays.values()).size]);

    const suggested = await this.ask<Suggested>('recommendations');
    expect(suggested.likes).toBe(likes);
    const known = new Set([...this.likes.keys(), ...this.plays.values()]);
    expect(suggested.items.map(({ movieId }) => movieId).sort()).toEqual(
      movies.map(({ _id }) => _id).filter((id) => !known.has(id)),
    );

    const tickets = await this.ask<Tickets>('tickets?limit=100');
    const ids = tickets.items.map(({ ticketId }) => ticketId);
    expect(new Set(ids)).toEqual(this.has.tickets);
    expect(tickets.count).toBe(ids.length);
    const ofAll = await this.ask<Tickets>('/v1/tickets?limit=100');
    expect(new Set(ofAll.items.map(({ ticketId }) => ticketId))).toEqual(User.tickets);
    const timelines = await this.timelines();
    expect(timelines.map(({ count }) => count)).toEqual([...this.entries.values()]);
    await this.#follow();
  }

  async #follow(): Promise<void> {
    for (let more = true; more; ) {
      const page = await this.ask<Changes>(
        `changes?limit=2${this.#cursor && `&cursor=${this.#cursor}`}`,
      );
      for (const { list, id, item } of page.items as {
        list: string;
        id: string;
        item: unknown;
      }[]) {
        if (item === null) this.#client.delete(`${list} ${id}`);
        else this.#client.add(`${list} ${id}`);
      }
      this.#cursor = page.next;
      more = page.more;
    }
    const all = Object.entries(this.has).flatMap(([list, ids]) =>
      [...ids].map((id) => `${list} ${id}`),
    );
    expect([...this.#client].sort()).toEqual(all.sort());
  }
}

const paths = [
  ...['stats', 'recommendations', 'changes', 'changes?limit=2', 'tickets?limit=100'],
  '/v1/tickets?limit=100',
];

it('are as the user’s changes left them, however reads and changes come together', async () => {
  const step = fc.record({
    list: fc.constantFrom('votes', 'reminders', 'watched', 'tickets' as const),
    at: fc.nat(5),
    isThere: fc.boolean(),
    isLike: fc.boolean(),
    reads: fc.subarray(paths),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), async (steps) => {
      const user = new User();
      for (const { list, at, isThere, isLike, reads } of steps) {
        const others = Promise.all([user.timelines(), ...reads.map((path) => user.ask(path))]);
        await Promise.all([
          others,
          user.change(list, at, isThere, isLike).then(() => user.check()),
        ]);
        await user.check();
      }
    }),
    { numRuns: 8 },
  );
}, 60_000);

it('have what has changed in the catalogue since they were kept', async () => {
  const user = new User();
  const known = await user.ask<{ items: unknown[] }>('/v1/catalogue/changes');
  offset += 1;
  await service.collection(views.changes).insertOne({
    ...{ _id: 'movies/m1', list: 'movies', item: 'm1', owner: '', at: 'movies:0' },
    ...{ offset, gone: false },
  });
  await service.written();
  const now = await user.ask<{ items: unknown[] }>('/v1/catalogue/changes');
  expect(now.items).toMatchObject([...known.items, { movieId: 'm1' }]);
});

it('cost MongoDB nothing until the user changes something', async () => {
  const user = new User();
  await user.change('votes', 1, true, true);
  await user.change('watched', 2, true, true);
  await user.change('tickets', 3, true, true);
  const all = [...paths, '/v1/catalogue/changes'];
  const asked = async () => {
    for (const path of all) await user.ask(path);
    await user.timelines();
  };
  await asked();
  await service.db.command({ profile: 2 });
  await asked();
  await service.db.command({ profile: 0 });
  const own = [
    ...[views.votes, views.plays, views.reminders, views.tickets, views.ticketEntries],
    views.changes,
  ].map((view) => service.collection(view as View));
  const ns = own.map(({ namespace }) => namespace);
  const profile = service.db.collection('system.profile');
  expect(await profile.countDocuments({ ns: { $in: ns } })).toBe(0);
});
