import type { NewEvent } from '@event-sourced/kernel/event';
import { given } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { OperationsEvent } from '#schemas/generated/events.ts';
import { jobEnded, jobUnknown } from '#schemas/operations/problems.ts';
import { job, jobCommands } from './job.ts';

type New = NewEvent<OperationsEvent>;

const jobId = 'c51d8787-203d-5307-88f5-d1525a9bce91';
const olga = { userId: 'olga', roles: ['operator' as const], now: 200 };
const worker = { userId: 'replay-worker', roles: ['service' as const], now: 300 };
const named = (name: string) => {
  const command = jobCommands.find((one) => one.name === name);
  if (!command) throw new Error(`There is no command ${name}.`);
  return command;
};

const asked = (act = 'rebuild'): New => ({
  type: 'ActRequested',
  data: { jobId, act, input: '{"views":["rankings"]}', requestedAt: 100 },
});
const cancelled = (reason: string | null = 'the wrong view'): New => ({
  type: 'CancelRequested',
  data: { jobId, reason, requestedAt: 200 },
});
const ended = (succeeded: boolean, outcome: string): New => ({
  type: 'ActEnded',
  data: { jobId, succeeded, outcome, endedAt: 300 },
});
const stopped = ended(false, 'cancelled before it began');
const done = ended(true, 'rankings.g1 is served now');

describe('cancel-job', () => {
  const cancel = (...events: New[]) =>
    given(job, events).when(named('cancel-job'), { jobId, reason: 'the wrong view' }, olga);

  it('says who wants a job cancelled, and why', () => {
    cancel(asked()).then([cancelled()]);
  });

  it('takes no reason, too', () => {
    given(job, [asked()])
      .when(named('cancel-job'), { jobId }, olga)
      .then([cancelled(null)]);
  });

  it('sent twice is the same as once, also after the job was stopped', () => {
    cancel(asked()).thenTwiceIsOnce();
    cancel(asked(), cancelled('it takes days')).then([]);
    cancel(asked(), cancelled(), stopped).then([]);
  });

  it('is refused once the job has ended by itself, even if that was wanted before', () => {
    cancel(asked(), done).thenRejected(jobEnded);
    cancel(asked(), ended(false, 'the disk is full')).thenRejected(jobEnded);
    cancel(asked(), cancelled(), done).thenRejected(jobEnded);
  });

  it('is refused for a reveal, which is no work', () => {
    cancel(asked('reveal')).thenRejected(jobEnded);
  });

  it('is refused for a job that nobody asked for', () => {
    cancel().thenRejected(jobUnknown);
  });
});

describe('end-job', () => {
  const end = (...events: New[]) => {
    const { succeeded, outcome } = stopped.data as { succeeded: boolean; outcome: string };
    return given(job, events).when(named('end-job'), { jobId, succeeded, outcome }, worker);
  };

  it('ends a job that is to be cancelled, once', () => {
    end(asked(), cancelled()).then([stopped]);
    end(asked(), cancelled()).thenTwiceIsOnce();
  });

  it('changes no outcome that was told before', () => {
    end(asked(), cancelled(), done).then([]);
  });
});
