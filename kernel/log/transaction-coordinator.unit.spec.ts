import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Address } from './cluster.ts';
import { LostAnswerError, NotSentError, type Wires } from './connections.ts';
import { InDoubtError } from './log.ts';
import type { Routes } from './metadata.ts';
import type { Request } from './requests.ts';
import { TransactionCoordinator, takeInTurn } from './transaction-coordinator.ts';

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
      askOne: () => Promise.reject(new NotSentError('no connection')),
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

describe('an answer that is slow', () => {
  const lane = { topic: 'parcels', lane: 0 };
  const identity = { transactionalId: 'lane-0', producerId: 7n, epoch: 2 };

  /** A coordinator that gives no answer, but says at each look how far the transaction is. */
  const silent = (states: (string | Error)[]) => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    let looks = 0;
    const coordinator = new TransactionCoordinator(
      'lane-0',
      { send: () => promise, close: async () => {} } as unknown as Wires,
      {
        leader: () => undefined,
        refresh: async () => {},
        coordinator: async () => ({ host: 'broker', port: 1 }),
        askOne: (async () => {
          const state = states[Math.min(looks++, states.length - 1)];
          if (state instanceof Error) throw state;
          return { throttleMs: 0, error: 0, state };
        }) as Routes['askOne'],
      },
    );
    const deadline = performance.now() + 8_000;
    return {
      answer: () => resolve({ throttleMs: 0, error: 0, lanes: [{ ...lane, error: 0 }] }),
      steps: {
        EndTxn: () => coordinator.end(identity, true, deadline),
        AddPartitionsToTxn: () => coordinator.addPartitions(identity, [lane], deadline),
      },
    };
  };

  const toldBy = async (step: Promise<unknown>, ms: number): Promise<unknown> => {
    let told: unknown = 'nothing yet';
    step.then(
      () => {
        told = 'done';
      },
      (error: unknown) => {
        told = error;
      },
    );
    await vi.advanceTimersByTimeAsync(ms);
    return told;
  };

  test.each([
    ['EndTxn', 'Ongoing'],
    ['AddPartitionsToTxn', 'CompleteCommit'],
  ] as const)('to %s is waited for while the step is to come', async (name, state) => {
    const { answer, steps } = silent([state]);
    const step = steps[name]();
    expect(await toldBy(step, 6_500)).toBe('nothing yet');
    answer();
    expect(await toldBy(step, 10)).toBe('done');
  });

  test.each([
    ['EndTxn', 'Ongoing', 'CompleteCommit'],
    ['AddPartitionsToTxn', 'CompleteCommit', 'Ongoing'],
  ] as const)('to %s is lost once the step was done without it', async (name, before, after) => {
    const step = silent([before, after]).steps[name]();
    expect(await toldBy(step, 2_400)).toBe('nothing yet');
    expect(await toldBy(step, 200)).toBeInstanceOf(InDoubtError);
  });

  test('may be on its way when the step is done', async () => {
    const { answer, steps } = silent(['CompleteCommit']);
    const step = steps.EndTxn();
    expect(await toldBy(step, 1_200)).toBe('nothing yet');
    answer();
    expect(await toldBy(step, 1_000)).toBe('done');
  });

  test('is lost after a while if nothing can be learnt about it', async () => {
    const step = silent([new LostAnswerError('no answer')]).steps.EndTxn();
    expect(await toldBy(step, 2_900)).toBe('nothing yet');
    expect(await toldBy(step, 1_000)).toBeInstanceOf(InDoubtError);
  });
});

describe('two names that are taken', () => {
  /**
   * A broker that coordinates both, and takes long to note its first step. It reads a connection's
   * next request once it has answered the one before, even if the client has left meanwhile.
   */
  const slowBroker = () => {
    const epochs = new Map<string, number>();
    const noted = Promise.withResolvers<void>();
    const handled: Promise<unknown>[] = [];
    let noting: string | undefined;
    const newConnection = () => {
      const lost = Promise.withResolvers<never>();
      lost.promise.catch(() => {});
      return { read: Promise.resolve() as Promise<unknown>, lost };
    };
    let connection = newConnection();

    const handle = async (id: string) => {
      if (noting === id) return { throttleMs: 0, error: concurrentTransactions };
      if (noting === undefined) {
        noting = id;
        await noted.promise;
        noting = '';
      }
      const epoch = (epochs.get(id) ?? -1) + 1;
      epochs.set(id, epoch);
      return { throttleMs: 0, error: 0, producerId: 7n, epoch };
    };
    const send = (_: Address, { body }: Request<never>) => {
      const { transactionalId } = body as { transactionalId: string };
      const answer = connection.read.then(() => handle(transactionalId));
      connection.read = answer;
      handled.push(answer);
      return Promise.race([answer, connection.lost.promise]);
    };
    return {
      wires: { send, close: async () => {} } as unknown as Wires,
      routes: { coordinator: async () => ({ host: 'broker', port: 1 }) } as unknown as Routes,
      epochs,
      /** The client waits no longer, and goes on over another connection. */
      answersTooLate: () => {
        connection.lost.reject(new LostAnswerError('no answer'));
        connection = newConnection();
      },
      note: noted.resolve,
      everythingHandled: () => Promise.all(handled),
    };
  };

  test('are not fenced by requests whose answers came too late', async () => {
    const { wires, routes, ...broker } = slowBroker();
    const taking = takeInTurn(['a', 'b'], wires, routes, performance.now() + 30_000);
    await vi.advanceTimersByTimeAsync(3_000);
    broker.answersTooLate();
    await vi.advanceTimersByTimeAsync(100);
    broker.note();
    const taken = await taking;
    await broker.everythingHandled();
    const held = taken.map(({ identity }) => [identity.transactionalId, identity.epoch] as const);
    expect(new Map(held)).toEqual(broker.epochs);
  });
});
