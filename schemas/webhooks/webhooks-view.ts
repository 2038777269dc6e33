import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

/** Where a user wants to be told of events. */
export type WebhookDocument = {
  _id: string;
  userId: string;
  url: string;
  /** None means all. */
  events: readonly string[];
  enabled: boolean;
  /** `failing` if it took no delivery for days. */
  disabledBecause: 'owner' | 'failing' | null;
  secretVersion: number;
  /** When the secret before this one was replaced. */
  rotatedAt: Millis | null;
  addedAt: Millis;
  /** Since when it is told of events. */
  enabledAt: Millis;
};

export const webhooksView = view<WebhookDocument>({
  name: 'webhooks',
  version: 1,
  topics: ['webhooks'],
  indexes: [{ key: { userId: 1, addedAt: 1, _id: 1 } }],
});
