import { answerOf, type MoviesClient } from '#client/client.ts';
import type { Act, Answer } from './act.ts';

/** The commands about tickets. */

export type NewTicket = { subject: string; message: string; movieId?: string };
export type Opened = Answer & { ticketId: string };
export type TicketStep = 'messages' | 'resolve' | 'close' | 'reopen';

const seeTicket = ({ queries }: MoviesClient, ticketId: string) =>
  answerOf(queries.GET('/v1/tickets/{ticketId}', { params: { path: { ticketId } } }));

export const openTicket = (ticket: NewTicket): Act<Opened> => ({
  title: `Open a ticket: ${ticket.subject}`,
  command: 'POST /v1/tickets',
  send: ({ commands }, key) =>
    answerOf(
      commands.POST('/v1/tickets', {
        params: { header: { 'Idempotency-Key': key } },
        body: ticket,
      }),
    ) as Promise<Opened>,
  see: (client, { ticketId }) => seeTicket(client, ticketId),
});

const titles: Record<TicketStep, string> = {
  messages: 'Add a message to the ticket',
  resolve: 'Resolve the ticket',
  close: 'Close the ticket',
  reopen: 'Reopen the ticket',
};

export const stepOfTicket = (ticketId: string, step: TicketStep, message: string): Act => ({
  title: titles[step],
  command: `POST /v1/tickets/${ticketId}/${step}`,
  send: ({ commands }, key) => {
    const params = { path: { ticketId }, header: { 'Idempotency-Key': key } };
    if (step === 'messages') {
      const body = { message };
      return answerOf(commands.POST('/v1/tickets/{ticketId}/messages', { params, body }));
    }
    const body = message ? { message } : {};
    return answerOf(commands.POST(`/v1/tickets/{ticketId}/${step}`, { params, body }));
  },
  see: (client) => seeTicket(client, ticketId),
});
