import { personalText } from '@event-sourced/kernel/event';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import type { TicketEntry } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';
import { ticketDocument, ticketIdOf } from '#tests/ticket-documents.ts';
import { myTickets } from './my-tickets.ts';
import { serviceOrders } from './service-orders.ts';
import type { ShownEntry, ShownServiceOrder, ShownTicket } from './shown-ticket.ts';
import { ticket, ticketTimeline } from './ticket.ts';
import { tickets } from './tickets.ts';

const at = Date.parse('2026-03-02T18:30:00.250Z');
const entry = (number: number): TicketEntry => ({
  ...{
    number,
    at: at + number,
    by: 'sam',
    type: 'message',
    message: personalText(`Entry ${number}`),
  },
});
const orderOf = (number: number, createdAt: number) => ({
  serviceOrder: { orderNumber: `SO-00000${number}`, createdAt },
});

/** In the order of a list: newest first, then by id. */
const documents = [
  ticketDocument(1, {
    ...{ version: 4, openedAt: at, movieId: 'm12', priority: 'urgent', status: 'resolved' },
    timeline: [
      { number: 1, at, by: 'alice', type: 'opened', message: personalText('None.\n\t– 音') },
      { number: 2, at: at + 1, by: 'technical-support', type: 'service-order', message: null },
      { number: 3, at: at + 2, by: 'sam', type: 'resolved', message: personalText('Try again.') },
    ],
    ...orderOf(1, at + 1),
  }),
  ticketDocument(2, { openedAt: 50, openedBy: 'bob', ...orderOf(2, 80) }),
  ticketDocument(3, { openedAt: 40, status: 'closed' }),
  ticketDocument(4, { openedAt: 40, openedBy: 'bob', status: 'closed', ...orderOf(4, 90) }),
  ticketDocument(5, {
    openedAt: 30,
    timeline: Array.from({ length: 12 }, (_, at) => entry(at + 1)),
  }),
];

let service: QueryService;
beforeAll(async () => {
  const queries = [tickets, ticket, ticketTimeline, myTickets, serviceOrders];
  service = await queryService(inject('stack').mongo, { queries, views: Object.values(views) });
  await service.collection(views.tickets).insertMany(documents);
  const entries = documents.flatMap(({ _id: ticketId, timeline }) =>
    timeline.map((entry) => ({ _id: `${ticketId}/${entry.number}`, ticketId, ...entry })),
  );
  await service.collection(views.ticketEntries).insertMany(entries);
});
afterAll(() => service.close());

type Page<Item> = { items: Item[]; next: string | null; count: number };

const ask = async (path: string, user: string, role: 'viewer' | 'support' = 'viewer') =>
  service.ask(path, await service.as(user, [role]));

async function page<Item = ShownTicket>(
  path: string,
  user = 'sam',
  role: 'viewer' | 'support' = 'support',
): Promise<Page<Item>> {
  const answer = await ask(path, user, role);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Page<Item>;
}

const numbers = ({ items }: Page<{ ticketId: string }>) =>
  items.map(({ ticketId }) => Number(ticketId.slice(-4)));

