import { aggregate, reject } from '@event-sourced/kernel/aggregate';
import type { Caller } from '@event-sourced/kernel/auth';
import { type Millis, type PersonalText, personalText } from '@event-sourced/kernel/event';
import { v5 as uuid5 } from 'uuid';
import { z } from 'zod';
import type { SupportEvent } from '#schemas/generated/events.ts';
import { exampleIds, MovieId, TicketId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { ticketFull, ticketTransition, ticketUnknown } from '#schemas/support/problems.ts';
import { priorities } from '#schemas/support/tickets-view.ts';
import { WrittenLine, WrittenText } from '#schemas/written-text.ts';
import { knownMovie } from '../known-movie.ts';

type Ticket = { status: 'unknown' } | KnownTicket;

type KnownTicket = {
  status: 'open' | 'resolved' | 'closed';
  openedBy: string;
  /** The number of messages, the first one included. */
  messages: number;
  reopenings: number;
  /** When the ticket was last resolved or closed. */
  endedAt: Millis;
  hasServiceOrder: boolean;
};

function evolve(ticket: Ticket, event: SupportEvent): Ticket {
  if (event.type === 'TicketOpened') {
    const { userId: openedBy, openedAt: endedAt } = event.data;
    const none = { reopenings: 0, hasServiceOrder: false };
    return { status: 'open', openedBy, messages: 1, endedAt, ...none };
  }
  const known = knownTicket(ticket, event.data);
  switch (event.type) {
    case 'ServiceOrderCreated':
      return { ...known, hasServiceOrder: true };
    case 'TicketMessageAdded':
      return { ...known, messages: known.messages + 1 };
    case 'TicketResolved':
      return { ...told(known, event.data), status: 'resolved', endedAt: event.data.resolvedAt };
    case 'TicketClosed':
      return { ...told(known, event.data), status: 'closed', endedAt: event.data.closedAt };
    case 'TicketReopened':
      return { ...told(known, event.data), status: 'open', reopenings: known.reopenings + 1 };
  }
}

const told = (ticket: KnownTicket, { message }: { message: unknown }): KnownTicket => ({
  ...ticket,
  messages: ticket.messages + (message ? 1 : 0),
});

export const ticket = aggregate<Ticket, SupportEvent>({
  topic: 'support',
  stateVersion: 1,
  initial: { status: 'unknown' },
  evolve,
  /** All that is said in a ticket, by support too, is about the one who opened it. */
  person: ({ type, data }, ticket) =>
    type === 'TicketOpened' ? data.userId : knownTicket(ticket, data).openedBy,
  numbered: 'ServiceOrderCreated',
  made: (event) => (event.type === 'ServiceOrderCreated' ? event.data.orderNumber : null),
});

const messageLimit = 500;
/** Both limits together bound a ticket's timeline. */
const reopeningLimit = 100;
const reopenWithinDays = 14;
const dayMs = 24 * 60 * 60 * 1_000;
const orderDigits = 6;
const ticketNamespace = '0a9c6e4e-6c0f-5a57-9d4e-2f3c1b7d8e90';

const Message = WrittenText(5_000);
const InTicket = z.strictObject({ ticketId: TicketId });
const InTicketWithMessage = InTicket.extend({ message: Message.optional() });

const byTicketId = ({ ticketId }: { ticketId: TicketId }) => ({ key: ticketId, id: ticketId });

const unknownTicket = ({ ticketId }: { ticketId: string }): never =>
  reject(ticketUnknown, `There is no ticket ${ticketId}.`);

const knownTicket = (ticket: Ticket, about: { ticketId: string }): KnownTicket =>
  ticket.status === 'unknown' ? unknownTicket(about) : ticket;

/** For callers other than its opener and support, the ticket does not exist. */
function isSeen(ticket: Ticket, about: { ticketId: TicketId }, { userId, roles }: Caller): void {
  const { openedBy } = knownTicket(ticket, about);
  if (openedBy !== userId && !roles.has('support')) unknownTicket(about);
}

/** A message as personal text, if the ticket has room for another. */
function written(text: string, { messages }: KnownTicket): PersonalText {
  if (messages < messageLimit) return personalText(text);
  return reject(ticketFull, `The ticket has ${messages} messages, which is all it can have.`);
}

const hasMessage = ({ message }: { message?: string | undefined }) => message !== undefined;

const writtenIfAny = (text: string | undefined, ticket: KnownTicket) =>
  text === undefined ? null : written(text, ticket);

export const openTicket = ticket.command({
  name: 'open-ticket',
  route: 'POST /v1/tickets',
  summary: 'Ask support for help, about a movie or in general',
  role: roles.viewer,
  input: z.strictObject({
    subject: WrittenLine(120),
    message: Message,
    movieId: MovieId.optional(),
    priority: z.enum(priorities).default('normal'),
  }),
  example: { subject: 'No sound', message: 'The film is silent.', movieId: 'm55' },
  writesText: () => true,
  stream: (_, { userId }, key) =>
    byTicketId({ ticketId: uuid5(JSON.stringify([userId, key]), ticketNamespace) as TicketId }),
  requires: [knownMovie],
  decide: ({ subject, message, movieId = null, priority }, ticket, context) => {
    if (ticket.status !== 'unknown') return []; // The same key has opened it before.
    const { userId, now: openedAt, streamId: ticketId } = context;
    const texts = { subject: personalText(subject), message: personalText(message) };
    const data = { ticketId, userId, ...texts, movieId, priority, openedAt };
    return [{ type: 'TicketOpened', data }];
  },
  created: (_, { streamId: ticketId }) => ({ path: `/v1/tickets/${ticketId}`, ids: { ticketId } }),
  ids: { ticketId: TicketId },
});

export const addTicketMessage = ticket.command({
  name: 'add-ticket-message',
  route: 'POST /v1/tickets/:ticketId/messages',
  summary: 'Write to a ticket',
  role: [roles.viewer, roles.support],
  problems: [ticketUnknown, ticketTransition, ticketFull],
  input: InTicket.extend({ message: Message }),
  example: { ticketId: exampleIds.ticketId, message: 'It is silent with headphones too.' },
  writesText: () => true,
  stream: byTicketId,
  exists: isSeen,
  decide: (input, ticket, { userId: by, now: addedAt }) => {
    const { ticketId } = input;
    const known = knownTicket(ticket, input);
    if (known.status === 'closed') {
      reject(ticketTransition, 'The ticket is closed and takes no messages; reopen it first.');
    }
    const data = { ticketId, by, message: written(input.message, known), addedAt };
    return [{ type: 'TicketMessageAdded', data }];
  },
});

export const resolveTicket = ticket.command({
  name: 'resolve-ticket',
  route: 'POST /v1/tickets/:ticketId/resolve',
  summary: 'Say that a ticket is solved',
  role: roles.support,
  problems: [ticketUnknown, ticketTransition, ticketFull],
  input: InTicketWithMessage,
  example: { ticketId: exampleIds.ticketId, message: 'The sound track is back.' },
  writesText: hasMessage,
  stream: byTicketId,
  exists: isSeen,
  decide: (input, ticket, { userId: by, now: resolvedAt }) => {
    const { ticketId } = input;
    const known = knownTicket(ticket, input);
    if (known.status === 'resolved') return []; // Unchanged, so the message is dropped.
    if (known.status === 'closed') {
      reject(ticketTransition, 'The ticket is closed; only an open one can be resolved.');
    }
    const data = { ticketId, by, message: writtenIfAny(input.message, known), resolvedAt };
    return [{ type: 'TicketResolved', data }];
  },
});

export const closeTicket = ticket.command({
  name: 'close-ticket',
  route: 'POST /v1/tickets/:ticketId/close',
  summary: 'Close a ticket',
  role: [roles.viewer, roles.support],
  writesText: hasMessage,
  problems: [ticketUnknown, ticketFull],
  input: InTicketWithMessage,
  example: { ticketId: exampleIds.ticketId },
  stream: byTicketId,
  exists: isSeen,
  decide: (input, ticket, { userId: by, now: closedAt }) => {
    const { ticketId } = input;
    const known = knownTicket(ticket, input);
    if (known.status === 'closed') return []; // Unchanged, so the message is dropped.
    const data = { ticketId, by, message: writtenIfAny(input.message, known), closedAt };
    return [{ type: 'TicketClosed', data }];
  },
});

export const reopenTicket = ticket.command({
  name: 'reopen-ticket',
  route: 'POST /v1/tickets/:ticketId/reopen',
  summary: 'Open a ticket again, within 14 days of its end',
  role: [roles.viewer, roles.support],
  problems: [ticketUnknown, ticketTransition, ticketFull],
  input: InTicketWithMessage,
  example: { ticketId: exampleIds.ticketId, message: 'It is silent again.' },
  writesText: hasMessage,
  stream: byTicketId,
  exists: isSeen,
  decide: (input, ticket, { userId: by, now: reopenedAt }) => {
    const { ticketId } = input;
    const known = knownTicket(ticket, input);
    const { status, endedAt, reopenings } = known;
    if (status === 'open') return []; // Unchanged, so the message is dropped.
    if (reopenedAt - endedAt > reopenWithinDays * dayMs) {
      const since = `The ticket is ${status} since ${new Date(endedAt).toISOString()}`;
      reject(ticketTransition, `${since}, and can be reopened for 14 days; open a new one.`);
    }
    if (reopenings >= reopeningLimit) {
      reject(ticketFull, `The ticket was reopened ${reopenings} times; open a new one.`);
    }
    const data = { ticketId, by, message: writtenIfAny(input.message, known), reopenedAt };
    return [{ type: 'TicketReopened', data }];
  },
});

export const createServiceOrder = ticket.command({
  name: 'create-service-order',
  route: 'POST /v1/tickets/:ticketId/service-order',
  summary: 'Order technical service for a ticket, once',
  role: roles.support,
  problems: [ticketUnknown],
  input: InTicket,
  example: { ticketId: exampleIds.ticketId },
  stream: byTicketId,
  exists: isSeen,
  decide: (input, ticket, { now: createdAt, nextNumber }) => {
    if (knownTicket(ticket, input).hasServiceOrder) return []; // One order is enough, for ever.
    const orderNumber = `SO-${String(nextNumber).padStart(orderDigits, '0')}`;
    return [{ type: 'ServiceOrderCreated', data: { ...input, orderNumber, createdAt } }];
  },
  created: (_, { made }) => (made === null ? null : { ids: { orderNumber: made } }),
  withoutLocation: true,
  ids: { orderNumber: z.string() },
});

/** In an order in which one ticket can go through all of them, as the API's examples do. */
export const ticketCommands = [
  openTicket,
  addTicketMessage,
  createServiceOrder,
  resolveTicket,
  reopenTicket,
  closeTicket,
];
