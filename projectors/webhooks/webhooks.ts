import { projection } from '@event-sourced/kernel/projection';
import type { WebhooksEvent } from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';
import type { WebhookDocument } from '#schemas/webhooks/webhooks-view.ts';

type Known = WebhookDocument | null;

const changed = (webhook: Known, more: Partial<WebhookDocument>): Known =>
  webhook && { ...webhook, ...more };

/** Where users want to be told of events. */
export const webhooks = projection<WebhooksEvent>()({
  view: views.webhooks,
  oneStreamPerDocument: true,
  id: ({ data }) => data.webhookId,
  when: {
    WebhookAdded: (_, { data: { webhookId, userId, url, events, addedAt } }): Known => ({
      ...{ _id: webhookId, userId, url, events, enabled: true, disabledBecause: null },
      ...{ secretVersion: 1, rotatedAt: null, addedAt, enabledAt: addedAt },
    }),
    WebhookChanged: (webhook, { data: { url, events } }) => changed(webhook, { url, events }),
    WebhookRemoved: () => null,
    WebhookEnabled: (webhook, { data: { enabledAt } }) =>
      changed(webhook, { enabled: true, disabledBecause: null, enabledAt }),
    WebhookDisabled: (webhook, { data: { reason } }) =>
      changed(webhook, { enabled: false, disabledBecause: reason }),
    WebhookSecretRotated: (webhook, { data: { version, rotatedAt } }) =>
      changed(webhook, { secretVersion: version, rotatedAt }),
  },
});
