import { type NewEvent, openedText, personalText } from '@event-sourced/kernel/event';
import { given } from '@event-sourced/kernel/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SupportEvent, TicketOpened } from '#schemas/generated/events.ts';
import { ticketFull, ticketTransition, ticketUnknown } from '#schemas/support/problems.ts';
import {
  addTicketMessage,
  closeTicket,
  createServiceOrder,
  openTicket,
  reopenTicket,
  resolveTicket,
  ticket,
} from './ticket.ts';

type New = NewEvent<SupportEvent>;

const ticketId = '6f1c2d0e-9a4b-5c8d-8e7f-1a2b3c4d5e6f';
const dayMs = 86_400_000;
const alice = { userId: 'alice', roles: ['viewer' as const] };
const sam = { userId: 'sam', roles: ['support' as const] };
const mallory = { userId: 'mallory', roles: ['viewer' as const] };

const opened: New = {
  type: 'TicketOpened',
  data: {
    ...{ ticketId, userId: 'alice', subject: personalText('No sound') },
    ...{ message: personalText('None at all.'), movieId: null, priority: 'normal', openedAt: 10 },
  },
};
const added = (text = 'Still none.', addedAt = 20): New => ({
  type: 'TicketMessageAdded',
  data: { ticketId, by: 'alice', message: personalText(text), addedAt },
});
const resolved: New = {
  type: 'TicketResolved',
  data: { ticketId, by: 'sam', message: null, resolvedAt: 30 },
};
const closed: New = {
  type: 'TicketClosed',
  data: { ticketId, by: 'alice', message: null, closedAt: 40 },
};
const reopened: New = {
  type: 'TicketReopened',
  data: { ticketId, by: 'alice', message: null, reopenedAt: 50 },
};
const ordered: New = {
  type: 'ServiceOrderCreated',
  data: { ticketId, orderNumber: 'SO-000007', createdAt: 60 },
};
/** A ticket with this many messages. */
const withMessages = (count: number): New[] => [
  opened,
  ...Array.from({ length: count - 1 }, () => added()),
];

describe('open-ticket', () => {
  const wish = { subject: ' No sound ', message: 'From 0:41 on:\n\tnothing – 音' };
  const openedAs = (command: unknown, asker = {}) => {
    const [event] = given(ticket, [])
      .when(openTicket, command, { ...alice, ...asker })
      .decided();
    return event?.data as TicketOpened;
  };

  it('done: subject and message become personal text', () => {
    const data = openedAs(wish, { now: 10 });
    expect(openedText(data.subject)).toBe('No sound');
    expect(openedText(data.message)).toBe('From 0:41 on:\n\tnothing – 音');
    expect(data).toMatchObject({ userId: 'alice', movieId: null, openedAt: 10 });
  });

  it('done: of normal priority by default', () => {
    expect(openedAs(wish).priority).toBe('normal');
    expect(openedAs({ ...wish, priority: 'urgent' }).priority).toBe('urgent');
  });

  it('done: about a movie', () => {
    expect(openedAs({ ...wish, movieId: 'm12' }).movieId).toBe('m12');
  });

  it('done: the same user and key give the same id, others give other ids', () => {
    const { ticketId } = openedAs(wish, { key: 'k' });
    expect(openedAs({ ...wish, subject: 'x' }, { key: 'k' }).ticketId).toBe(ticketId);
    expect(openedAs(wish, { key: 'l' }).ticketId).not.toBe(ticketId);
    expect(openedAs(wish, { key: 'k', userId: 'bob' }).ticketId).not.toBe(ticketId);
  });

  it('unchanged, also when raced: the same key has opened it before', () =>
    given(ticket, [opened]).when(openTicket, wish, alice).then([]));

  it.each([
    ['an empty subject', { ...wish, subject: ' ' }],
    ['a subject of two lines', { ...wish, subject: 'a\r\nb' }],
    ['a subject that is too long', { ...wish, subject: 'x'.repeat(121) }],
    ['no message', { subject: 'x' }],
    ['an empty message', { ...wish, message: '\n' }],
    ['a message that is too long', { ...wish, message: 'x'.repeat(5_001) }],
    ['a control character', { ...wish, message: 'a\u0000b' }],
    ['a lone surrogate', { ...wish, message: 'a\ud800b' }],
    ['a priority that is none', { ...wish, priority: 'asap' }],
    ['a movie id that is none', { ...wish, movieId: 'm 1' }],
    ['a field that is none', { ...wish, user: 'bob' }],
  ])('rejected: %s', (_, command) => {
    expect(openTicket.input.safeParse(command).success).toBe(false);
  });

  it('takes texts of every allowed length', () => {
    const longest = { subject: 'x'.repeat(120), message: 'x'.repeat(5_000) };
    expect(openTicket.input.safeParse(longest).success).toBe(true);
    expect(openTicket.input.safeParse({ subject: 'x', message: 'x' }).success).toBe(true);
  });
});

