import { sleep } from '@event-sourced/kernel/backoff';
import type { ReactorParts, Worker } from '@event-sourced/kernel/reactor';
import { Webhook } from 'standardwebhooks';
import type { Config } from '#schemas/config.ts';
import { views } from '#schemas/views.ts';
import {
  type Delivery,
  deliveriesOf,
  healthOf,
  indexDeliveries,
} from '#schemas/webhooks/deliveries.ts';
import { ownSettings, secretOf, webhookKey } from '#schemas/webhooks/secrets.ts';
import type { WebhookDocument } from '#schemas/webhooks/webhooks-view.ts';
import { allShares } from './fan-out.ts';
import {
  countAttempt,
  countEnd,
  forgetWaiting,
  measureWaiting,
  resultOf,
  webhookMetrics,
} from './metrics.ts';
import { post } from './post.ts';
import { nextTryAt, restMs } from './retries.ts';

/**
 * Sends what was noted for webhooks: at least once, always with the same `webhook-id`, one at a
 * time to each webhook. What is noted first is sent first, but one that fails doesn't hold up the
 * others, so order is not promised.
 */

const lookEveryMs = 500;
const measureEveryMs = 5_000;
const atOnce = 16;
const keptTries = 10;
/** Receivers learn of a new secret while the last one is still good. */
const bothSecretsMs = 86_400_000;

export const webhookDeliveries: Worker = {
  name: 'webhook-deliveries',
  roles: [],
  metrics: webhookMetrics,
  async work(parts, { share, shares, stop, onWell }) {
    const settings = ownSettings();
    const key = webhookKey(settings);
    await indexDeliveries(parts.db);
    const from = Math.ceil((share * allShares) / shares);
    const to = Math.ceil(((share + 1) * allShares) / shares);
    const range = { $gte: from, $lt: to };
    const sender = key && new Sender(parts, settings, key, stop);
    let measuredAt = Number.NEGATIVE_INFINITY;
    try {
      while (!stop.aborted) {
        if (performance.now() - measuredAt >= measureEveryMs) {
          await measureWaiting(parts.db, share, range);
          measuredAt = performance.now();
        }
        await sender?.startDue(range);
        onWell();
        await sleep(lookEveryMs, stop);
      }
      await sender?.settled();
    } finally {
      forgetWaiting(share);
    }
  },
};

class Sender {
  readonly #parts: ReactorParts;
  readonly #settings: Config;
  readonly #key: Buffer;
  readonly #stop: AbortSignal;
  /** By webhook. */
  readonly #sending = new Map<string, Promise<void>>();

  constructor(parts: ReactorParts, settings: Config, key: Buffer, stop: AbortSignal) {
    this.#parts = parts;
    this.#settings = settings;
    this.#key = key;
    this.#stop = stop;
  }

