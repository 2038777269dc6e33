import { createHash } from 'node:crypto';
import { momentOf } from '@event-sourced/kernel/event';
import {
  type AnyReactor,
  type CommandClient,
  type Reaction,
  type ReactorParts,
  reactor,
} from '@event-sourced/kernel/reactor';
import { LRUCache } from 'lru-cache';
import { v5 as uuid5 } from 'uuid';
import type {
  RankingEvent,
  RemindersEvent,
  SupportEvent,
  WebhooksEvent,
} from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';
import { type Delivery, deliveriesOf } from '#schemas/webhooks/deliveries.ts';
import type { HookEventName } from '#schemas/webhooks/hook-events.ts';
import type { WebhookDocument } from '#schemas/webhooks/webhooks-view.ts';

/** Notes for each event which webhooks are to be told of it. What is noted is sent by a worker. */

/** What a reaction carries instead of a command. */
type Noted = {
  type: HookEventName;
  at: number;
  data: Record<string, unknown>;
  /** Whose event it is: a user, or the one who opened a ticket. */
  owner: { userId: string } | { ticketId: string };
  /** Set for what only one webhook is told. */
  only?: string;
};
type Again = { again: string; webhookId: string; at: number };

const note = (noted: Noted | Again): Reaction => ({ POST: '', body: noted });
const ofUser = (type: HookEventName, userId: string, at: number, data: Noted['data']) =>
  note({ type, at, data, owner: { userId } });
const ofTicket = (type: HookEventName, ticketId: string, at: number, data: object = {}) =>
  note({ type, at, data: { ticketId, ...data }, owner: { ticketId } });

const shared = { roles: [], sends: (parts: ReactorParts) => noting(parts) };

const ofVotes = reactor<RankingEvent>({
  ...{ ...shared, name: 'webhooks-votes', topic: 'ranking' },
  when: {
    VoteCast: ({ data: { movieId, userId, vote, castAt } }) =>
      ofUser('vote.cast', userId, castAt, { movieId, vote }),
    VoteRetracted: ({ data: { movieId, userId, retractedAt } }) =>
      ofUser('vote.retracted', userId, retractedAt, { movieId }),
  },
});

const ofLists = reactor<RemindersEvent>({
  ...{ ...shared, name: 'webhooks-lists', topic: 'reminders' },
  when: {
    ReminderDue: ({ data: { movieId, userId, remindAt, dueAt } }) =>
      ofUser('reminder.due', userId, dueAt, { movieId, remindAt: momentOf(remindAt) }),
    MovieWatched: ({ data: { movieId, userId, playId, watchedAt, recordedAt } }) =>
      ofUser('movie.watched', userId, recordedAt, {
        ...{ movieId, playId, watchedAt: momentOf(watchedAt) },
      }),
  },
});

const ofTickets = reactor<SupportEvent>({
  ...{ ...shared, name: 'webhooks-tickets', topic: 'support' },
  when: {
    TicketOpened: ({ data: { ticketId, userId, openedAt } }) =>
      ofUser('ticket.opened', userId, openedAt, { ticketId }),
    TicketMessageAdded: ({ data }) => ofTicket('ticket.message', data.ticketId, data.addedAt),
    ServiceOrderCreated: ({ data: { ticketId, createdAt, orderNumber } }) =>
      ofTicket('ticket.service-order', ticketId, createdAt, { orderNumber }),
    TicketResolved: ({ data }) => ofTicket('ticket.resolved', data.ticketId, data.resolvedAt),
    TicketReopened: ({ data }) => ofTicket('ticket.reopened', data.ticketId, data.reopenedAt),
    TicketClosed: ({ data }) => ofTicket('ticket.closed', data.ticketId, data.closedAt),
  },
});

const ofWishes = reactor<WebhooksEvent>({
  ...{ ...shared, name: 'webhooks-wishes', topic: 'webhooks' },
  when: {
    WebhookTestRequested: ({ data: { webhookId, userId, requestedAt: at } }) =>
      note({
        ...{ type: 'webhook.test', at, data: { webhookId } },
        ...{ owner: { userId }, only: webhookId },
      }),
    WebhookRedeliveryRequested: ({ data: { webhookId, deliveryId, requestedAt: at } }) =>
      note({ again: deliveryId, webhookId, at }),
  },
});

export const webhookReactors: readonly AnyReactor[] = [ofVotes, ofLists, ofTickets, ofWishes];

/** Clocks of two nodes may differ by so much. */
const toleranceMs = 5_000;
const keptMs = 30 * 86_400_000;

/**
 * Whether nothing is known any more of a delivery of this event. It isn't noted then: a reactor
 * that begins anew, as after the loss of MongoDB, reads the log from its first event on.
 */
const isForgotten = (at: number): boolean => at < Date.now() - keptMs;
const namespace = '6f5a3c52-53c8-5f0b-9f4c-5fd7a5e2b0a6';

