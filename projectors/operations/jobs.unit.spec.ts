import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { OperationsEvent } from '#schemas/generated/events.ts';
import { jobs } from './jobs.ts';

type Of<Type> = Extract<TestEvent<OperationsEvent>, { type: Type }>;

const jobId = 'c51d8787-203d-5307-88f5-d1525a9bce91';
const asked = (act = 'rebuild'): Of<'ActRequested'> => ({
  type: 'ActRequested',
  meta: { actor: 'olga' },
  data: { jobId, act, input: '{}', requestedAt: 100 },
});
const cancelled: Of<'CancelRequested'> = {
  type: 'CancelRequested',
  meta: { actor: 'otto' },
  data: { jobId, reason: 'the wrong view', requestedAt: 200 },
};
const ended: Of<'ActEnded'> = {
  type: 'ActEnded',
  meta: { actor: 'replay-worker' },
  data: { jobId, succeeded: false, outcome: 'cancelled before it began', endedAt: 300 },
};

describe('jobs', () => {
  it('holds what somebody wants done', () => {
    given(jobs)
      .when(asked())
      .then({
        _id: jobId,
        act: 'rebuild',
        requestedBy: 'olga',
        cancel: null,
        ended: null,
        users: ['olga'],
      });
  });

  it('holds who wants it cancelled, and that it has not ended by that', () => {
    const cancel = { by: 'otto', reason: 'the wrong view', at: 200 };
    given(jobs, [asked()]).when(cancelled).then({ requestedBy: 'olga', cancel, ended: null });
  });

  it('is found for who wanted it, and for who wanted it cancelled', () => {
    const byOlga = { ...cancelled, meta: { actor: 'olga' } };
    given(jobs, [asked()])
      .when(cancelled)
      .then({ users: ['olga', 'otto'] });
    given(jobs, [asked()])
      .when(byOlga)
      .then({ users: ['olga'] });
  });

  it('holds what came of it', () => {
    const outcome = { succeeded: false, outcome: 'cancelled before it began', at: 300 };
    given(jobs, [asked(), cancelled]).when(ended).then({ ended: outcome });
  });

  it('holds a reveal as done', () => {
    const outcome = { succeeded: true, outcome: 'revealed for ten minutes', at: 100 };
    given(jobs).when(asked('reveal')).then({ ended: outcome });
  });
});
