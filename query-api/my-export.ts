import { momentOf } from '@event-sourced/kernel/event';
import { formatToken, lineQuery, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';
import { catalogue } from './memory/catalogue.ts';
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
import { ShownEntry, shownEntry } from './support/shown-ticket.ts';

const time = z.iso.datetime();
const line = <List extends string, Item extends z.ZodType>(list: List, item: Item) =>
  z.object({ list: z.literal(list), item });
const Title = z.string().nullable();

const ExportLine = z
  .discriminatedUnion('list', [
    line(
      'about',
      z.object({
        userId: z.string(),
        at: time,
        token: z.string().meta({
          description: 'A consistency token: all that it has seen of what is mine is below.',
        }),
      }),
    ),
    line('votes', VoteItem.extend({ title: Title })),
    line('reminders', ReminderItem.extend({ title: Title })),
    line('watched', PlayItem.extend({ title: Title })),
    line('tickets', TicketItem),
    line('ticket-entries', ShownEntry.extend({ ticketId: z.string() })),
    line('notifications', NotificationItem),
    line(
      'webhooks',
      z.object({
        ...{ webhookId: z.string(), url: z.string(), events: z.array(z.string()) },
        enabled: z.boolean(),
      }),
    ),
    line(
      'jobs',
      z.object({
        ...{ jobId: z.string(), act: z.string(), input: z.string(), requestedAt: time },
        cancelled: z
          .object({ reason: z.string().nullable(), at: time })
          .nullable()
          .meta({ description: 'Set if I wanted it cancelled, whoever asked for it.' }),
      }),
    ),
    z.object({ list: z.literal('end'), count: z.int() }),
  ])
  .meta({ id: 'ExportLine' });
type ExportLine = z.input<typeof ExportLine>;

/** Documents that the driver reads at once: a note, or an entry of a ticket, has 20 KB at most. */
const batchSize = 200;

/** Everything that the views hold about the caller, as it was at one moment. */
export const myExport = lineQuery({
  name: 'my-export',
  summary: 'Everything that is held about me, in lines, as it was at one moment',
  route: 'GET /v1/me/export',
  views: [
    ...[views.votes, views.reminders, views.plays, views.tickets, views.ticketEntries],
    ...[views.notifications, views.jobs, views.webhooks],
  ],
  copies: [catalogue],
  for: 'authenticated',
  input: z.object({}),
  example: {},
  line: ExportLine,
  async *lines(_, reading): AsyncGenerator<ExportLine> {
    const { caller, position } = reading;
    const userId = caller?.userId ?? '';
    const token = formatToken(position);
    let count = 1;
    yield { list: 'about', item: { userId, at: new Date().toISOString(), token } };
    for await (const one of itemsOf(userId, reading)) {
      count += 1;
      yield one;
    }
    yield { list: 'end', count };
  },
});

async function* itemsOf(
  userId: string,
  { read, copy, caller }: Reading,
): AsyncGenerator<ExportLine> {
  const titled = <Item extends { movieId: string }>(item: Item) => ({
    ...item,
    title: copy(catalogue).movie(item.movieId)?.title ?? null,
  });
  const mine = { userId };
  for await (const one of read(views.votes).find(mine, { batchSize })) {
    yield { list: 'votes', item: titled(voteItem(one)) };
  }
  for await (const one of read(views.reminders).find(mine, { batchSize })) {
    yield { list: 'reminders', item: titled(reminderItem(one)) };
  }
  for await (const one of read(views.plays).find(mine, { batchSize })) {
    yield { list: 'watched', item: titled(playItem(one)) };
  }
  for await (const ticket of read(views.tickets).find({ openedBy: userId }, { batchSize })) {
    const { _id: ticketId } = ticket;
    yield { list: 'tickets', item: ticketItem(ticket) };
    const entries = read(views.ticketEntries).find({ ticketId }, { batchSize });
    for await (const entry of entries.sort({ number: 1 })) {
      yield { list: 'ticket-entries', item: { ticketId, ...shownEntry(entry) } };
    }
  }
  for await (const one of read(views.notifications).find(mine, { batchSize })) {
    const item = notificationItem(one);
    if (item) yield { list: 'notifications', item };
  }
  for await (const { _id: webhookId, url, events, enabled } of read(views.webhooks).find(mine)) {
    yield { list: 'webhooks', item: { webhookId, url, events: [...events], enabled } };
  }
  if (!caller?.roles.has(roles.operator)) return;
  for await (const one of read(views.jobs).find({ users: userId }, { batchSize })) {
    const { _id: jobId, act, input, requestedAt, cancel } = one;
    const own = cancel?.by === userId ? cancel : null;
    const cancelled = own && { reason: own.reason, at: momentOf(own.at) };
    const item = { jobId, act, input, requestedAt: momentOf(requestedAt), cancelled };
    yield { list: 'jobs', item };
  }
}
