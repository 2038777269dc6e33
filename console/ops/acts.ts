import { answerOf, type MoviesClient } from '#client/client.ts';
import type { Act, Answer } from '../system/act.ts';
import type { OpsEvent } from './contract.ts';
import type { Filter } from './filter.ts';

/** What operators do: commands like any other, which a worker carries out. */

export type JobAnswer = Answer & { jobId: string };
type Body = Record<string, unknown>;
type Post = (path: string, init: object) => Promise<{ data?: JobAnswer; response: Response }>;

export const readJob = async ({ queries }: MoviesClient, jobId: string) =>
  answerOf(queries.GET('/v1/ops/jobs/{jobId}', { params: { path: { jobId } } }));

/** A command that asks for a job, and is seen once the list of jobs has it. */
const job = (title: string, act: string, body: Body): Act<JobAnswer> => ({
  title,
  command: `POST /v1/ops/jobs/${act}`,
  send: ({ commands }, key) => {
    const post = commands.POST as Post;
    return answerOf(
      post(`/v1/ops/jobs/${act}`, { params: { header: { 'Idempotency-Key': key } }, body }),
    );
  },
  see: (client, { jobId }) => readJob(client, jobId),
});

/** Whatever the job has done by then stays done. */
export const cancelJob = (jobId: string, act: string, reason: string): Act => ({
  title: `Cancel the ${act}`,
  command: `POST /v1/ops/jobs/${jobId}/cancel`,
  send: ({ commands }, key) =>
    answerOf(
      commands.POST('/v1/ops/jobs/{jobId}/cancel', {
        params: { path: { jobId }, header: { 'Idempotency-Key': key } },
        body: { reason },
      }),
    ),
  see: (client) => readJob(client, jobId),
});

export const rebuild = (view: string, throttle?: number) =>
  job(`Rebuild ${view} beside the served generation`, 'rebuild', {
    ...{ views: [view], diff: true, serve: false },
    ...(throttle && { throttle }),
  });

export const serveKept = (view: string) =>
  job(`Serve the new generation of ${view}`, 'switch', { view });

export const rollBack = (view: string) =>
  job(`Serve the previous generation of ${view} again`, 'rollback', { view });

export const keepAsOf = (name: string, time: string, views: readonly string[]) =>
  job(`Keep ${views.join(' and ')} as of ${time}`, 'as-of', { name, time, views });

export const drop = (name: string) => job(`Drop ${name}`, 'drop', { name });

export const retryLetters = (filter: Filter) =>
  job('Retry the dead letters that the filter finds', 'retry', { filter });

/** Reading what people wrote is an act, which the log keeps; the answer is shown and not kept. */
export const reveal = (event: string, reason: string, show: (event: OpsEvent) => void): Act => ({
  title: `Read what people wrote in ${event}`,
  command: 'POST /v1/ops/reveals',
  send: ({ commands }, key) =>
    answerOf(
      commands.POST('/v1/ops/reveals', {
        params: { header: { 'Idempotency-Key': key } },
        body: { event, ...(reason && { reason }) },
      }),
    ),
  see: async ({ queries }) =>
    show(await answerOf(queries.GET('/v1/ops/revealed', { params: { query: { event } } }))),
});

export const discardLetters = (filter: Filter, reason: string) =>
  job('Discard the dead letters that the filter finds', 'discard', { filter, reason });
