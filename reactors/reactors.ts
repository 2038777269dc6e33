import type { AnyReactor } from '@event-sourced/kernel/reactor';
import { technicalSupport } from './support/technical-support.ts';

/** All reactors: one line each. */
export const reactors: readonly AnyReactor[] = [technicalSupport];
