import { isDeepStrictEqual } from 'node:util';
import { aggregate, reject } from '@event-sourced/kernel/aggregate';
import type { Millis } from '@event-sourced/kernel/event';
import { v5 as uuid5 } from 'uuid';
import { z } from 'zod';
import type { WebhooksEvent } from '#schemas/generated/events.ts';
import { DeliveryId, exampleIds, WebhookId } from '#schemas/ids.ts';
import { roles } from '#schemas/roles.ts';
import { hookEventNames } from '#schemas/webhooks/hook-events.ts';
import {
  webhookDisabled,
  webhooksFull,
  webhooksOff,
  webhookUnknown,
  webhookUrl,
} from '#schemas/webhooks/problems.ts';
import { ownSettings, secretOf, webhookKey } from '#schemas/webhooks/secrets.ts';
import { ofCaller } from '../own-stream.ts';

type Webhook = {
  url: string;
  events: readonly string[];
  enabled: boolean;
  secretVersion: number;
  addedAt: Millis;
};
/** A user's webhooks; `added` counts those that were removed, too. */
type Webhooks = { added: number; all: Readonly<Record<string, Webhook>> };

const most = 10;
const unknown = { url: '', events: [], addedAt: 0 };

function evolve(webhooks: Webhooks, { type, data }: WebhooksEvent): Webhooks {
  const { webhookId: id } = data;
  const { [id]: known, ...others } = webhooks.all;
  const changed = (more: Partial<Webhook>): Webhooks => {
    const before = known ?? { ...unknown, enabled: true, secretVersion: 1 };
    return { ...webhooks, all: { ...webhooks.all, [id]: { ...before, ...more } } };
  };
  switch (type) {
    case 'WebhookAdded':
      return {
        ...changed({ url: data.url, events: data.events, addedAt: data.addedAt }),
        added: webhooks.added + 1,
      };
    case 'WebhookChanged':
      return changed({ url: data.url, events: data.events });
    case 'WebhookRemoved':
      return { ...webhooks, all: others };
    case 'WebhookEnabled':
      return changed({ enabled: true });
    case 'WebhookDisabled':
      return changed({ enabled: false });
    case 'WebhookSecretRotated':
      return changed({ secretVersion: data.version });
    case 'WebhookTestRequested':
    case 'WebhookRedeliveryRequested':
      return webhooks;
  }
}

export const webhooks = aggregate<Webhooks, WebhooksEvent>({
  topic: 'webhooks',
  stateVersion: 2,
  initial: { added: 0, all: {} },
  evolve,
  made: ({ type, data }) => {
    if (type === 'WebhookAdded') return data.webhookId;
    return type === 'WebhookSecretRotated' ? String(data.version) : null;
  },
});

const namespace = '0a1f4f0b-7c55-5a52-9c07-d4a4c0f0f2c1';

const Target = z.strictObject({
  url: z
    .string()
    .max(2_000, 'must have at most 2000 characters')
    .refine(isHookUrl, 'has to be an https:// URL without a user name')
    .meta({ format: 'uri', examples: ['https://hooks.example.com/films'] }),
  events: z
    .array(z.enum(hookEventNames))
    .max(50)
    .default([])
    .meta({ description: 'The types of events that it is told of; none means all.' }),
});
const OneWebhook = z.strictObject({ webhookId: WebhookId });

function isHookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function checkUrl(url: string): void {
  const isSecure = new URL(url).protocol === 'https:';
  if (!isSecure && !ownSettings().webhookHttp) reject(webhookUrl, 'The URL has to be https://.');
}

function ownKey(): Buffer {
  return webhookKey(ownSettings()) ?? reject(webhooksOff, 'WEBHOOK_KEY is not set here.');
}

const known = ({ all }: Webhooks, { webhookId }: { webhookId: string }): Webhook =>
  all[webhookId] ?? reject(webhookUnknown, `You have no webhook ${webhookId}.`);

