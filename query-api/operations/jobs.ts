import { momentOf } from '@event-sourced/kernel/event';
import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query, type Reading } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { exampleIds, JobId } from '#schemas/ids.ts';
import { type JobProgress, progressOfJobs } from '#schemas/operations/job-progress.ts';
import { acts, type JobDocument } from '#schemas/operations/jobs-view.ts';
import { jobUnknown } from '#schemas/operations/problems.ts';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';
import { QueryText } from '../query-text.ts';

const Moment = z.iso.datetime();

const Job = z
  .object({
    jobId: JobId,
    act: z.string(),
    input: z.record(z.string(), z.unknown()),
    status: z.enum(['waiting', 'running', 'cancelling', 'done', 'failed', 'cancelled']),
    requestedBy: z.string(),
    requestedAt: Moment,
    cancel: z
      .object({ by: z.string(), reason: z.string().nullable(), at: Moment })
      .nullable()
      .meta({ description: 'Who wanted it cancelled, also if that came too late.' }),
    finishedAt: Moment.nullable(),
    outcome: z.string().nullable(),
    worker: z.string().nullable(),
    progress: z
      .object({
        step: z.string(),
        passed: z.int(),
        of: z.int(),
        events: z.int(),
        eventsPerSecond: z.int(),
        secondsLeft: z.int().nullable(),
      })
      .nullable(),
    results: z.array(z.object({ what: z.string(), ok: z.boolean(), detail: z.string() })),
    differences: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'Job', description: 'What an operator wanted done, and what came of it.' });

const Filter = {
  status: z.enum(['open', 'ended']).optional(),
  act: z.enum(acts).optional(),
  user: QueryText(200).optional(),
};

const found = ({ status, act, user }: { status?: string; act?: string; user?: string }) => ({
  // All have it: without any filter, a count would read every job.
  requestedAt: { $gte: 0 },
  ...(status && { ended: status === 'open' ? null : { $ne: null } }),
  ...(act && { act }),
  ...(user && { users: user }),
});

/** Every act of an operator, so that this is the audit too. */
export const jobs = query({
  name: 'ops-jobs',
  summary: 'What operators wanted done, the newest first, in pages',
  route: 'GET /v1/ops/jobs',
  aliases: [{ route: 'GET /v1/ops/audit', example: { limit: '2' } }],
  views: [views.jobs],
  for: roles.operator,
  input: z.object({ ...Filter, ...Paged }),
  example: { limit: '2' },
  output: pageOf(Job),
  answer: ({ limit, cursor, status, act, user }, reading) =>
    page(reading.read(views.jobs), {
      ...{ list: ['jobs', status, act, user], limit, cursor },
      filter: found({ ...(status && { status }), ...(act && { act }), ...(user && { user }) }),
      order: { requestedAt: -1, _id: -1 },
      items: (jobs) => shown(jobs, reading),
    }),
});

export const job = query({
  name: 'ops-job',
  summary: 'A job of an operator: how far it is, and what came of it',
  route: 'GET /v1/ops/jobs/:jobId',
  views: [views.jobs],
  for: roles.operator,
  input: z.object({ jobId: JobId }),
  example: { jobId: exampleIds.jobId },
  output: Job,
  problems: [jobUnknown],
  async answer({ jobId }, reading) {
    const job = await reading.read(views.jobs).findOne({ _id: jobId });
    if (!job) throw new Problem(jobUnknown, `There is no job ${jobId}.`);
    const [one] = await shown([job], reading);
    return one!;
  },
});

async function shown(jobs: readonly JobDocument[], { operations: { db } }: Reading) {
  const ids = jobs.map(({ _id }) => _id);
  const progress = await progressOfJobs(db)
    .find({ _id: { $in: ids } })
    .toArray();
  return jobs.map((job) =>
    shownJob(
      job,
      progress.find(({ _id }) => _id === job._id),
    ),
  );
}

function shownJob(job: JobDocument, progress: JobProgress | undefined): z.input<typeof Job> {
  const { _id: jobId, act, input, requestedBy, requestedAt, cancel, ended } = job;
  return {
    ...{ jobId, act, requestedBy, requestedAt: momentOf(requestedAt) },
    input: JSON.parse(input),
    status: statusOf(job, progress),
    cancel: cancel && { ...cancel, at: momentOf(cancel.at) },
    finishedAt: ended && momentOf(ended.at),
    outcome: ended?.outcome ?? null,
    worker: progress?.worker ?? null,
    progress: ended ? null : (progress?.build ?? null),
    results: progress?.results ?? [],
    differences: progress?.differences ?? null,
  };
}

function statusOf({ ended, cancel }: JobDocument, progress: JobProgress | undefined) {
  if (ended?.succeeded) return 'done';
  if (ended) return cancel ? 'cancelled' : 'failed';
  if (cancel) return 'cancelling';
  return progress ? 'running' : 'waiting';
}
