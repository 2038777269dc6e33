import type { LoggedEvent } from '@event-sourced/kernel/event';
import { projection } from '@event-sourced/kernel/projection';
import type { ChangeDocument } from '#schemas/changes-view.ts';
import type {
  MoviesEvent,
  RankingEvent,
  RemindersEvent,
  SupportEvent,
} from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';

type AnyEvent = MoviesEvent | RankingEvent | RemindersEvent | SupportEvent;
type Fold<Data> = (
  before: ChangeDocument | null,
  event: LoggedEvent & { data: Data },
) => ChangeDocument;

/** The list that an event is about, and the id of the item's own document. */
function itemOf({ type, data }: AnyEvent): Pick<ChangeDocument, 'list' | 'item'> {
  switch (type) {
    case 'MovieAdded':
    case 'MovieDetailsChanged':
    case 'MovieRetired':
      return { list: 'movies', item: data.movieId };
    case 'VoteCast':
    case 'VoteRetracted':
      return { list: 'votes', item: `${data.movieId}/${data.userId}` };
    case 'ReminderSet':
    case 'ReminderDue':
    case 'ReminderRemoved':
      return { list: 'reminders', item: `${data.movieId}/${data.userId}` };
    case 'MovieWatched':
    case 'WatchRemoved':
      return { list: 'watched', item: data.playId };
    default:
      return { list: 'tickets', item: data.ticketId };
  }
}

const topics = {
  movies: 'movies',
  votes: 'ranking',
  reminders: 'reminders',
  watched: 'reminders',
  tickets: 'support',
} as const satisfies Record<ChangeDocument['list'], string>;

/** Only a ticket's first event says who has opened it. */
function changed(
  before: ChangeDocument | null,
  event: LoggedEvent<AnyEvent>,
  gone: boolean,
): ChangeDocument {
  const { list, item } = itemOf(event);
  const owner = 'userId' in event.data ? event.data.userId : before?.owner;
  if (owner === undefined && list !== 'movies') throw new Error(`${item} was never opened`);
  const { lane, offset } = event.place;
  return {
    _id: `${list}/${item}`,
    list,
    item,
    owner: owner ?? '',
    at: `${topics[list]}:${lane}`,
    offset,
    gone,
  };
}

const there: Fold<unknown> = (before, event) =>
  changed(before, event as LoggedEvent<AnyEvent>, false);
const gone: Fold<unknown> = (before, event) =>
  changed(before, event as LoggedEvent<AnyEvent>, true);

/** The place of the last event about each item. */
export const itemChanges = projection<AnyEvent>()({
  view: views.changes,
  oneStreamPerDocument: true,
  id: (event) => {
    const { list, item } = itemOf(event);
    return `${list}/${item}`;
  },
  when: {
    MovieAdded: there,
    MovieDetailsChanged: there,
    MovieRetired: gone,
    VoteCast: there,
    VoteRetracted: gone,
    ReminderSet: there,
    ReminderDue: (before, event) => changed(before, event, before?.gone ?? true),
    ReminderRemoved: gone,
    MovieWatched: there,
    WatchRemoved: gone,
    TicketOpened: there,
    ServiceOrderCreated: there,
    TicketMessageAdded: there,
    TicketResolved: there,
    TicketReopened: there,
    TicketClosed: there,
  },
});
