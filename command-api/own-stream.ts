import type { Caller } from '@event-sourced/kernel/auth';

/** The stream of commands about what belongs to their sender. */
export const ofCaller = (_: unknown, { userId }: Caller) => ({ key: userId, id: userId });
