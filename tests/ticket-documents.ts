import { personalText } from '#kernel/personal-text.ts';
import type { TicketDocument } from '#schemas/support/tickets-view.ts';

/** The id of a ticket with a number, for tests that need many tickets. */
export const ticketIdOf = (number: number): string =>
  `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`;

/** A ticket as the projector writes it, from the few facts that a test is about. */
export function ticketDocument(
  number: number,
  given: Partial<TicketDocument> = {},
): TicketDocument {
  const { openedBy = 'alice', openedAt = number } = given;
  const opened = {
    ...{ number: 1, at: openedAt, by: openedBy, type: 'opened' as const },
    message: personalText(`Message ${number}\n\t– 音`),
  };
  const timeline = given.timeline ?? [opened];
  return {
    ...{ _id: ticketIdOf(number), version: 1, subject: personalText(`Subject ${number}`) },
    ...{ openedBy, openedAt, movieId: null, priority: 'normal', status: 'open' },
    ...{ serviceOrder: null, ...given, timeline, timelineLength: timeline.length },
  };
}