/** What the commands about a webhook that is there have in common. */
const shared = {
  role: roles.viewer,
  stream: ofCaller,
  exists: (webhooks: Webhooks, input: { webhookId: string }) => void known(webhooks, input),
  problems: [webhookUnknown],
};
const example = { webhookId: exampleIds.webhookId };

const addWebhook = webhooks.command({
  name: 'add-webhook',
  route: 'POST /v1/me/webhooks',
  summary: 'Tell me of events at a URL; only this answer has the secret',
  role: roles.viewer,
  input: Target,
  example: { url: 'https://hooks.example.com/films', events: ['vote.cast', 'reminder.due'] },
  stream: ofCaller,
  problems: [webhooksFull, webhookUrl, webhooksOff],
  decide: ({ url, events }, { added, all }, { userId, now: addedAt }) => {
    ownKey();
    checkUrl(url);
    if (Object.keys(all).length >= most) reject(webhooksFull, `${most} webhooks are the most.`);
    const webhookId = uuid5(JSON.stringify([userId, added + 1]), namespace);
    return [{ type: 'WebhookAdded', data: { webhookId, userId, url, events, addedAt } }];
  },
  created: (_, { made: webhookId }) => {
    if (webhookId === null) return null;
    const ids = { webhookId, secret: secretOf(ownKey(), webhookId, 1) };
    return { path: `/v1/me/webhooks/${webhookId}`, ids };
  },
  ids: { webhookId: WebhookId, secret: z.string() },
});

const changeWebhook = webhooks.command({
  ...{ ...shared, name: 'change-webhook', route: 'PUT /v1/me/webhooks/:webhookId' },
  summary: 'Tell a webhook of other events, or at another URL',
  input: Target.extend(OneWebhook.shape),
  example: { ...example, url: 'https://hooks.example.com/films' },
  problems: [webhookUnknown, webhookUrl],
  decide: ({ webhookId, url, events }, webhooks, { userId, now: changedAt }) => {
    const before = known(webhooks, { webhookId });
    if (isDeepStrictEqual({ url, events }, { url: before.url, events: before.events })) return [];
    checkUrl(url);
    return [{ type: 'WebhookChanged', data: { webhookId, userId, url, events, changedAt } }];
  },
});

const removeWebhook = webhooks.command({
  name: 'remove-webhook',
  route: 'DELETE /v1/me/webhooks/:webhookId',
  summary: 'Remove a webhook; what it was not told yet is dropped',
  role: roles.viewer,
  input: OneWebhook,
  example,
  stream: ofCaller,
  decide: ({ webhookId }, { all }, { userId, now: removedAt }) =>
    all[webhookId] ? [{ type: 'WebhookRemoved', data: { webhookId, userId, removedAt } }] : [],
});

const disableWebhook = webhooks.command({
  ...{ ...shared, name: 'disable-webhook', route: 'POST /v1/me/webhooks/:webhookId/disable' },
  summary: 'Tell a webhook of no more events, until it is enabled',
  input: OneWebhook,
  example,
  decide: ({ webhookId }, webhooks, { userId, now: disabledAt }) => {
    if (!known(webhooks, { webhookId }).enabled) return [];
    return [{ type: 'WebhookDisabled', data: { webhookId, userId, reason: 'owner', disabledAt } }];
  },
});

const enableWebhook = webhooks.command({
  ...{ ...shared, name: 'enable-webhook', route: 'POST /v1/me/webhooks/:webhookId/enable' },
  summary: 'Tell a webhook of events again, from now on',
  input: OneWebhook,
  example,
  decide: ({ webhookId }, webhooks, { userId, now: enabledAt }) =>
    known(webhooks, { webhookId }).enabled
      ? []
      : [{ type: 'WebhookEnabled', data: { webhookId, userId, enabledAt } }],
});

