import type { AnyReactor } from '#kernel/reactor.ts';
import { technicalSupport } from './support/technical-support.ts';

/** All reactors: one line each. */
export const reactors: readonly AnyReactor[] = [technicalSupport];
