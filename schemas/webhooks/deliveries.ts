import type { Collection, Db } from 'mongodb';

/** Something that a webhook is told. Kept for 30 days; it is no part of the log. */
export type Delivery = {
  /** The same for each repeat: the receiver gets it as `webhook-id`. */
  _id: string;
  webhookId: string;
  userId: string;
  /** Which of the workers sends it. */
  share: number;
  type: string;
  /** The body, as it is sent each time. */
  body: string;
  /** `dropped` if its webhook was disabled or removed, `failed` after the last try. */
  status: 'waiting' | 'delivered' | 'failed' | 'dropped';
  notedAt: number;
  /** Since when it is tried; another time after a wish to have it again. */
  triedSince: number;
  attempts: number;
  nextAt: number | null;
  /** The newest tries, the oldest of them first. */
  tries: readonly Try[];
  forgetAt: Date;
};

export type Try = { at: number; status: number | null; error: string | null };

/** How often a webhook has failed since its last success. */
export type Health = { _id: string; failures: number };

export const deliveriesOf = (db: Db): Collection<Delivery> =>
  db.collection<Delivery>('webhook_deliveries', { writeConcern: { w: 'majority' } });

export const healthOf = (db: Db): Collection<Health> => db.collection<Health>('webhook_health');

export async function indexDeliveries(db: Db): Promise<void> {
  await deliveriesOf(db).createIndexes([
    { key: { share: 1, status: 1, nextAt: 1, notedAt: 1 } },
    // For the figures on what waits.
    { key: { share: 1, status: 1, triedSince: 1 } },
    { key: { webhookId: 1, notedAt: -1, _id: -1 } },
    { key: { forgetAt: 1 }, expireAfterSeconds: 0 },
  ]);
}
