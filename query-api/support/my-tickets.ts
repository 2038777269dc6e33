import { pageOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';
import { myTickets as lists } from '../memory/my-lists.ts';
import { newestTickets, TicketList } from './newest-tickets.ts';
import { ShownTicket, shownTicket } from './shown-ticket.ts';

/** The tickets that the caller has opened. */
export const myTickets = query({
  name: 'my-tickets',
  summary: 'The tickets that I have opened, sorted, in pages',
  route: 'GET /v1/me/tickets',
  views: [views.tickets],
  copies: [lists],
  for: 'authenticated',
  input: TicketList.extend({
    sort: z
      .enum(['openedAt', '-openedAt'], { error: 'has to be openedAt or -openedAt' })
      .default('-openedAt'),
  }),
  example: { limit: '2' },
  output: pageOf(ShownTicket),
  async answer({ status, sort, limit, cursor }, reading) {
    const openedBy = reading.caller?.userId;
    if (openedBy === undefined) throw new Problem('unauthorized', 'A token is needed.');
    return newestTickets(reading, {
      ...{ lists, userId: openedBy },
      ...{
        list: ['my-tickets', openedBy, status, sort],
        filter: { openedBy, ...(status && { status }) },
      },
      ...{ limit, cursor, by: 'openedAt', oldestFirst: sort === 'openedAt' },
      shown: (ticket) => [shownTicket(ticket)],
    });
  },
});
