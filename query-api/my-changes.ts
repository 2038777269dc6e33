import {
  changesOf,
  changesSince,
  type Documents,
  query,
  type Reading,
  SyncInput,
  type ViewCopy,
} from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import type { Document as Fields, Filter } from 'mongodb';
import { z } from 'zod';
import type { ChangeDocument } from '#schemas/changes-view.ts';
import type { NotificationDocument } from '#schemas/notifications/notifications-view.ts';
import { views } from '#schemas/views.ts';
import {
  type MyLists,
  myItemChanges,
  myNotifications,
  myPlays,
  myReminders,
  myTickets,
  myVotes,
} from './memory/my-lists.ts';
import {
  NotificationItem,
  notificationItem,
  PlayItem,
  playItem,
  ReminderItem,
  reminderItem,
  TicketItem,
  ticketItem,
  VoteItem,
  voteItem,
} from './shown-items.ts';

const changeIn = <List extends string, Item extends z.ZodType>(list: List, item: Item) =>
  z.object({
    list: z.literal(list),
    id: z.string().meta({ description: 'Of the movie, play, ticket or notification.' }),
    item: item.nullable().meta({ description: 'As it is now; null if it is no more.' }),
  });

const MyChange = z
  .discriminatedUnion('list', [
    changeIn('votes', VoteItem),
    changeIn('reminders', ReminderItem),
    changeIn('watched', PlayItem),
    changeIn('tickets', TicketItem),
    changeIn('notifications', NotificationItem),
  ])
  .meta({ id: 'MyChange' });
type MyChange = z.input<typeof MyChange>;

/** All that changed in the caller's lists, for clients that keep them: offline, or in a cache. */
export const myChanges = query({
  name: 'my-changes',
  summary: 'All that changed in my lists since a cursor, removals included',
  route: 'GET /v1/me/changes',
  views: [
    ...[views.changes, views.votes, views.reminders, views.plays, views.tickets],
    views.notifications,
  ],
  copies: [myItemChanges, myNotifications, myVotes, myReminders, myPlays, myTickets],
  for: 'authenticated',
  input: z.object(SyncInput),
  example: { limit: '3' },
  output: changesOf(MyChange),
  async answer(input, reading) {
    const { read, copy, caller, position } = reading;
    const owner = caller?.userId ?? '';
    // A notification says by itself where it comes from, since it has no end.
    const told = { userId: owner, toldAt: { $gte: 0 } };
    const sources = await Promise.all([
      known({ documents: read(views.changes), filter: { owner } }, copy(myItemChanges), owner),
      known({ documents: read(views.notifications), filter: told }, copy(myNotifications), owner),
    ]);
    return changesSince<ChangeDocument | NotificationDocument, MyChange>({
      ...{ ...input, list: ['my-changes', owner], position },
      sources,
      items: (changes) => shown(changes, reading),
    });
  },
});

/** Of whoever has more, only pages are kept. */
const mostKept = 1_000;

/** A user's documents, read once until they change: all of them if they are few, or each page. */
async function known<D extends { _id: string }>(
  source: { documents: Documents<D>; filter: Fields },
  lists: MyLists,
  owner: string,
) {
  const { all } = await lists.documents(owner, 'all', async () => {
    const found = await source.documents
      .find(source.filter as Filter<D>)
      .limit(mostKept + 1)
      .toArray();
    return { all: found.length > mostKept ? null : (found as D[]) };
  });
  return all ? { all } : { ...source, kept: lists.keptOf(owner) };
}

async function shown(
  changes: readonly (ChangeDocument | NotificationDocument)[],
  { read, copy, caller }: Reading,
): Promise<MyChange[]> {
  const owner = caller?.userId ?? '';
  const found = async <D extends { _id: string }>(
    list: ChangeDocument['list'],
    view: View<D>,
    lists: ViewCopy<MyLists>,
  ) => {
    const ids = changes.flatMap((one) => ('list' in one && one.list === list ? one.item : []));
    if (ids.length === 0) return new Map<string, D>();
    const documents = await copy(lists).documents(owner, JSON.stringify(ids), async () => {
      const all = read(view).find({ _id: { $in: ids } } as Filter<D>);
      return (await all.toArray()) as D[];
    });
    return new Map(documents.map((document) => [document._id, document]));
  };
  const [votes, reminders, plays, tickets] = await Promise.all([
    found('votes', views.votes, myVotes),
    found('reminders', views.reminders, myReminders),
    found('watched', views.plays, myPlays),
    found('tickets', views.tickets, myTickets),
  ]);
  return changes.flatMap((one): MyChange[] => {
    if (!('list' in one)) {
      return [{ list: 'notifications', id: one._id, item: notificationItem(one) }];
    }
    const { list, item: id } = one;
    switch (list) {
      case 'votes':
        return [{ list, id: movieOf(id), item: ifThere(votes.get(id), voteItem) }];
      case 'reminders':
        return [{ list, id: movieOf(id), item: ifThere(reminders.get(id), reminderItem) }];
      case 'watched':
        return [{ list, id, item: ifThere(plays.get(id), playItem) }];
      case 'tickets':
        return [{ list, id, item: ifThere(tickets.get(id), ticketItem) }];
      default:
        return [];
    }
  });
}

/** The document of a user and a movie has the id `movieId/userId`. */
const movieOf = (id: string): string => id.slice(0, id.indexOf('/'));

const ifThere = <D, Item>(document: D | undefined, item: (document: D) => Item): Item | null =>
  document === undefined ? null : item(document);
