import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Address } from './cluster.ts';
import { LostAnswerError, NotSentError, type Wires } from './connections.ts';
import { InDoubtError } from './log.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';

const concurrentTransactions = 51;
const notCoordinator = 16;
const loading = 14;
const refused = 53;

/** Answers in turn: an error code or a failure; from then on, success. */
const stubbed = (...answers: (number | Error)[]) => {
  const asked: number[] = [];
  let lookups = 0;
  const send = async (to: Address) => {
    asked.push(to.port);
    const answer = answers.shift() ?? 0;
    if (answer instanceof Error) throw answer;
    return { throttleMs: 0, error: answer, producerId: 7n, epoch: 2 };
  };
  const coordinator = new TransactionCoordinator(
    'lane-0',
    { send, close: async () => {} } as Wires,
    {
      leader: () => undefined,
      refresh: async () => {},
      coordinator: async () => ({ host: 'broker', port: ++lookups }),
    },
  );
  const take = () => coordinator.init(10_000, performance.now() + 30_000);
  return { take, asked };
};

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a lane is taken with the identity that the coordinator gives', async () => {
  const { take } = stubbed();
  expect(await take()).toEqual({ transactionalId: 'lane-0', producerId: 7n, epoch: 2 });
});

test('while the open transaction of an old owner ends, the same coordinator is asked', async () => {
  const { take, asked } = stubbed(concurrentTransactions, concurrentTransactions, loading);
  await take();
  expect(asked).toEqual([1, 1, 1, 1]);
});

test('a coordinator that moved, was not reached or went silent is looked up again', async () => {
  const { take, asked } = stubbed(
    notCoordinator,
    new NotSentError('no connection'),
    new LostAnswerError('no answer'),
  );
  await take();
  expect(asked).toEqual([1, 2, 3, 4]);
});

test('a refusal ends the try at once', async () => {
  const { take, asked } = stubbed(refused);
  await expect(take()).rejects.toThrow('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
  expect(asked).toHaveLength(1);
});

test('a lane that can never be taken fails after half a minute', async () => {
  const { take, asked } = stubbed(...Array.from({ length: 1_000 }, () => concurrentTransactions));
  const refused = take().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await refused).toBeInstanceOf(InDoubtError);
  expect(asked.length).toBeLessThan(150);
});
