import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { exampleIds, TicketId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { ticketUnknown } from '#schemas/support/problems.ts';
import type { TicketDocument } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';
import { ShownEntry, ShownTicket, shownEntry, shownTicket } from './shown-ticket.ts';

/** One ticket with the newest entries of its timeline, for its opener and support. */
export const ticket = query({
  name: 'ticket',
  summary: 'A ticket with the newest of what was written to it',
  route: 'GET /v1/tickets/:ticketId',
  views: [views.tickets],
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
    return page(reading.read(views.ticketEntries), {
      ...{ list: ['ticket-timeline', ticketId, sort], limit, cursor },
      filter: { ticketId },
      order: sort === 'at' ? { number: 1, _id: 1 } : { number: -1, _id: -1 },
      position: z.tuple([z.number(), z.string()]),
      items: (entries) => entries.map(shownEntry),
    });
  },
});

/** @throws Problem `ticket-unknown` also to those who may not see it. */
async function seenTicket(ticketId: TicketId, { read, caller }: Reading): Promise<TicketDocument> {
  const found = await read(views.tickets).findOne({ _id: ticketId });
  const isSupport = caller?.roles.has('support');
  if (found && (isSupport || found.openedBy === caller?.userId)) return found;
  throw new Problem(ticketUnknown, `There is no ticket ${ticketId}.`);
}
