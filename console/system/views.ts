/** The events that each view folds, of those that the console's commands make. */

const ofVotes = ['VoteCast', 'VoteRetracted'];
const ofReminders = ['ReminderSet', 'ReminderRemoved'];
const ofPlays = ['MovieWatched', 'WatchRemoved'];
const ofTickets = [
  ...['TicketOpened', 'TicketMessageAdded', 'TicketResolved', 'TicketReopened', 'TicketClosed'],
];

export const folded: Readonly<Record<string, readonly string[]>> = {
  rankings: ofVotes,
  votes: ofVotes,
  reminders: ofReminders,
  plays: ofPlays,
  tickets: ofTickets,
  'ticket-entries': ofTickets,
  notifications: ofTickets,
  'item-changes': [...ofVotes, ...ofReminders, ...ofPlays, ...ofTickets],
  jobs: ['ActRequested', 'CancelRequested'],
};

/** The views that show these events. */
export const viewsOf = (events: readonly string[]): string[] =>
  Object.entries(folded).flatMap(([view, types]) =>
    types.some((type) => events.includes(type)) ? [view] : [],
  );
