import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { alicesFirst, alicesSecond, later, metaOf } from '../example-meta.ts';
import type { WebhooksEvent } from '../generated/events.ts';

const ofAlice = (sequence: number, time: number, actor = 'alice') =>
  metaOf('webhooks/alice', sequence, time, actor);
const webhook = { webhookId: '3c1c8a52-0d1e-5d0a-9f57-2f8f4f0c6b1d', userId: 'alice' };
const target = { url: 'https://hooks.example.com/alice?from=films', events: ['vote.cast'] };

export const examples: ExamplesOf<WebhooksEvent> = {
  WebhookAdded: {
    type: 'WebhookAdded',
    meta: ofAlice(1, alicesFirst),
    data: { ...webhook, ...target, addedAt: alicesFirst },
  },
  WebhookChanged: {
    type: 'WebhookChanged',
    meta: ofAlice(2, alicesFirst + 1),
    data: { ...webhook, ...target, events: [], changedAt: alicesFirst + 1 },
  },
  WebhookDisabled: {
    type: 'WebhookDisabled',
    meta: ofAlice(3, alicesSecond, 'webhook-deliveries'),
    data: { ...webhook, reason: 'failing', disabledAt: alicesSecond },
  },
  WebhookEnabled: {
    type: 'WebhookEnabled',
    meta: ofAlice(4, later),
    data: { ...webhook, enabledAt: later },
  },
  WebhookSecretRotated: {
    type: 'WebhookSecretRotated',
    meta: ofAlice(5, later),
    data: { ...webhook, version: 2, rotatedAt: later },
  },
  WebhookTestRequested: {
    type: 'WebhookTestRequested',
    meta: ofAlice(6, later),
    data: { ...webhook, requestedAt: later },
  },
  WebhookRedeliveryRequested: {
    type: 'WebhookRedeliveryRequested',
    meta: ofAlice(7, later),
    data: { ...webhook, deliveryId: '8e0f7d0c-3a52-5b39-a8a0-5f1f7f3b7a10', requestedAt: later },
  },
  WebhookRemoved: {
    type: 'WebhookRemoved',
    meta: ofAlice(8, later),
    data: { ...webhook, removedAt: later },
  },
};
