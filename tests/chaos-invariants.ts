import type { Event } from '#kernel/event.ts';
import type { RankingEvent, RemindersEvent, SupportEvent } from '#schemas/generated/events.ts';
import type { Committed } from './committed-events.ts';

/**
 * The rules of the business, checked on the log alone. They are written a second time here, so that
 * the aggregates don't check themselves. Each rule returns its violations.
 */
export const invariants = (log: readonly Committed[]): string[] => {
  const events = log.map(({ event }) => event);
  return [
    ...votes(events as RankingEvent[]),
    ...lists(events as RemindersEvent[]),
    ...tickets(events as SupportEvent[]),
    ...serviceOrders(events as SupportEvent[]),
    ...times(log),
  ];
};

const told = ({ type, meta, data }: Event) =>
  `${type} of ${meta.subject}@${meta.sequence} ${JSON.stringify(data)}`;

/** A user has one vote per movie, and each event names the vote that it replaces. */
function votes(events: readonly RankingEvent[]): string[] {
  const standing = new Map<string, { vote: string; castAt: number | null }>();
  const none = { vote: 'none', castAt: null };
  return events.flatMap((event) => {
    if (event.type !== 'VoteCast' && event.type !== 'VoteRetracted') return [];
    const { movieId, userId, previous, previousCastAt } = event.data;
    const ballot = `${movieId} ${userId}`;
    const before = standing.get(ballot) ?? none;
    const after = event.type === 'VoteCast' ? event.data : none;
    standing.set(ballot, { vote: after.vote, castAt: after.castAt });
    const isTrue = before.vote === previous && before.castAt === previousCastAt;
    return isTrue && after.vote !== before.vote ? [] : [told(event)];
  });
}

const reminderLimit = 1_000;
const playLimit = 20_000;

/** No list exceeds its limit, and only entries that are on a list are removed from it. */
function lists(events: readonly RemindersEvent[]): string[] {
  const reminders = new Map<string, Set<string>>();
  const plays = new Map<string, Set<string>>();
  const of = (all: Map<string, Set<string>>, userId: string) => {
    const list = all.get(userId) ?? new Set<string>();
    all.set(userId, list);
    return list;
  };
  const holds = (event: RemindersEvent): boolean => {
    const { userId, movieId } = event.data;
    switch (event.type) {
      case 'ReminderSet':
        return of(reminders, userId).add(movieId).size <= reminderLimit;
      case 'ReminderRemoved':
        return of(reminders, userId).delete(movieId);
      case 'ReminderDue':
        return of(reminders, userId).has(movieId);
      case 'MovieWatched': {
        const list = of(plays, userId);
        const isNew = !list.has(event.data.playId);
        return isNew && list.add(event.data.playId).size <= playLimit;
      }
      case 'WatchRemoved':
        return of(plays, userId).delete(event.data.playId);
    }
  };
  return events
    .filter(({ meta }) => meta.subject.startsWith('reminders/'))
    .filter((event) => !holds(event))
    .map(told);
}

type Status = 'none' | 'open' | 'resolved' | 'closed';

/** The states in which an event may occur, and the state after it; null keeps the state. */
const transitions: Record<SupportEvent['type'], [from: Status[], to: Status | null]> = {
  TicketOpened: [['none'], 'open'],
  TicketMessageAdded: [['open', 'resolved'], null],
  TicketResolved: [['open'], 'resolved'],
  TicketClosed: [['open', 'resolved'], 'closed'],
  TicketReopened: [['resolved', 'closed'], 'open'],
  ServiceOrderCreated: [['open', 'resolved', 'closed'], null],
};

function tickets(events: readonly SupportEvent[]): string[] {
  const statuses = new Map<string, Status>();
  return events.flatMap((event) => {
    if (!(event.type in transitions)) return [];
    const [from, to] = transitions[event.type];
    const before = statuses.get(event.meta.subject) ?? 'none';
    statuses.set(event.meta.subject, to ?? before);
    return from.includes(before) ? [] : [`${told(event)} from ${before}`];
  });
}

/** Two service orders share neither a number nor a ticket. */
function serviceOrders(events: readonly SupportEvent[]): string[] {
  const seen = new Set<string>();
  return events.flatMap((event) => {
    if (event.type !== 'ServiceOrderCreated') return [];
    const { orderNumber, ticketId } = event.data;
    const isNew = !seen.has(orderNumber) && !seen.has(ticketId);
    seen.add(orderNumber).add(ticketId);
    return isNew ? [] : [told(event)];
  });
}

/** Times never decrease within a partition. */
function times(log: readonly Committed[]): string[] {
  const latest = new Map<string, number>();
  return log.flatMap(({ topic, lane, event }) => {
    const before = latest.get(`${topic}/${lane}`) ?? 0;
    latest.set(`${topic}/${lane}`, event.meta.time);
    return event.meta.time >= before ? [] : [`${told(event)}: earlier than ${before}`];
  });
}

/** Tickets for which technical support has created no service order yet. */
export function withoutOrder(log: readonly Committed[]): string[] {
  const events = log.map(({ event }) => event);
  const taken = new Set(
    events.filter(({ type }) => type === 'ServiceOrderCreated').map(({ meta }) => meta.subject),
  );
  return events
    .filter(({ type, meta }) => type === 'TicketOpened' && !taken.has(meta.subject))
    .map(({ meta }) => meta.subject);
}
