import { removeLeftovers } from './own-stack.ts';

/** Before tests that start stacks of their own: those of runs that were broken off end. */
export const setup = removeLeftovers;
