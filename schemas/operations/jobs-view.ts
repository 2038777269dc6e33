import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

export const acts = ['rebuild', 'switch', 'rollback', 'as-of', 'drop', 'retry', 'discard'] as const;
export type Act = (typeof acts)[number];

/** Something that an operator wanted done, and what came of it. */
export type JobDocument = {
  _id: string;
  act: string;
  /** As JSON. */
  input: string;
  requestedBy: string;
  requestedAt: Millis;
  ended: { succeeded: boolean; outcome: string; at: Millis } | null;
};

export const jobsView = view<JobDocument>({
  name: 'jobs',
  version: 1,
  topics: ['operations'],
  indexes: [{ key: { requestedAt: -1, _id: -1 } }, { key: { ended: 1, requestedAt: 1 } }],
});
