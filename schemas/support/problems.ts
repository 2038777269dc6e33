import { problemType } from '@event-sourced/kernel/problems';

export const ticketUnknown = problemType('ticket-unknown', 404, 'There is no such ticket');
export const ticketTransition = problemType(
  'ticket-transition',
  409,
  'The ticket is not in a state for this',
);
export const ticketFull = problemType('ticket-full', 422, 'The ticket takes no more');