describe('add-ticket-message', () => {
  const wish = { ticketId, message: 'Still none.' };

  it.each([
    ['its opener, to an open ticket', [opened], alice],
    ['its opener, to a resolved one', [opened, resolved], alice],
    ['support, to a reopened one', [opened, closed, reopened], sam],
  ])('done: by %s', (_, events, asker) => {
    const data = { ticketId, by: asker.userId, message: personalText('Still none.'), addedAt: 20 };
    given(ticket, events)
      .when(addTicketMessage, wish, { ...asker, now: 20 })
      .then([{ type: 'TicketMessageAdded', data }]);
  });

  it('done: the same text with another key is another message', () =>
    given(ticket, [opened, added()])
      .when(addTicketMessage, wish, { ...alice, now: 20 })
      .then([added()]));

  it('rejected: a message to a closed ticket, also when raced', () =>
    given(ticket, [opened, closed])
      .when(addTicketMessage, wish, alice)
      .thenRejected(ticketTransition));

  it('done: the 500th message; rejected: one more', () => {
    given(ticket, withMessages(499))
      .when(addTicketMessage, wish, { ...alice, now: 20 })
      .then([added()]);
    given(ticket, withMessages(500)).when(addTicketMessage, wish, alice).thenRejected(ticketFull);
  });

  it('rejected: without a message', () => {
    expect(addTicketMessage.input.safeParse({ ticketId }).success).toBe(false);
  });
});

describe('resolve-ticket', () => {
  it('done: by support, with a message or without', () => {
    given(ticket, [opened])
      .when(resolveTicket, { ticketId }, { ...sam, now: 30 })
      .then([resolved]);
    const data = { ticketId, by: 'sam', message: personalText('Try again.'), resolvedAt: 30 };
    given(ticket, [opened, closed, reopened])
      .when(resolveTicket, { ticketId, message: 'Try again.' }, { ...sam, now: 30 })
      .then([{ type: 'TicketResolved', data }]);
  });

  it('unchanged, also when raced: the ticket is resolved, the message is dropped', () =>
    given(ticket, [opened, resolved])
      .when(resolveTicket, { ticketId, message: 'Mine.' }, sam)
      .then([]));

  it('rejected: a closed ticket', () =>
    given(ticket, [opened, closed])
      .when(resolveTicket, { ticketId }, sam)
      .thenRejected(ticketTransition));

  it('rejected: with a message to a full ticket; done: without one', () => {
    const full = given(ticket, withMessages(500));
    full.when(resolveTicket, { ticketId, message: 'x' }, sam).thenRejected(ticketFull);
    full.when(resolveTicket, { ticketId }, { ...sam, now: 30 }).then([resolved]);
  });
});

describe('close-ticket', () => {
  it.each([
    ['an open ticket', [opened]],
    ['a resolved one', [opened, resolved]],
    ['a reopened one', [opened, closed, reopened]],
  ])('done: %s', (_, events) =>
    given(ticket, events)
      .when(closeTicket, { ticketId }, { ...alice, now: 40 })
      .then([closed]),
  );

  it('done: by support, with a message', () => {
    const data = { ticketId, by: 'sam', message: personalText('Done.'), closedAt: 40 };
    given(ticket, [opened])
      .when(closeTicket, { ticketId, message: 'Done.' }, { ...sam, now: 40 })
      .then([{ type: 'TicketClosed', data }]);
  });

  it('unchanged, also when raced: the ticket is closed, the message is dropped', () =>
    given(ticket, [opened, closed])
      .when(closeTicket, { ticketId, message: 'Mine.' }, alice)
      .then([]));

  it('rejected: with a message to a full ticket', () =>
    given(ticket, withMessages(500))
      .when(closeTicket, { ticketId, message: 'x' }, alice)
      .thenRejected(ticketFull));
});

