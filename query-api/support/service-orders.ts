import { pageOf } from '#kernel/page.ts';
import { query } from '#kernel/query.ts';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';
import { newestTickets, TicketList } from './newest-tickets.ts';
import { ShownServiceOrder, shownServiceOrder } from './shown-ticket.ts';

/** Every service order with what it is about, for support. */
export const serviceOrders = query({
  name: 'service-orders',
  summary: 'Service orders, newest first, in pages',
  route: 'GET /v1/service-orders',
  views: [views.tickets],
  for: roles.support,
  input: TicketList,
  output: pageOf(ShownServiceOrder),
  answer: ({ status, limit, cursor }, reading) =>
    newestTickets(reading, {
      list: ['service-orders', status],
      // A range, which the index has; tickets without an order aren't in it.
      filter: { 'serviceOrder.createdAt': { $gte: 0 }, ...(status && { status }) },
      ...{ limit, cursor, by: 'serviceOrder.createdAt', shown: shownServiceOrder },
    }),
});
