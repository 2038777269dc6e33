import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { record, type Scripted, scriptedCluster } from '../testing/scripted-cluster.ts';
import { LostAnswerError, NotSentError } from './connections.ts';
import { AbortedError, InDoubtError } from './log.ts';
import type { Transactions } from './transaction.ts';

const notLeader = 6;
const notEnoughReplicas = 19;
const concurrentTransactions = 51;
const none = () => [];
const troubleAfterMs = 200;

const always = (scripted: () => Scripted) => Array.from({ length: 1_000 }, scripted);
const notSent = (): Scripted => ({ throws: new NotSentError('no connection') });
const lost = (): Scripted => ({ throws: new LostAnswerError('no answer') });

/** Appends to a lane of each leader. */
const append = (producer: Transactions): Promise<unknown> =>
  producer.append([record(0), record(1)], none, { troubleAfterMs }).catch((error) => error);

const afterMs = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
  await vi.advanceTimersByTimeAsync(ms);
  return promise;
};

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('lanes that can’t be appended to in time', () => {
  const refusals: [what: string, scripted: () => Scripted][] = [
    ['whose leader can’t be reached', notSent],
    ['that have too few replicas', () => ({ error: notEnoughReplicas })],
  ];
  const cases = ([1, 2] as const).flatMap((protocol) =>
    refusals.map(([what, refusal]) => ({ protocol, what, refusal })),
  );
  test.each(cases)('$what: an abort in protocol $protocol', async ({ protocol, refusal }) => {
    const { producer, script, sent } = await scriptedCluster(protocol);
    script('Produce@2', ...always(refusal));
    const aborted = await afterMs(600, append(producer));
    expect(aborted).toBeInstanceOf(AbortedError);
    expect((aborted as AbortedError).lanes).toEqual([{ topic: 'parcels', lane: 1 }]);
    expect(sent.at(-1)).toMatchObject({ name: 'EndTxn', body: { commit: false } });
  });

  test('the producer goes on, and their sequence numbers where they stood', async () => {
    const { producer, script, produced } = await scriptedCluster();
    await append(producer);
    await append(producer);
    script('Produce@2', ...always(notSent));
    await afterMs(600, append(producer)); // under the name a
    script('Produce@2');
    const before = produced().length;
    await append(producer);
    await append(producer);
    expect(produced().slice(before)).toEqual([
      { by: 'b', to: 1, lanes: [[0, 1]] },
      { by: 'b', to: 2, lanes: [[1, 1]] },
      { by: 'a', to: 1, lanes: [[0, 2]] },
      { by: 'a', to: 2, lanes: [[1, 1]] },
    ]);
  });

  test('no transaction is aborted before the time is up', async () => {
    const { producer, script, sent } = await scriptedCluster();
    script('Produce@2', notSent(), notSent(), {});
    expect(await afterMs(600, append(producer))).toEqual([100, 100]);
    expect(sent.at(-1)).toMatchObject({ name: 'EndTxn', body: { commit: true } });
  });
});

describe('a transaction is in doubt, and not aborted,', () => {
  const doubtOf = async (where: string, scripted: () => Scripted, ms: number) => {
    const { producer, script, sent } = await scriptedCluster();
    script(where, ...always(scripted));
    const doubt = await afterMs(ms, append(producer));
    expect(doubt).toBeInstanceOf(InDoubtError);
    const before = sent.length;
    expect(await append(producer)).toBeInstanceOf(InDoubtError);
    expect(sent).toHaveLength(before);
    return sent.map(({ name }) => name);
  };

  test('while a leader may have appended what it was asked to', async () => {
    expect(await doubtOf('Produce@2', () => ({ error: notLeader }), 9_000)).not.toContain('EndTxn');
  });

  test('when an answer to Produce is lost', async () => {
    expect(await doubtOf('Produce@2', lost, 600)).not.toContain('EndTxn');
  });

  test('when the answer to its abort is lost', async () => {
    const { producer, script, names } = await scriptedCluster();
    script('Produce@2', ...always(notSent));
    script('EndTxn', lost());
    expect(await afterMs(600, append(producer))).toBeInstanceOf(InDoubtError);
    expect(await append(producer)).toBeInstanceOf(InDoubtError);
    expect(names().filter((name) => name === 'EndTxn')).toHaveLength(1);
  });

  test('when it has not begun, and could not, without the option', async () => {
    const { producer, script } = await scriptedCluster();
    script('AddPartitionsToTxn', ...always(() => ({ error: concurrentTransactions })));
    const refused = producer.append([record(0)]).catch((error) => error);
    expect(await afterMs(9_000, refused)).toBeInstanceOf(InDoubtError);
  });
});

test('no lane is named when both names still end their last transactions', async () => {
  const { producer, script, names } = await scriptedCluster();
  script('AddPartitionsToTxn', ...always(() => ({ error: concurrentTransactions })));
  const aborted = await afterMs(600, append(producer));
  expect(aborted).toBeInstanceOf(AbortedError);
  expect((aborted as AbortedError).lanes).toEqual([]);
  expect(names()).not.toContain('Produce');
  script('AddPartitionsToTxn');
  expect(await append(producer)).toEqual([100, 100]);
});

test('nothing is aborted while a leader has yet to answer', async () => {
  const { producer, script, names } = await scriptedCluster();
  const slow = Promise.withResolvers<void>();
  script('Produce@2', { after: slow.promise });
  const appended = append(producer);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(names()).not.toContain('EndTxn');
  slow.resolve();
  expect(await appended).toEqual([100, 100]);
});
