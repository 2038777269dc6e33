import { removeLeftovers } from './own-stack.ts';

/** Ends the stacks of interrupted runs, before tests that start stacks of their own. */
export const setup = removeLeftovers;
