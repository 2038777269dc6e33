import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

const jobs = ['rebuild', 'switch', 'rollback', 'as-of', 'drop', 'retry', 'discard'] as const;
/** An act that the replay worker carries out. */
export type Act = (typeof jobs)[number];

/** To reveal an event's text takes no work: the operator may read it from then on, for a while. */
export const reveal = 'reveal';
export const acts = [...jobs, reveal] as const;
export const revealedMs = 10 * 60_000;

/** Something that an operator wanted done, and what came of it. */
export type JobDocument = {
  _id: string;
  act: string;
  /** As JSON. */
  input: string;
  requestedBy: string;
  requestedAt: Millis;
  /** Who wanted it cancelled; that says nothing of whether the worker still could. */
  cancel: { by: string; reason: string | null; at: Millis } | null;
  /** Who requested it, and who wanted it cancelled. */
  users: readonly string[];
  ended: { succeeded: boolean; outcome: string; at: Millis } | null;
};

export const jobsView = view<JobDocument>({
  name: 'jobs',
  version: 3,
  topics: ['operations'],
  indexes: [
    { key: { requestedAt: -1, _id: -1 } },
    { key: { ended: 1, requestedAt: -1, _id: -1 } },
    { key: { act: 1, requestedAt: -1, _id: -1 } },
    { key: { users: 1, requestedAt: -1, _id: -1 } },
  ],
});
