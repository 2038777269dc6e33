import { Paged, page, pageOf, pagesOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { exampleIds, TicketId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { ticketUnknown } from '#schemas/support/problems.ts';
import type { TicketDocument } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';
import { allTickets, SharedLists, ticketEntries } from '../memory/my-lists.ts';
import { keptPages } from '../my-list.ts';
import { ShownEntry, ShownTicket, shownEntry, shownTicket } from './shown-ticket.ts';

/** One ticket with the newest entries of its timeline, for its opener and support. */
export const ticket = query({
  name: 'ticket',
  summary: 'A ticket with the newest of what was written to it',
  route: 'GET /v1/tickets/:ticketId',
  views: [views.tickets],
  copies: [allTickets],
  for: [roles.viewer, roles.support],
  input: z.object({ ticketId: TicketId }),
  example: { ticketId: exampleIds.ticketId },
  output: ShownTicket,
  problems: [ticketUnknown],
  answer: async ({ ticketId }, reading) => shownTicket(await seenTicket(ticketId, reading)),
});

/** All that happened to a ticket, for its opener and support. */
export const ticketTimeline = query({
  name: 'ticket-timeline',
  summary: 'All that happened to a ticket, in pages',
  route: 'GET /v1/tickets/:ticketId/timeline',
  views: [views.tickets, views.ticketEntries],
  copies: [allTickets, ticketEntries],
  for: [roles.viewer, roles.support],
  input: z.object({
    ticketId: TicketId,
    sort: z.enum(['at', '-at'], { error: 'has to be at or -at' }).default('at'),
    ...Paged,
  }),
  example: { ticketId: exampleIds.ticketId, limit: '2' },
  output: pageOf(ShownEntry),
  problems: [ticketUnknown],
  async answer({ ticketId, sort, limit, cursor }, reading) {
    await seenTicket(ticketId, reading);
    const order =
      sort === 'at' ? ({ number: 1, _id: 1 } as const) : ({ number: -1, _id: -1 } as const);
    const pages = pagesOf(reading.read(views.ticketEntries), { filter: { ticketId }, order });
    const kept = { lists: reading.copy(ticketEntries), userId: ticketId, name: sort };
    return page(keptPages(pages, kept), {
      ...{ list: ['ticket-timeline', ticketId, sort], limit, cursor, order },
      position: z.tuple([z.number(), z.string()]),
      items: (entries) => entries.map(shownEntry),
    });
  },
});

/** @throws Problem `ticket-unknown` also to those who may not see it. */
async function seenTicket(
  ticketId: TicketId,
  { read, copy, caller }: Reading,
): Promise<TicketDocument> {
  const kept = copy(allTickets).keptOf(SharedLists.everybody);
  const { found } = await kept(`ticket ${ticketId}`, async () => {
    return { found: await read(views.tickets).findOne({ _id: ticketId }) };
  });
  const isSupport = caller?.roles.has('support');
  if (found && (isSupport || found.openedBy === caller?.userId)) return found;
  throw new Problem(ticketUnknown, `There is no ticket ${ticketId}.`);
}
