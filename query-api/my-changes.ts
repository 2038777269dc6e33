import { momentOf, openedText } from '@event-sourced/kernel/event';
import {
  changesOf,
  changesSince,
  query,
  type Reading,
  SyncInput,
} from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { ChangeDocument } from '#schemas/changes-view.ts';
import { MovieId } from '#schemas/ids.ts';
import type { VoteDocument } from '#schemas/ranking/votes-view.ts';
import type { PlayDocument } from '#schemas/reminders/plays-view.ts';
import type { ReminderDocument } from '#schemas/reminders/reminders-view.ts';
import type { TicketDocument } from '#schemas/support/tickets-view.ts';
import { priorities, ticketStatuses } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';
import { reminderShown } from './me.ts';

const time = z.iso.datetime();
const Vote = z.object({
  movieId: MovieId,
  vote: z.enum(['like', 'dislike']),
  castAt: time,
  version: z.int(),
});
const Reminder = z.object({
  movieId: MovieId,
  note: z.string().nullable(),
  remindAt: time.nullable(),
  setAt: time,
  dueAt: time.nullable(),
});
const Play = z.object({ playId: z.string(), movieId: MovieId, watchedAt: time });
const Ticket = z.object({
  ticketId: z.string(),
  version: z.int(),
  subject: z.string(),
  priority: z.enum(priorities),
  status: z.enum(ticketStatuses),
  movieId: MovieId.nullable(),
  openedAt: time,
});

const changeIn = <List extends string, Item extends z.ZodType>(list: List, item: Item) =>
  z.object({
    list: z.literal(list),
    id: z.string().meta({ description: 'Of the movie, the play or the ticket.' }),
    item: item.nullable().meta({ description: 'As it is now; null if it is no more.' }),
  });

const MyChange = z
  .discriminatedUnion('list', [
    changeIn('votes', Vote),
    changeIn('reminders', Reminder),
    changeIn('watched', Play),
    changeIn('tickets', Ticket),
  ])
  .meta({ id: 'MyChange' });
type MyChange = z.input<typeof MyChange>;

/** All that changed in the caller's lists, for clients that keep them: offline, or in a cache. */
export const myChanges = query({
  name: 'my-changes',
  summary: 'All that changed in my lists since a cursor, removals included',
  route: 'GET /v1/me/changes',
  views: [views.changes, views.votes, views.reminders, views.plays, views.tickets],
  for: 'authenticated',
  input: z.object(SyncInput),
  example: { limit: '3' },
  output: changesOf(MyChange),
  answer: (input, reading) => {
    const owner = reading.caller?.userId ?? '';
    return changesSince(reading.read(views.changes), {
      ...{ ...input, list: ['my-changes', owner], filter: { owner } },
      position: reading.position,
      items: (changes) => shown(changes, reading),
    });
  },
});

async function shown(changes: readonly ChangeDocument[], { read }: Reading): Promise<MyChange[]> {
  const found = async <D extends { _id: string }>(view: View<D>, list: ChangeDocument['list']) => {
    const ids = changes.flatMap((change) => (change.list === list ? change.item : []));
    if (ids.length === 0) return new Map<string, D>();
    const documents = await read(view)
      .find({ _id: { $in: ids } } as Filter<D>)
      .toArray();
    return new Map(documents.map((document) => [document._id as string, document as D]));
  };
  const [votes, reminders, plays, tickets] = await Promise.all([
    found(views.votes, 'votes'),
    found(views.reminders, 'reminders'),
    found(views.plays, 'watched'),
    found(views.tickets, 'tickets'),
  ]);
  return changes.flatMap(({ list, item: id }): MyChange[] => {
    switch (list) {
      case 'votes':
        return [{ list, id: movieOf(id), item: voteOf(votes.get(id)) }];
      case 'reminders':
        return [{ list, id: movieOf(id), item: reminderOf(reminders.get(id)) }];
      case 'watched':
        return [{ list, id, item: playOf(plays.get(id)) }];
      case 'tickets':
        return [{ list, id, item: ticketOf(tickets.get(id)) }];
      default:
        return [];
    }
  });
}

/** The document of a user and a movie has the id `movieId/userId`. */
const movieOf = (id: string): string => id.slice(0, id.indexOf('/'));

const voteOf = (one: VoteDocument | undefined): z.input<typeof Vote> | null =>
  one
    ? { movieId: one.movieId, vote: one.vote, castAt: momentOf(one.castAt), version: one.version }
    : null;

const reminderOf = (one: ReminderDocument | undefined): z.input<typeof Reminder> | null =>
  one
    ? {
        movieId: one.movieId,
        ...reminderShown(one),
        dueAt: one.dueAt === null ? null : momentOf(one.dueAt),
      }
    : null;

const playOf = (one: PlayDocument | undefined): z.input<typeof Play> | null =>
  one ? { playId: one._id, movieId: one.movieId, watchedAt: momentOf(one.watchedAt) } : null;

const ticketOf = (one: TicketDocument | undefined): z.input<typeof Ticket> | null =>
  one
    ? {
        ...{ ticketId: one._id, version: one.version, subject: openedText(one.subject) },
        ...{ priority: one.priority, status: one.status, movieId: one.movieId },
        openedAt: momentOf(one.openedAt),
      }
    : null;
