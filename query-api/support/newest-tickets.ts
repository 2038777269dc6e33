import { type Page, Paged, page, pagesOf } from '@event-sourced/kernel/page';
import type { Reading, ViewCopy } from '@event-sourced/kernel/query';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import { type TicketDocument, ticketStatuses } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';
import type { MyLists } from '../memory/my-lists.ts';
import { keptPages } from '../my-list.ts';

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
  /** Where its pages are kept. */
  lists: ViewCopy<MyLists>;
  userId: string;
};

/** A ticket has more, which would make a list of a hundred too large. */
const shownEntries = 10;

/** A page of tickets, newest first unless `oldestFirst`. */
export function newestTickets<Item>(
  { read, copy }: Reading,
  { by, oldestFirst = false, shown, filter, lists, userId, ...options }: ListOptions<Item>,
): Promise<Page<Item>> {
  const name = JSON.stringify(options.list);
  const projection = { timeline: { $slice: -shownEntries } };
  const order = oldestFirst ? ({ [by]: 1, _id: -1 } as const) : ({ [by]: -1, _id: 1 } as const);
  const pages = pagesOf(read(views.tickets), { filter, order, projection });
  return page(keptPages(pages, { lists: copy(lists), userId, name }), {
    ...{ ...options, order, position: Place },
    items: (tickets) => tickets.flatMap(shown),
  });
}