describe('a ticket', () => {
  const path = `/v1/tickets/${ticketIdOf(1)}`;

  it('is shown to its opener and to support, with every message', async () => {
    const asOpener = await ask(path, 'alice');
    expect(asOpener.headers.get('cache-control')).toBe('private, no-cache');
    expect(await asOpener.json()).toEqual({
      ...{ ticketId: ticketIdOf(1), version: 4, subject: 'Subject 1', priority: 'urgent' },
      ...{ status: 'resolved', movieId: 'm12', openedBy: 'alice' },
      openedAt: '2026-03-02T18:30:00.250Z',
      timeline: [
        {
          ...{ number: 1, at: '2026-03-02T18:30:00.250Z', by: 'alice', type: 'opened' },
          message: 'None.\n\t– 音',
        },
        {
          number: 2,
          at: '2026-03-02T18:30:00.251Z',
          by: 'technical-support',
          type: 'service-order',
        },
        {
          ...{ number: 3, at: '2026-03-02T18:30:00.252Z', by: 'sam', type: 'resolved' },
          message: 'Try again.',
        },
      ],
      timelineLength: 3,
      serviceOrder: { orderNumber: 'SO-000001', createdAt: '2026-03-02T18:30:00.251Z' },
    });
    expect((await ask(path, 'sam', 'support')).status).toBe(200);
  });

  it('has null as its service order, and no movie, if it has neither', async () => {
    const shown = (await (await ask(`/v1/tickets/${ticketIdOf(3)}`, 'alice')).json()) as object;
    expect(shown).toMatchObject({ serviceOrder: null, status: 'closed' });
    expect(shown).not.toHaveProperty('movieId');
  });

  it('has more of a long timeline than lists have', async () => {
    const answer = await ask(`/v1/tickets/${ticketIdOf(5)}`, 'alice');
    const { timeline, timelineLength } = (await answer.json()) as ShownTicket;
    expect(timeline).toHaveLength(12);
    expect(timelineLength).toBe(12);
  });

  it.each([
    ['somebody else’s', path, 'bob', 404, 'ticket-unknown'],
    ['one that there isn’t', `/v1/tickets/${ticketIdOf(99)}`, 'alice', 404, 'ticket-unknown'],
    ['no ticket id', '/v1/tickets/12', 'alice', 400, 'invalid-input'],
    ['a parameter that isn’t known', `${path}?x=1`, 'alice', 400, 'invalid-input'],
  ])('is refused: %s', async (_, path, user, status, code) => {
    const answer = await ask(path, user);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code, status });
  });
});