describe('reopen-ticket', () => {
  it.each([
    ['a resolved ticket', [opened, resolved]],
    ['a closed one', [opened, resolved, closed]],
  ])('done: %s', (_, events) =>
    given(ticket, events)
      .when(reopenTicket, { ticketId }, { ...alice, now: 50 })
      .then([reopened]),
  );

  it('done: by support, with a message', () => {
    const data = { ticketId, by: 'sam', message: personalText('Not yet.'), reopenedAt: 50 };
    given(ticket, [opened, closed])
      .when(reopenTicket, { ticketId, message: 'Not yet.' }, { ...sam, now: 50 })
      .then([{ type: 'TicketReopened', data }]);
  });

  it('unchanged, also when raced: the ticket is open, the message is dropped', () =>
    given(ticket, [opened]).when(reopenTicket, { ticketId, message: 'Mine.' }, alice).then([]));

  it('done: up to 14 days after the ticket was last resolved or closed', () => {
    const now = 40 + 14 * dayMs;
    given(ticket, [opened, resolved, closed])
      .when(reopenTicket, { ticketId }, { ...alice, now })
      .then([{ type: 'TicketReopened', data: { ...reopened.data, reopenedAt: now } }] as New[]);
  });

  it.each([
    ['closed', [opened, resolved, closed], 41 + 14 * dayMs],
    ['resolved', [opened, resolved], 31 + 14 * dayMs],
  ])('rejected: later than 14 days, %s', (_, events, now) => {
    const late = given(ticket, events);
    for (const asker of [alice, sam]) {
      late.when(reopenTicket, { ticketId }, { ...asker, now }).thenRejected(ticketTransition);
    }
  });

  it('rejected: for the 101st time', () => {
    const again = (times: number) => Array.from({ length: times }, () => [closed, reopened]);
    given(ticket, [opened, ...again(99).flat(), closed])
      .when(reopenTicket, { ticketId }, { ...alice, now: 50 })
      .then([reopened]);
    given(ticket, [opened, ...again(100).flat(), closed])
      .when(reopenTicket, { ticketId }, { ...alice, now: 50 })
      .thenRejected(ticketFull);
  });

  it('rejected: with a message to a full ticket', () =>
    given(ticket, [...withMessages(500), closed])
      .when(reopenTicket, { ticketId, message: 'x' }, { ...alice, now: 50 })
      .thenRejected(ticketFull));
});

describe('create-service-order', () => {
  it.each([
    ['open', [opened]],
    ['resolved', [opened, resolved]],
    ['closed', [opened, closed]],
  ])('done: for a ticket that is %s, under the next number', (_, events) =>
    given(ticket, events)
      .when(createServiceOrder, { ticketId }, { ...sam, now: 60, nextNumber: 7 })
      .then([ordered]),
  );

  it('done: with a number of more than six digits', () =>
    given(ticket, [opened])
      .when(createServiceOrder, { ticketId }, { ...sam, now: 60, nextNumber: 1_234_567 })
      .then([
        {
          type: 'ServiceOrderCreated',
          data: { ticketId, orderNumber: 'SO-1234567', createdAt: 60 },
        },
      ]));

  it('unchanged, also when raced: the ticket has its order', () =>
    given(ticket, [opened, ordered, closed])
      .when(createServiceOrder, { ticketId }, { ...sam, nextNumber: 8 })
      .then([]));
});

describe('a ticket', () => {
  const commands = [
    [addTicketMessage, { ticketId, message: 'x' }],
    [resolveTicket, { ticketId }],
    [closeTicket, { ticketId }],
    [reopenTicket, { ticketId }],
    [createServiceOrder, { ticketId }],
  ] as const;

  it.each(commands)('that was never opened is unknown to $0.name', (command, wish) => {
    for (const asker of [alice, sam]) {
      given(ticket, []).when(command, wish, asker).thenRejected(ticketUnknown);
    }
  });

  it.each(commands)('of another user is unknown to $0.name', (command, wish) => {
    const theirs = given(ticket, [opened, closed]);
    theirs.when(command, wish, mallory).thenRejected(ticketUnknown);
  });

  it('can be resolved, and get its service order, by support only', () => {
    expect(resolveTicket.role).toBe('support');
    expect(createServiceOrder.role).toBe('support');
    expect(openTicket.role).toBe('viewer');
  });

  it('that was never opened has no history', () => {
    for (const event of [ordered, added(), resolved, reopened, closed]) {
      expect(() => given(ticket, [event])).toThrow(ticketId);
    }
  });
});

it('deciding twice changes nothing, in every state', () => {
  const moves = fc.constantFrom(ordered, resolved, closed, reopened, added());
  const wish = fc.constantFrom(resolveTicket, closeTicket, reopenTicket, createServiceOrder);
  const said = fc.constantFrom({}, { message: 'Said.' });
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 8 }), wish, said, (events, command, said) => {
      const asked = given(ticket, [opened, ...events]);
      const input = command === createServiceOrder ? { ticketId } : { ticketId, ...said };
      const isImpossible =
        command === resolveTicket && (asked.state as { status: string }).status === 'closed';
      const decision = asked.when(command, input, { ...sam, now: 70 });
      if (isImpossible) decision.thenRejected(ticketTransition);
      else decision.thenTwiceIsOnce();
    }),
  );
});

it('opening twice with one key opens one ticket', () => {
  const wish = { subject: 'No sound', message: 'None.' };
  given(ticket, []).when(openTicket, wish, alice).thenTwiceIsOnce();
});
