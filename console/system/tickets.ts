import { answerOf, type MoviesClient } from '#client/client.ts';
import type { Act, Answer, Keep } from './act.ts';

/** The commands about tickets. */

export type NewTicket = { subject: string; message: string; movieId?: string };
export type Opened = Answer & { ticketId: string };
export type TicketStep = 'messages' | 'resolve' | 'close' | 'reopen';

const seeTicket = async ({ queries }: MoviesClient, keep: Keep, ticketId: string) => {
  const params = { path: { ticketId } };
  const ticket = await answerOf(queries.GET('/v1/tickets/{ticketId}', { params }));
  keep(['ticket', ticketId], ticket);
};

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
  see: (client, keep, { ticketId }) => seeTicket(client, keep, ticketId),
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
  see: (client, keep) => seeTicket(client, keep, ticketId),
});