  /** Sends what is due until nothing is, or as many are under way as may be. */
  async startDue(share: { $gte: number; $lt: number }): Promise<void> {
    const deliveries = deliveriesOf(this.#parts.db);
    while (!this.#stop.aborted) {
      if (this.#sending.size >= atOnce) await Promise.race(this.#sending.values());
      const webhookId = { $nin: [...this.#sending.keys()] };
      const due = { share, status: 'waiting', nextAt: { $lte: Date.now() }, webhookId } as const;
      const next = await deliveries.findOne(due, { sort: { nextAt: 1, notedAt: 1 } });
      if (!next) return;
      const sent = this.#send(next)
        .catch((error: Error) => this.#parts.logger.warn(`a delivery: ${error.message}`))
        .finally(() => this.#sending.delete(next.webhookId));
      this.#sending.set(next.webhookId, sent);
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#sending.values());
  }

  async #send(delivery: Delivery): Promise<void> {
    const documents = await this.#parts.read(views.webhooks);
    if (!documents) return;
    const webhook = await documents.findOne({ _id: delivery.webhookId });
    if (!webhook?.enabled) {
      const error = webhook ? 'the webhook is disabled' : 'the webhook was removed';
      return this.#note(delivery, { at: Date.now(), status: null, error }, 'dropped', null);
    }
    const at = Date.now();
    const tried = await this.#post(webhook, delivery, at);
    if (this.#stop.aborted && tried.status === null) return; // It didn't fail, we have ended it.
    const result = resultOf(tried.status);
    countAttempt(result, Date.now() - at);
    if (result === 'taken') await this.#taken(delivery, { at, ...tried });
    else await this.#failed(webhook, delivery, { at, ...tried });
  }

  async #post(webhook: WebhookDocument, { _id, body }: Delivery, at: number) {
    const { webhookHttp: allowHttp, webhookPrivateAddresses: allowPrivate } = this.#settings;
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'webhooks',
      'webhook-id': _id,
      'webhook-timestamp': String(Math.floor(at / 1_000)),
      'webhook-signature': this.#signatures(webhook, _id, body, at),
    };
    try {
      const options = { headers, body, allowHttp, allowPrivate, stop: this.#stop };
      return { status: await post(webhook.url, options), error: null };
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      return { status: null, error: (message || code || 'no answer').slice(0, 200) };
    }
  }

  #signatures(webhook: WebhookDocument, id: string, body: string, at: number): string {
    const { secretVersion, rotatedAt } = webhook;
    const hasTwo = rotatedAt !== null && at - rotatedAt < bothSecretsMs;
    const versions = hasTwo ? [secretVersion, secretVersion - 1] : [secretVersion];
    return versions
      .map((version) => secretOf(this.#key, webhook._id, version))
      .map((secret) => new Webhook(secret).sign(id, new Date(at), body))
      .join(' ');
  }

  async #taken(delivery: Delivery, tried: Delivery['tries'][number]): Promise<void> {
    const { db } = this.#parts;
    const { webhookId } = delivery;
    await this.#note(delivery, tried, 'delivered', null);
    const { deletedCount } = await healthOf(db).deleteOne({ _id: webhookId });
    if (deletedCount === 0) return;
    // It takes deliveries again: those that rested go on at once.
    const resting = { webhookId, status: 'waiting', attempts: 0 } as const;
    await deliveriesOf(db).updateMany(resting, { $set: { nextAt: Date.now() } });
  }

  async #failed(
    webhook: WebhookDocument,
    delivery: Delivery,
    tried: Delivery['tries'][number],
  ): Promise<void> {
    const { db } = this.#parts;
    const { _id: webhookId } = webhook;
    const { webhookRetryMs: firstMs, webhookGiveUpS } = this.#settings;
    const times = { firstMs, giveUpMs: webhookGiveUpS * 1_000 };
    const now = Date.now();
    const health = await healthOf(db).findOneAndUpdate(
      { _id: webhookId },
      { $inc: { failures: 1 } },
      { upsert: true, returnDocument: 'after' },
    );
    const failures = health?.failures ?? 1;
    const { attempts: tries, triedSince } = delivery;
    const nextAt = nextTryAt(times, { tries, triedSince, now });
    const isLast = nextAt === null;
    await this.#note(delivery, tried, isLast ? 'failed' : 'waiting', nextAt);
    // The others wait, too, so that a receiver in trouble isn't asked for each of them.
    const rest = now + restMs(times, failures);
    const others = { webhookId, status: 'waiting', nextAt: { $lt: rest } } as const;
    await deliveriesOf(db).updateMany(
      { ...others, _id: { $ne: delivery._id } },
      { $set: { nextAt: rest } },
    );
    // All tries of this delivery have failed, and nothing was taken in between.
    const tookNothing = isLast && failures > tries;
    // 410 Gone: the receiver wants no more.
    if (tookNothing || tried.status === 410) await this.#disable(webhook);
  }

  async #disable({ _id, userId, enabledAt }: WebhookDocument): Promise<void> {
    const path = `/v1/webhooks/${_id}/failing`;
    const command = { path, body: { userId }, key: `${_id}/${enabledAt}` };
    await this.#parts.commands.send(command, this.#stop);
    await healthOf(this.#parts.db).deleteOne({ _id });
  }

  /** Unless the owner has asked for it again in the meantime. */
  async #note(
    { _id, triedSince }: Delivery,
    tried: Delivery['tries'][number],
    status: Delivery['status'],
    nextAt: number | null,
  ): Promise<void> {
    const { matchedCount } = await deliveriesOf(this.#parts.db).updateOne(
      { _id, triedSince },
      {
        $set: { status, nextAt },
        $inc: { attempts: 1 },
        $push: { tries: { $each: [tried], $slice: -keptTries } },
      },
    );
    if (status !== 'waiting' && matchedCount > 0) countEnd(status);
  }
}
