import { personalText } from '@event-sourced/kernel/event';
import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { RankingEvent, RemindersEvent, SupportEvent } from '#schemas/generated/events.ts';
import { itemChanges } from './item-changes.ts';

const ballot = { movieId: 'm1', userId: 'alice' };
const cast: TestEvent<RankingEvent> = {
  type: 'VoteCast',
  data: {
    ...ballot,
    ...{ vote: 'like', previous: 'none', previousCastAt: null, castAt: 1, changedAt: null },
  },
};
const retracted: TestEvent<RankingEvent> = {
  type: 'VoteRetracted',
  data: { ...ballot, previous: 'like', previousCastAt: 1, retractedAt: 2 },
};
const opened: TestEvent<SupportEvent> = {
  type: 'TicketOpened',
  data: {
    ...{ ticketId: 't1', userId: 'alice', subject: personalText('Help'), openedAt: 1 },
    ...{ message: personalText('No sound'), movieId: null, priority: 'normal' },
  },
};
const resolved: TestEvent<SupportEvent> = {
  type: 'TicketResolved',
  data: { ticketId: 't1', by: 'sam', message: null, resolvedAt: 2 },
};
const removed: TestEvent<RemindersEvent> = {
  type: 'WatchRemoved',
  data: { ...ballot, playId: 'p1', watchedAt: 1, removedAt: 2 },
};

describe('the changes of items', () => {
  it('have the place of the last event, and keep items that are no more', () => {
    const vote = {
      _id: 'votes/m1/alice',
      list: 'votes',
      item: 'm1/alice',
      owner: 'alice',
    } as const;
    given(itemChanges)
      .when(cast)
      .then({ ...vote, at: 'ranking:0', offset: 0, gone: false });
    given(itemChanges, [cast])
      .when(retracted)
      .then({ ...vote, at: 'ranking:0', offset: 1, gone: true });
  });

  it("know a ticket's opener after an event that doesn't name the opener", () => {
    given(itemChanges, [opened])
      .when(resolved)
      .then({ _id: 'tickets/t1', owner: 'alice', at: 'support:0', offset: 1, gone: false });
  });

  it('keep a play that was removed', () => {
    given(itemChanges)
      .when(removed)
      .then({ _id: 'watched/p1', owner: 'alice', at: 'reminders:0', gone: true });
  });
});
