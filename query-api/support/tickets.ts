import { pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';
import { allTickets, SharedLists } from '../memory/my-lists.ts';
import { newestTickets, TicketList } from './newest-tickets.ts';
import { ShownTicket, shownTicket } from './shown-ticket.ts';

/** Everybody's tickets, for support. */
export const tickets = query({
  name: 'tickets',
  summary: 'All tickets, newest first, in pages',
  route: 'GET /v1/tickets',
  views: [views.tickets],
  copies: [allTickets],
  for: roles.support,
  input: TicketList,
  example: { status: 'closed', limit: '2' },
  output: pageOf(ShownTicket),
  answer: ({ status, limit, cursor }, reading) =>
    newestTickets(reading, {
      ...{ lists: allTickets, userId: SharedLists.everybody },
      list: ['tickets', status],
      // Without any condition, MongoDB would count by reading every ticket.
      filter: status ? { status } : { openedAt: { $gte: 0 } },
      ...{ limit, cursor, by: 'openedAt', shown: (ticket) => [shownTicket(ticket)] },
    }),
});
