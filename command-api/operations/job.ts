import { aggregate, reject } from '@event-sourced/kernel/aggregate';
import { v5 as uuid5 } from 'uuid';
import { z } from 'zod';
import type { OperationsEvent } from '#schemas/generated/events.ts';
import { exampleIds, JobId } from '#schemas/ids.ts';
import { EventPlace, exampleEvent } from '#schemas/operations/event-place.ts';
import { type acts, reveal } from '#schemas/operations/jobs-view.ts';
import { jobEnded, jobUnknown } from '#schemas/operations/problems.ts';
import { roles } from '#schemas/roles.ts';
import { WrittenLine } from '#schemas/written-text.ts';

type Job = { status: 'none' | 'requested' | 'cancelling' | 'cancelled' | 'ended' };

/** Something that an operator wants done; the replay worker does it. */
export const job = aggregate<Job, OperationsEvent>({
  topic: 'operations',
  stateVersion: 2,
  initial: { status: 'none' },
  evolve: (before, event) => ({ status: statusAfter(before, event) }),
});

function statusAfter({ status }: Job, { type, data }: OperationsEvent): Job['status'] {
  switch (type) {
    case 'ActRequested':
      return data.act === reveal ? 'ended' : 'requested'; // Nobody has to work on a reveal.
    case 'CancelRequested':
      return 'cancelling';
    case 'ActEnded':
      return status === 'cancelling' && !data.succeeded ? 'cancelled' : 'ended';
  }
}

const jobNamespace = '5f0f3f5e-91c2-5f0e-8a77-4f9b9d0f6c11';

const byJobId = (jobId: string) => ({ key: jobId, id: jobId });

type Requested<Input extends object> = {
  route?: `POST /${string}`;
  summary: string;
  input: z.ZodType<Input>;
  example: object;
};

/** A command that asks for an act; who repeats it with the same key asks for the same job. */
const request = <Input extends object>(
  act: (typeof acts)[number],
  { route = `POST /v1/ops/jobs/${act}`, ...given }: Requested<Input>,
) =>
  job.command({
    ...given,
    name: `request-${act}`,
    route,
    role: roles.operator,
    stream: (_, { userId }, key) =>
      byJobId(uuid5(JSON.stringify([userId, act, key]), jobNamespace)),
    decide: (input, { status }, { streamId: jobId, now: requestedAt }) => {
      if (status !== 'none') return []; // The same key has asked for it before.
      const data = { jobId, act, input: JSON.stringify(input), requestedAt };
      return [{ type: 'ActRequested', data }];
    },
    created: (_, { streamId: jobId }) => ({ path: `/v1/ops/jobs/${jobId}`, ids: { jobId } }),
    ids: { jobId: JobId },
  });

const ViewName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the name of a view');
const Filter = z.strictObject({
  view: z.string().min(1).max(100).optional(),
  topic: z.string().min(1).max(100).optional(),
  key: z.string().min(1).max(500).optional(),
  error: z.string().min(1).max(500).optional(),
  id: z.string().min(1).max(500).optional(),
});

const cancelJob = job.command({
  name: 'cancel-job',
  route: 'POST /v1/ops/jobs/:jobId/cancel',
  summary: 'Cancel a job that waits or is being done; what is done already stays',
  role: roles.operator,
  input: z.strictObject({ jobId: JobId, reason: WrittenLine(500).optional() }),
  example: { jobId: exampleIds.jobId, reason: 'It is the wrong view.' },
  stream: ({ jobId }) => byJobId(jobId),
  decide: ({ jobId, reason = null }, { status }, { now: requestedAt }) => {
    if (status === 'none') reject(jobUnknown, `There is no job ${jobId}.`);
    if (status === 'ended') reject(jobEnded, `The job ${jobId} has ended: nothing is cancelled.`);
    if (status !== 'requested') return []; // The first one to cancel it has said why.
    return [{ type: 'CancelRequested', data: { jobId, reason, requestedAt } }];
  },
  problems: [jobUnknown, jobEnded],
});

const endJob = job.command({
  name: 'end-job',
  route: 'POST /v1/ops/jobs/:jobId/end',
  summary: 'Say what came of a job; for the replay worker',
  role: roles.service,
  input: z.strictObject({
    jobId: JobId,
    succeeded: z.boolean(),
    outcome: WrittenLine(2_000),
  }),
  example: { jobId: exampleIds.jobId, succeeded: true, outcome: 'rankings.g1 is served now' },
  stream: ({ jobId }) => byJobId(jobId),
  decide: ({ jobId, succeeded, outcome }, { status }, { now: endedAt }) => {
    if (status === 'none') reject(jobUnknown, `There is no job ${jobId}.`);
    if (status === 'ended' || status === 'cancelled') return []; // The first outcome holds.
    return [{ type: 'ActEnded', data: { jobId, succeeded, outcome, endedAt } }];
  },
  problems: [jobUnknown],
});

export const jobCommands = [
  request('rebuild', {
    summary: 'Build views anew from the log, beside the served ones; then serve them if wanted',
    input: z.strictObject({
      views: z.array(ViewName).max(100).meta({ description: 'None means all.' }),
      diff: z.boolean().default(false),
      serve: z.boolean().default(true),
      throttle: z.int().min(1).optional().meta({ description: 'Events a second at most.' }),
    }),
    example: { views: ['rankings'], diff: true },
  }),
  request('switch', {
    summary: 'Serve the newest generation that a rebuild has kept',
    input: z.strictObject({ view: ViewName }),
    example: { view: 'rankings' },
  }),
  request('rollback', {
    summary: 'Serve the generation that was served before',
    input: z.strictObject({ view: ViewName }),
    example: { view: 'rankings' },
  }),
  request('as-of', {
    summary: 'Keep views as they stood at a time',
    input: z.strictObject({
      name: ViewName,
      time: z.iso.datetime(),
      views: z.array(ViewName).min(1).max(100),
    }),
    example: { name: 'friday', time: '2026-01-02T18:00:00Z', views: ['rankings'] },
  }),
  request('drop', {
    summary: 'Drop an as-of, or a generation that is not served',
    input: z.strictObject({ name: z.string().min(1).max(200) }),
    example: { name: 'friday' },
  }),
  request('retry', {
    summary: 'Fold dead letters again: one, or all that the filter finds',
    input: z.strictObject({ filter: Filter }),
    example: { filter: { view: 'rankings' } },
  }),
  request('discard', {
    summary: 'Give up dead letters: one, or all that the filter finds',
    input: z.strictObject({ filter: Filter, reason: WrittenLine(500) }),
    example: { filter: { id: 'rankings.g1/ranking/4/17' }, reason: 'Sent past the API.' },
  }),
  request(reveal, {
    route: 'POST /v1/ops/reveals',
    summary: 'Be allowed to read the text of people in an event, for ten minutes',
    input: z.strictObject({ event: EventPlace, reason: WrittenLine(500).optional() }),
    example: { event: exampleEvent, reason: 'The user asked what we have stored.' },
  }),
  cancelJob,
  endJob,
];
