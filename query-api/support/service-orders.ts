import { pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';
import { allTickets, SharedLists } from '../memory/my-lists.ts';
import { newestTickets, TicketList } from './newest-tickets.ts';
import { ShownServiceOrder, shownServiceOrder } from './shown-ticket.ts';

/** Every service order with the subject of its ticket, for support. */
export const serviceOrders = query({
  name: 'service-orders',
  summary: 'Service orders, newest first, in pages',
  route: 'GET /v1/service-orders',
  views: [views.tickets],
  copies: [allTickets],
  for: roles.support,
  input: TicketList,
  example: { limit: '2' },
  output: pageOf(ShownServiceOrder),
  answer: ({ status, limit, cursor }, reading) =>
    newestTickets(reading, {
      ...{ lists: allTickets, userId: SharedLists.everybody },
      list: ['service-orders', status],
      // Only tickets with a service order are in this range, which the index can scan.
      filter: { 'serviceOrder.createdAt': { $gte: 0 }, ...(status && { status }) },
      ...{ limit, cursor, by: 'serviceOrder.createdAt', shown: shownServiceOrder },
    }),
});