const rotateSecret = webhooks.command({
  ...{ ...shared, name: 'rotate-secret' },
  route: 'POST /v1/me/webhooks/:webhookId/rotate-secret',
  summary: 'Give a webhook a new secret; for a day, it gets signatures of both',
  input: OneWebhook,
  example,
  problems: [webhookUnknown, webhooksOff],
  decide: ({ webhookId }, webhooks, { userId, now: rotatedAt }) => {
    ownKey();
    const version = known(webhooks, { webhookId }).secretVersion + 1;
    return [{ type: 'WebhookSecretRotated', data: { webhookId, userId, version, rotatedAt } }];
  },
  created: ({ webhookId }, { made }) =>
    made === null ? null : { ids: { secret: secretOf(ownKey(), webhookId, Number(made)) } },
  withoutLocation: true,
  ids: { secret: z.string() },
});

function checkEnabled({ enabled }: Webhook): void {
  if (!enabled) reject(webhookDisabled, 'Enable the webhook first.');
}

const testWebhook = webhooks.command({
  ...{ ...shared, name: 'test-webhook', route: 'POST /v1/me/webhooks/:webhookId/test' },
  summary: 'Send a webhook a delivery of the type webhook.test',
  input: OneWebhook,
  example,
  problems: [webhookUnknown, webhookDisabled],
  decide: ({ webhookId }, webhooks, { userId, now: requestedAt }) => {
    checkEnabled(known(webhooks, { webhookId }));
    return [{ type: 'WebhookTestRequested', data: { webhookId, userId, requestedAt } }];
  },
});

const redeliver = webhooks.command({
  ...{ ...shared, name: 'redeliver' },
  route: 'POST /v1/me/webhooks/:webhookId/deliveries/:deliveryId/redeliver',
  summary: 'Send a webhook a delivery again, whatever came of it before',
  input: OneWebhook.extend({ deliveryId: DeliveryId }),
  example: { ...example, deliveryId: exampleIds.deliveryId },
  problems: [webhookUnknown, webhookDisabled],
  decide: ({ webhookId, deliveryId }, webhooks, { userId, now: requestedAt }) => {
    checkEnabled(known(webhooks, { webhookId }));
    const data = { webhookId, userId, deliveryId, requestedAt };
    return [{ type: 'WebhookRedeliveryRequested', data }];
  },
});

/** From the worker that sends deliveries. */
const failingWebhook = webhooks.command({
  name: 'failing-webhook',
  route: 'POST /v1/webhooks/:webhookId/failing',
  summary: "Disable a user's webhook, since it took no delivery for days",
  role: roles.service,
  input: OneWebhook.extend({ userId: z.string().min(1).max(128) }),
  example: { ...example, userId: 'ada' },
  stream: ({ userId }) => ({ key: userId, id: userId }),
  decide: ({ webhookId, userId }, { all }, { now: disabledAt }) => {
    if (!all[webhookId]?.enabled) return [];
    const data = { webhookId, userId, reason: 'failing' as const, disabledAt };
    return [{ type: 'WebhookDisabled', data }];
  },
});

/** From the reactor that follows erasures. Who has come back since keeps the new webhooks. */
const forgetWebhooks = webhooks.command({
  name: 'forget-webhooks',
  route: 'POST /v1/webhooks/forget',
  summary: 'Remove the webhooks that somebody had who was erased',
  role: roles.service,
  input: z.strictObject({ userId: z.string().min(1).max(128), erasedAt: z.int() }),
  example: { userId: 'ada', erasedAt: 1_772_355_600_000 },
  stream: ({ userId }) => ({ key: userId, id: userId }),
  decide: ({ userId, erasedAt }, { all }, { now: removedAt }) =>
    Object.entries(all)
      .filter(([, { addedAt }]) => addedAt <= erasedAt)
      .map(([webhookId]) => ({
        type: 'WebhookRemoved',
        data: { webhookId, userId, removedAt },
      })),
});

export const webhookCommands = [
  ...[addWebhook, changeWebhook, rotateSecret, testWebhook, redeliver],
  ...[disableWebhook, enableWebhook, failingWebhook, removeWebhook, forgetWebhooks],
];
