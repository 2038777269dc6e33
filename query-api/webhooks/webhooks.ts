import { momentOf } from '@event-sourced/kernel/event';
import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { exampleIds, WebhookId } from '#schemas/ids.ts';
import { views } from '#schemas/views.ts';
import { type Delivery, deliveriesOf } from '#schemas/webhooks/deliveries.ts';
import { webhookUnknown } from '#schemas/webhooks/problems.ts';
import type { WebhookDocument } from '#schemas/webhooks/webhooks-view.ts';

const time = z.iso.datetime();

const Webhook = z
  .object({
    webhookId: WebhookId,
    url: z.string(),
    events: z.array(z.string()).meta({ description: 'None means all.' }),
    enabled: z.boolean(),
    disabledBecause: z.enum(['owner', 'failing']).nullable(),
    addedAt: time,
  })
  .meta({ id: 'Webhook' });

const shown = (one: WebhookDocument) => ({
  ...{ webhookId: one._id, url: one.url, events: one.events, enabled: one.enabled },
  ...{ disabledBecause: one.disabledBecause, addedAt: momentOf(one.addedAt) },
});

const about = {
  views: [views.webhooks],
  for: 'authenticated',
  problems: [webhookUnknown],
} as const;

export const webhooks = query({
  name: 'my-webhooks',
  summary: 'Where I am told of events, in pages',
  route: 'GET /v1/me/webhooks',
  ...about,
  input: z.object(Paged),
  example: {},
  output: pageOf(Webhook),
  problems: [],
  answer: ({ limit, cursor }, { read, caller }) =>
    page(read(views.webhooks), {
      ...{ list: ['my-webhooks'], limit, cursor, filter: { userId: caller?.userId ?? '' } },
      order: { addedAt: 1, _id: 1 },
      items: (found) => found.map(shown),
    }),
});

export const webhook = query({
  name: 'my-webhook',
  summary: 'One of my webhooks',
  route: 'GET /v1/me/webhooks/:webhookId',
  ...about,
  input: z.object({ webhookId: WebhookId }),
  example: { webhookId: exampleIds.webhookId },
  output: Webhook,
  answer: async ({ webhookId }, reading) => shown(await mine(webhookId, reading)),
});

const ShownDelivery = z
  .object({
    deliveryId: z.string().meta({ description: 'The receiver gets it as `webhook-id`.' }),
    type: z.string(),
    body: z.record(z.string(), z.unknown()),
    status: z.enum(['waiting', 'delivered', 'failed', 'dropped']),
    notedAt: time,
    attempts: z.int(),
    nextAt: time.nullable(),
    tries: z.array(
      z.object({ at: time, status: z.int().nullable(), error: z.string().nullable() }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

const shownDelivery = ({ _id: deliveryId, body, notedAt, nextAt, tries, ...rest }: Delivery) => ({
  ...{ deliveryId, type: rest.type, body: JSON.parse(body) as Record<string, unknown> },
  ...{ status: rest.status, notedAt: momentOf(notedAt), attempts: rest.attempts },
  nextAt: nextAt === null ? null : momentOf(nextAt),
  tries: tries.map(({ at, status, error }) => ({ at: momentOf(at), status, error })),
});

export const webhookDeliveries = query({
  name: 'my-webhook-deliveries',
  summary: 'What a webhook of mine was told in the last 30 days, newest first, in pages',
  route: 'GET /v1/me/webhooks/:webhookId/deliveries',
  ...about,
  input: z.object({ webhookId: WebhookId, ...Paged }),
  example: { webhookId: exampleIds.webhookId },
  output: pageOf(ShownDelivery),
  async answer({ webhookId, limit, cursor }, reading) {
    await mine(webhookId, reading);
    return page(deliveriesOf(reading.operations.db), {
      ...{ list: ['my-webhook-deliveries', webhookId], limit, cursor, filter: { webhookId } },
      order: { notedAt: -1, _id: -1 },
      items: (found) => found.map(shownDelivery),
    });
  },
});

async function mine(_id: string, { read, caller }: Reading): Promise<WebhookDocument> {
  const found = await read(views.webhooks).findOne({ _id, userId: caller?.userId ?? '' });
  if (found) return found;
  throw new Problem(webhookUnknown, `You have no webhook ${_id}.`);
}