/** A whole number below `shares`: the same for the same webhook. */
export const shareOf = (webhookId: string, shares: number): number =>
  createHash('sha1').update(webhookId).digest().readUInt32BE(0) % shares;

export const allShares = 1_024;

function noting(parts: ReactorParts): CommandClient {
  const subscriptions = new Subscriptions(parts);
  return {
    async send({ body, key }, signal) {
      const given = body as Noted | Again;
      if (isForgotten(given.at)) return { kind: 'done', answer: { unchanged: true } };
      if ('again' in given) await again(parts, given);
      else await noteAll(parts, given, key, await subscriptions.of(given, signal));
      return { kind: 'done', answer: { unchanged: true } };
    },
  };
}

async function again({ db }: ReactorParts, { again: _id, webhookId, at }: Again): Promise<void> {
  const anew = { status: 'waiting', attempts: 0, nextAt: at, triedSince: at } as const;
  await deliveriesOf(db).updateOne({ _id, webhookId, triedSince: { $lt: at } }, { $set: anew });
}

async function noteAll(
  { db }: ReactorParts,
  { type, at, data }: Noted,
  eventId: string,
  webhooks: readonly WebhookDocument[],
): Promise<void> {
  if (webhooks.length === 0) return;
  const body = JSON.stringify({ type, timestamp: momentOf(at), data });
  const now = Date.now();
  await deliveriesOf(db).bulkWrite(
    webhooks.map(({ _id: webhookId, userId }) => {
      const $setOnInsert: Omit<Delivery, '_id'> = {
        ...{ webhookId, userId, share: shareOf(webhookId, allShares), type, body },
        ...{ status: 'waiting', notedAt: at, triedSince: now, attempts: 0, nextAt: now },
        ...{ tries: [], forgetAt: new Date(now + keptMs) },
      };
      const _id = uuid5(`${webhookId}/${eventId}`, namespace);
      return { updateOne: { filter: { _id }, update: { $setOnInsert }, upsert: true } };
    }),
    { ordered: false },
  );
}

/**
 * Who is to be told of an event. A webhook hears of everything that happens once its command was
 * answered: so before an event counts as nobody's, the view has to have seen all webhooks of then.
 * It is asked for many events at once, and not at all for those that are older than the last time.
 */
class Subscriptions {
  readonly #parts: ReactorParts;
  /** By user, at one state of the view. */
  readonly #known = new LRUCache<string, readonly WebhookDocument[]>({ max: 50_000 });
  readonly #openers = new LRUCache<string, string>({ max: 10_000 });
  #state = '';
  #lookedAt = 0;
  #looking: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(parts: ReactorParts) {
    this.#parts = parts;
  }

  async of({ type, at, owner, only }: Noted, signal: AbortSignal) {
    if (at > this.#lookedAt - toleranceMs) await this.#look(signal);
    const userId = 'userId' in owner ? owner.userId : await this.#opener(owner.ticketId, signal);
    const all = this.#known.get(userId) ?? (await this.#read(userId));
    return all.filter(({ _id, events, enabledAt }) => {
      if (only !== undefined) return _id === only;
      return enabledAt <= at && (events.length === 0 || events.includes(type));
    });
  }

  /** Looks at a moment after the call; calls in the meantime share the next look. */
  #look(signal: AbortSignal): Promise<void> {
    const before = this.#looking ?? Promise.resolve();
    this.#next ??= before
      .catch(() => {})
      .then(() => {
        this.#looking = this.#next;
        this.#next = null;
        return this.#lookNow(signal);
      });
    return this.#next;
  }

  async #lookNow(signal: AbortSignal): Promise<void> {
    const at = Date.now();
    const state = await this.#parts.upToDate(views.webhooks, signal);
    if (state !== this.#state) this.#known.clear();
    this.#state = state;
    this.#lookedAt = at;
  }

  async #read(userId: string): Promise<readonly WebhookDocument[]> {
    const state = this.#state;
    const documents = await this.#parts.read(views.webhooks);
    if (!documents) throw new Error('The view webhooks is not served yet.');
    const found = await documents.find({ userId, enabled: true }).toArray();
    if (state === this.#state) this.#known.set(userId, found);
    return found;
  }

  /** Tickets keep their opener, so it doesn't matter how old the view is that knows one. */
  async #opener(ticketId: string, signal: AbortSignal): Promise<string> {
    const known = this.#openers.get(ticketId);
    if (known !== undefined) return known;
    const find = async () => (await this.#parts.read(views.tickets))?.findOne({ _id: ticketId });
    let ticket = await find();
    if (!ticket) {
      await this.#parts.upToDate(views.tickets, signal);
      ticket = await find();
    }
    if (!ticket) return '';
    this.#openers.set(ticketId, ticket.openedBy);
    return ticket.openedBy;
  }
}
