import { randomUUID } from 'node:crypto';

const form = /^\n([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * An idempotency key for a command that came without one: it serves repeats inside the system, as
 * when a lane moves to another node. Clients' keys are printable, so none is like it.
 */
export const makeUpKey = (): string => `\n${randomUUID()}`;

/** The id of a command that came without a key; null for a key that a client has sent. */
export const madeUpId = (idempotencyKey: string): string | null =>
  form.exec(idempotencyKey)?.[1] ?? null;
