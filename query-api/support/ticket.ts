import { Problem } from '@event-sourced/kernel/problems';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { exampleIds, TicketId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { ticketUnknown } from '#schemas/support/problems.ts';
import { views } from '#schemas/views.ts';
import { ShownTicket, shownTicket } from './shown-ticket.ts';

/** One ticket with its whole timeline, for its opener and support. */
export const ticket = query({
  name: 'ticket',
  summary: 'A ticket with all that was written to it',
  route: 'GET /v1/tickets/:ticketId',
  views: [views.tickets],
  for: [roles.viewer, roles.support],
  input: z.object({ ticketId: TicketId }),
  example: { ticketId: exampleIds.ticketId },
  output: ShownTicket,
  problems: [ticketUnknown],
  async answer({ ticketId }, { read, caller }) {
    const found = await read(views.tickets).findOne({ _id: ticketId });
    const isSupport = caller?.roles.has('support');
    if (found && (isSupport || found.openedBy === caller?.userId)) return shownTicket(found);
    throw new Problem(ticketUnknown, `There is no ticket ${ticketId}.`);
  },
});
