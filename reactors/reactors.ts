import type { AnyClock, AnyReactor } from '@event-sourced/kernel/reactor';
import { reminderClock } from './reminders/reminder-clock.ts';
import { technicalSupport } from './support/technical-support.ts';

/** All reactors: one line each. */
export const reactors: readonly AnyReactor[] = [technicalSupport];

/** All clocks: one line each. */
export const clocks: readonly AnyClock[] = [reminderClock];
