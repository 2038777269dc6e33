import type { NewEvent } from '@event-sourced/kernel/event';
import { given } from '@event-sourced/kernel/testing';
import { describe, expect, it, vi } from 'vitest';
import type { WebhooksEvent } from '#schemas/generated/events.ts';
import { webhooksFull, webhookUnknown, webhookUrl } from '#schemas/webhooks/problems.ts';
import { webhookCommands, webhooks } from './webhooks.ts';

type New = NewEvent<WebhooksEvent>;

vi.stubEnv('WEBHOOK_KEY', 'only-this-test-has-the-key-0123456789');

const ada = { userId: 'ada', roles: ['viewer' as const], now: 100 };
const worker = { userId: 'webhooks', roles: ['service' as const], now: 100 };
const url = 'https://hooks.example.com/films';
const named = (name: string) => {
  const command = webhookCommands.find((one) => one.name === name);
  if (!command) throw new Error(`There is no command ${name}.`);
  return command;
};
const idOf = (number: number) => `3c1c8a52-0d1e-5d0a-9f57-${String(number).padStart(12, '0')}`;
const added = (number = 1, addedAt = 10): New => ({
  type: 'WebhookAdded',
  data: { webhookId: idOf(number), userId: 'ada', url, events: ['vote.cast'], addedAt },
});
const removed = (number = 1): New => ({
  type: 'WebhookRemoved',
  data: { webhookId: idOf(number), userId: 'ada', removedAt: 100 },
});
const disabled: New = {
  type: 'WebhookDisabled',
  data: { webhookId: idOf(1), userId: 'ada', reason: 'failing', disabledAt: 100 },
};
const one = { webhookId: idOf(1) };

describe('add-webhook', () => {
  const add = (events: New[], wish: object = { url }) =>
    given(webhooks, events).when(named('add-webhook'), wish, ada);
  const idIn = (events: New[]) =>
    (add(events).decided()[0]!.data as { webhookId: string }).webhookId;

  it('gives each webhook another id, also after one was removed', () => {
    expect(new Set([idIn([]), idIn([added()]), idIn([added(), removed(), added(2)])]).size).toBe(3);
  });

  it('takes ten, of which removed ones don’t count', () => {
    const ten = Array.from({ length: 10 }, (_, at) => added(at + 1));
    add(ten).thenRejected(webhooksFull);
    expect(add([...ten, removed(3)]).decided()).toHaveLength(1);
  });

  it('takes no http:// URL', () => {
    add([], { url: 'http://hooks.example.com/films' }).thenRejected(webhookUrl);
  });
});

describe('a webhook', () => {
  it('that is unknown, or was removed, can’t be changed', () => {
    for (const events of [[], [added(), removed()]]) {
      given(webhooks, events)
        .when(named('change-webhook'), { ...one, url }, ada)
        .thenRejected(webhookUnknown);
    }
  });

  it('that stays as it is leads to no event', () => {
    const same = { ...one, url, events: ['vote.cast'] };
    given(webhooks, [added()]).when(named('change-webhook'), same, ada).then([]);
    given(webhooks, [added()]).when(named('enable-webhook'), one, ada).then([]);
  });

  it('is disabled once by the worker, and enabled by its owner', () => {
    const failing = { ...one, userId: 'ada' };
    given(webhooks, [added()]).when(named('failing-webhook'), failing, worker).then([disabled]);
    given(webhooks, [added(), disabled]).when(named('failing-webhook'), failing, worker).then([]);
    given(webhooks, [added(), disabled])
      .when(named('enable-webhook'), one, ada)
      .then([
        { type: 'WebhookEnabled', data: { webhookId: idOf(1), userId: 'ada', enabledAt: 100 } },
      ]);
  });
});

describe('forget-webhooks', () => {
  const forget = (erasedAt: number) =>
    given(webhooks, [added(1, 10), added(2, 20), added(3, 30)]).when(
      named('forget-webhooks'),
      { userId: 'ada', erasedAt },
      worker,
    );

  it('removes those that were added up to the erasure, and keeps later ones', () => {
    forget(20).then([removed(1), removed(2)]);
    forget(9).then([]);
  });
});
