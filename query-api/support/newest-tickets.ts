import { type Page, Paged, page } from '@event-sourced/kernel/page';
import type { Reading } from '@event-sourced/kernel/query';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import { type TicketDocument, ticketStatuses } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';

/** The input of every list of tickets. */
export const TicketList = z.object({ status: z.enum(ticketStatuses).optional(), ...Paged });

/** Time and ticket. */
const Place = z.tuple([z.number(), z.string()]);

type ListOptions<Item> = Paged & {
  /** The name and the owner of the list: its cursors are refused for any other list. */
  list: readonly unknown[];
  filter: Filter<TicketDocument>;
  /** The time that it is sorted by. */
  by: 'openedAt' | 'serviceOrder.createdAt';
  oldestFirst?: boolean;
  shown(ticket: TicketDocument): readonly Item[];
};

/** A ticket has more, which would make a list of a hundred too large. */
const shownEntries = 10;

/** A page of tickets, newest first unless `oldestFirst`. */
export const newestTickets = <Item>(
  { read }: Reading,
  { by, oldestFirst = false, shown, ...list }: ListOptions<Item>,
): Promise<Page<Item>> =>
  page(read(views.tickets), {
    ...list,
    order: oldestFirst ? ({ [by]: 1, _id: -1 } as const) : ({ [by]: -1, _id: 1 } as const),
    position: Place,
    projection: { timeline: { $slice: -shownEntries } },
    items: (tickets) => tickets.flatMap(shown),
  });
