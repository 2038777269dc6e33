import type { Filter } from 'mongodb';
import { z } from 'zod';
import { Cursor, cutPage, formatCursor, Limit, type Page, parseCursor } from '#kernel/cursor.ts';
import type { Reading } from '#kernel/query.ts';
import { type TicketDocument, ticketStatuses } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';

/** What every list of tickets takes. */
export const TicketList = z.object({
  status: z.enum(ticketStatuses).optional(),
  limit: Limit,
  cursor: Cursor,
});

/** Time and ticket. */
const Place = z.tuple([z.number(), z.string()]);

type ListOptions<Item> = {
  /** What the list is called, and whose it is: its cursors are good for no other. */
  list: readonly unknown[];
  filter: Filter<TicketDocument>;
  limit: number;
  cursor: string | undefined;
  /** The time that it is sorted by. */
  by: 'openedAt' | 'serviceOrder.createdAt';
  oldestFirst?: boolean;
  shown(ticket: TicketDocument): readonly Item[];
};

/** A hundred whole timelines could be more than an answer should be. */
const shownEntries = 10;

/** A page of tickets, newest first unless it is asked for the oldest. */
export async function newestTickets<Item>(
  { read }: Reading,
  { list, filter, limit, cursor, by, oldestFirst = false, shown }: ListOptions<Item>,
): Promise<Page<Item>> {
  const tickets = read(views.tickets);
  const place = cursor === undefined ? null : parseCursor(list, cursor, Place);
  const [found, count] = await Promise.all([
    tickets
      .find(place ? { $and: [filter, after(by, place, oldestFirst)] } : filter)
      .project<TicketDocument>({ timeline: { $slice: -shownEntries } })
      .sort(oldestFirst ? { [by]: 1, _id: -1 } : { [by]: -1, _id: 1 })
      .limit(limit + 1)
      .toArray(),
    tickets.countDocuments(filter),
  ]);
  const { documents, next } = cutPage(found, limit, (last) =>
    formatCursor(list, [timeOf(last, by), last._id]),
  );
  return { items: documents.flatMap(shown), next, count };
}

function after(
  by: string,
  [time, id]: z.output<typeof Place>,
  oldestFirst: boolean,
): Filter<TicketDocument> {
  const [beyond, tied] = oldestFirst ? ['$gt', '$lt'] : ['$lt', '$gt'];
  return { $or: [{ [by]: { [beyond]: time } }, { [by]: time, _id: { [tied]: id } }] };
}

const timeOf = ({ openedAt, serviceOrder }: TicketDocument, by: ListOptions<unknown>['by']) =>
  by === 'openedAt' ? openedAt : (serviceOrder?.createdAt ?? 0);
