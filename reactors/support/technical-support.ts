import { reactor } from '@event-sourced/kernel/reactor';
import type { SupportEvent } from '#schemas/generated/events.ts';
import { roles } from '#schemas/roles.ts';

/** Technical support: takes every ticket on with a service order. */
export const technicalSupport = reactor<SupportEvent>({
  name: 'technical-support',
  topic: 'support',
  roles: [roles.support],
  when: {
    TicketOpened: ({ data: { ticketId, userId } }) => ({
      POST: `/v1/tickets/${ticketId}/service-order`,
      done: ({ orderNumber, unchanged }) =>
        unchanged
          ? `The ticket ${ticketId} of ${userId} has its service order already`
          : `Service order ${orderNumber} for the ticket ${ticketId} of ${userId}`,
    }),
  },
});
