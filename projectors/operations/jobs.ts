import type { Millis } from '@event-sourced/kernel/event';
import { projection } from '@event-sourced/kernel/projection';
import type { OperationsEvent } from '#schemas/generated/events.ts';
import { reveal } from '#schemas/operations/jobs-view.ts';
import { views } from '#schemas/views.ts';

const revealed = (at: Millis) => ({ succeeded: true, outcome: 'revealed for ten minutes', at });

/** What operators wanted done, and what came of it. */
export const jobs = projection<OperationsEvent>()({
  view: views.jobs,
  oneStreamPerDocument: true,
  id: ({ data }) => data.jobId,
  when: {
    ActRequested: (_, { data: { jobId, act, input, requestedAt }, meta }) => ({
      ...{ _id: jobId, act, input, requestedBy: meta.actor, requestedAt },
      ...{ cancel: null, ended: act === reveal ? revealed(requestedAt) : null },
      users: [meta.actor],
    }),
    CancelRequested: (job, { data: { reason, requestedAt: at }, meta: { actor: by } }) =>
      job && {
        ...{ ...job, cancel: { by, reason, at } },
        users: by === job.requestedBy ? [by] : [job.requestedBy, by],
      },
    ActEnded: (job, { data: { succeeded, outcome, endedAt: at } }) =>
      job && { ...job, ended: { succeeded, outcome, at } },
  },
});
