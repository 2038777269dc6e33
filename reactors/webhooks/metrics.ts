import type { Db } from 'mongodb';
import { Counter, Gauge, Histogram } from 'prom-client';
import { type Delivery, deliveriesOf } from '#schemas/webhooks/deliveries.ts';

/** Figures on the deliveries of webhooks, for Prometheus. */

/** A receiver takes a delivery by a status of 200 to 299; any other status refuses it. */
export type Result = 'taken' | 'refused' | 'unanswered';
const results: readonly Result[] = ['taken', 'refused', 'unanswered'];
export type Outcome = Exclude<Delivery['status'], 'waiting'>;
const outcomes: readonly Outcome[] = ['delivered', 'failed', 'dropped'];

const attempts = new Histogram({
  name: 'webhook_attempt_duration_seconds',
  help: 'Tries to deliver, by what the receiver made of them',
  labelNames: ['result'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  registers: [],
});
const ended = new Counter({
  name: 'webhook_deliveries_total',
  help: 'Deliveries that are tried no more, by their outcome',
  labelNames: ['outcome'],
  registers: [],
});
const waiting = new Gauge({
  name: 'webhook_deliveries_waiting',
  help: 'Deliveries that are still to be sent, or to be tried again, of the shares worked here',
  labelNames: ['share'],
  registers: [],
});
const oldest = new Gauge({
  name: 'webhook_oldest_waiting_seconds',
  help: 'For how long the oldest delivery that waits has been tried; 0 if none waits',
  labelNames: ['share'],
  registers: [],
});
// Rates need a beginning.
for (const result of results) attempts.zero({ result });
for (const outcome of outcomes) ended.inc({ outcome }, 0);

export const webhookMetrics = [attempts, ended, waiting, oldest] as const;

export const resultOf = (status: number | null): Result => {
  if (status === null) return 'unanswered';
  return status >= 200 && status < 300 ? 'taken' : 'refused';
};

export const countAttempt = (result: Result, tookMs: number): void =>
  attempts.observe({ result }, tookMs / 1_000);

export const countEnd = (outcome: Outcome): void => ended.inc({ outcome });

/** Shows what waits in a share of the work. The index of deliveries has all that this reads. */
export async function measureWaiting(
  db: Db,
  share: number,
  range: { $gte: number; $lt: number },
): Promise<void> {
  type Measured = { count: number; since: number };
  const [found] = await deliveriesOf(db)
    .aggregate<Measured>([
      { $match: { share: range, status: 'waiting' } },
      { $project: { _id: 0, triedSince: 1 } },
      { $group: { _id: null, count: { $sum: 1 }, since: { $min: '$triedSince' } } },
    ])
    .toArray();
  waiting.set({ share }, found?.count ?? 0);
  oldest.set({ share }, found ? Math.max(0, Date.now() - found.since) / 1_000 : 0);
}

/** Another process shows it from now on. */
export function forgetWaiting(share: number): void {
  waiting.remove({ share });
  oldest.remove({ share });
}