describe('the timeline of a ticket', () => {
  const path = `/v1/tickets/${ticketIdOf(5)}/timeline`;

  it.each([
    ['at', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    ['-at', [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ])('has all that happened, page by page, sorted by %s', async (sort, expected) => {
    const entries: ShownEntry[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next && `&cursor=${next}`;
      const read = `${path}?sort=${sort}&limit=5${cursor}`;
      const part: Page<ShownEntry> = await page(read, 'alice', 'viewer');
      expect(part.count).toBe(12);
      entries.push(...part.items);
      next = part.next;
    }
    expect(entries.map(({ number }) => number)).toEqual(expected);
    expect(entries[0]).toEqual({
      ...{ number: expected[0], by: 'sam', type: 'message', message: `Entry ${expected[0]}` },
      at: new Date(at + expected[0]!).toISOString(),
    });
  });

  it('is shown to support, and in no other ticket’s pages', async () => {
    const { next, count } = await page(`${path}?limit=1`);
    expect(count).toBe(12);
    const other = `/v1/tickets/${ticketIdOf(1)}/timeline?cursor=${next}`;
    const answer = await ask(other, 'sam', 'support');
    expect(await answer.json()).toMatchObject({ status: 400, code: 'invalid-cursor' });
  });

  it.each([
    ['somebody else’s', path, 'bob', 404, 'ticket-unknown'],
    ['of no ticket', `/v1/tickets/${ticketIdOf(99)}/timeline`, 'alice', 404, 'ticket-unknown'],
    ['sorted by anything else', `${path}?sort=by`, 'alice', 400, 'invalid-input'],
  ])('is refused: %s', async (_, path, user, status, code) => {
    const answer = await ask(path, user);
    expect(await answer.json()).toMatchObject({ code, status });
  });
});

describe('all tickets', () => {
  it('are shown to support, newest first', async () => {
    const all = await page('/v1/tickets');
    expect(numbers(all)).toEqual([1, 2, 3, 4, 5]);
    expect(all).toMatchObject({ count: 5, next: null });
  });

  it('may be of one status', async () => {
    const closed = await page('/v1/tickets?status=closed');
    expect(numbers(closed)).toEqual([3, 4]);
    expect(closed.count).toBe(2);
  });

  it('have the newest entries of a long timeline, and its length', async () => {
    const last = (await page('/v1/tickets')).items.at(-1);
    expect(last?.timelineLength).toBe(12);
    expect(last?.timeline.map(({ message }) => message)).toEqual(
      Array.from({ length: 10 }, (_, at) => `Entry ${at + 3}`),
    );
  });

  it.each([1, 2, 3, 4])('have the same order in pages of %i', async (limit) => {
    const pages: number[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next && `&cursor=${next}`;
      const part: Page<ShownTicket> = await page(`/v1/tickets?limit=${limit}${cursor}`);
      expect(part.count).toBe(5);
      pages.push(...numbers(part));
      next = part.next;
    }
    expect(pages).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('my tickets', () => {
  it('are the tickets that the caller has opened', async () => {
    const mine = await page('/v1/me/tickets', 'alice', 'viewer');
    expect(numbers(mine)).toEqual([1, 3, 5]);
    expect(mine.count).toBe(3);
    expect(numbers(await page('/v1/me/tickets?status=closed', 'bob', 'viewer'))).toEqual([4]);
    expect(numbers(await page('/v1/me/tickets', 'sam', 'support'))).toEqual([]);
  });

  it.each([
    ['-openedAt', [1, 3, 5]],
    ['openedAt', [5, 3, 1]],
  ])('by %s are in order, also page by page', async (sort, expected) => {
    const read = (more: string) => page(`/v1/me/tickets?sort=${sort}${more}`, 'alice', 'viewer');
    expect(numbers(await read(''))).toEqual(expected);
    const first = await read('&limit=2');
    const rest = await read(`&limit=2&cursor=${first.next}`);
    expect([...numbers(first), ...numbers(rest)]).toEqual(expected);
  });

  it('have cursors that are refused to other users', async () => {
    const { next } = await page('/v1/me/tickets?limit=1', 'alice', 'viewer');
    const answer = await ask(`/v1/me/tickets?limit=1&cursor=${next}`, 'bob');
    expect(await answer.json()).toMatchObject({ status: 400, code: 'invalid-cursor' });
  });
});

describe('service orders', () => {
  it('are shown to support, newest first', async () => {
    const orders = await page<ShownServiceOrder>('/v1/service-orders');
    expect(numbers(orders)).toEqual([1, 4, 2]);
    expect(orders).toMatchObject({ count: 3, next: null });
    expect(orders.items[0]).toEqual({
      ...{ orderNumber: 'SO-000001', createdAt: '2026-03-02T18:30:00.251Z', status: 'resolved' },
      ...{ ticketId: ticketIdOf(1), subject: 'Subject 1', priority: 'urgent', movieId: 'm12' },
      ...{ openedBy: 'alice', openedAt: '2026-03-02T18:30:00.250Z' },
    });
  });

  it('come in pages, and can be filtered by the status of their tickets', async () => {
    const first = await page<ShownServiceOrder>('/v1/service-orders?limit=2');
    const path = `/v1/service-orders?limit=2&cursor=${first.next}`;
    expect(numbers(await page<ShownServiceOrder>(path))).toEqual([2]);
    const closed = await page<ShownServiceOrder>('/v1/service-orders?status=closed');
    expect(numbers(closed)).toEqual([4]);
  });
});

describe.each(['/v1/tickets', '/v1/me/tickets', '/v1/service-orders'])('%s', (path) => {
  it.each([
    ['status=lost', 'status'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['sort=title', 'sort'],
  ])('with %s is refused', async (parameters, name) => {
    const answer = await ask(`${path}?${parameters}`, 'sam', 'support');
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { path: string }[] };
    expect(errors[0]?.path).toBe(name);
  });

  it('with a cursor of another list is refused', async () => {
    const { next } = await page('/v1/tickets?status=closed&limit=1');
    const answer = await ask(`${path}?cursor=${next}`, 'sam', 'support');
    expect(await answer.json()).toMatchObject({ status: 400, code: 'invalid-cursor' });
  });

  it('needs a token', async () => {
    const answer = await service.ask(path);
    expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthorized' });
  });
});

it.each(['/v1/tickets', '/v1/service-orders'])('%s is for support alone', async (path) => {
  expect(await (await ask(path, 'alice')).json()).toMatchObject({ status: 403, code: 'forbidden' });
});
