import type { AnyClock, AnyReactor, Worker } from '@event-sourced/kernel/reactor';
import { reminderClock } from './reminders/reminder-clock.ts';
import { technicalSupport } from './support/technical-support.ts';
import { webhookDeliveries } from './webhooks/deliver.ts';
import { webhookErasures } from './webhooks/erasures.ts';
import { webhookReactors } from './webhooks/fan-out.ts';

/** All reactors: one line each. */
export const reactors: readonly AnyReactor[] = [
  technicalSupport,
  ...webhookReactors,
  webhookErasures,
];

/** All clocks: one line each. */
export const clocks: readonly AnyClock[] = [reminderClock];

/** All workers: one line each. */
export const workers: readonly Worker[] = [webhookDeliveries];
