import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { alicesFirst, metaOf } from '../example-meta.ts';
import type { OperationsEvent } from '../generated/events.ts';
import { exampleIds } from '../ids.ts';

const { jobId } = exampleIds;

export const examples: ExamplesOf<OperationsEvent> = {
  ActRequested: {
    type: 'ActRequested',
    meta: metaOf(jobId, 1, alicesFirst, 'olga'),
    data: { jobId, act: 'rollback', input: '{"view":"rankings"}', requestedAt: alicesFirst },
  },
  CancelRequested: {
    type: 'CancelRequested',
    meta: metaOf(jobId, 2, alicesFirst + 500, 'olga'),
    data: { jobId, reason: 'It is the wrong view.', requestedAt: alicesFirst + 500 },
  },
  ActEnded: {
    type: 'ActEnded',
    meta: metaOf(jobId, 2, alicesFirst + 1_000, 'replay-worker'),
    data: {
      ...{ jobId, succeeded: true, outcome: 'rankings.g1 is served now' },
      endedAt: alicesFirst + 1_000,
    },
  },
};
