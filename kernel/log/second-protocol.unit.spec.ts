import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { record, type Scripted, scriptedCluster } from '../testing/scripted-cluster.ts';
import { LostAnswerError } from './connections.ts';
import { AbortedError, InDoubtError, type RecordToAppend } from './log.ts';
import type { Transactions } from './transaction.ts';

const transactionAbortable = 120;
const invalidTransactionState = 48;
const concurrentTransactions = 51;
const notLeader = 6;
const none = () => [];

const always = (scripted: () => Scripted) => Array.from({ length: 1_000 }, scripted);
const busy = (): Scripted => ({ error: concurrentTransactions });
const lost = (): Scripted => ({ throws: new LostAnswerError('no answer') });

const append = (producer: Transactions, troubleAfterMs = 200): Promise<unknown> =>
  producer.append([record(0), record(1)], none, { troubleAfterMs }).catch((error) => error);

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('each transaction', () => {
  test('is a Produce and an EndTxn where its lanes have one leader', async () => {
    const { producer, names } = await scriptedCluster(2);
    for (let number = 0; number < 2; number++) await producer.append([record(0), record(2)]);
    expect(names()).toEqual(['Produce', 'EndTxn', 'Produce', 'EndTxn']);
  });

  test('has its lanes added before, where leaders would add them at the same time', async () => {
    const { producer, names } = await scriptedCluster(2);
    await producer.append([record(0), record(1)]);
    expect(names()).toEqual(['AddPartitionsToTxn', 'Produce', 'Produce', 'EndTxn']);
  });

  test('begins with number 0', async () => {
    const { producer, produced } = await scriptedCluster(2);
    for (let number = 0; number < 3; number++) await producer.append([record(0), record(1)]);
    expect(new Set(produced().flatMap(({ lanes }) => lanes.map(([, first]) => first)))).toEqual(
      new Set([0]),
    );
  });

  test('has the identity with which its name’s last transaction ended', async () => {
    const { producer, sent } = await scriptedCluster(2);
    for (let number = 0; number < 5; number++) await producer.append([record(0)]);
    const ended = sent.filter(({ name }) => name === 'EndTxn');
    const epochs = ended.map(({ body }) => [body.transactionalId, body.epoch]);
    expect(epochs).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['b', 2],
      ['a', 3],
    ]);
  });

  test('takes in the records that wait when it begins', async () => {
    const { producer, produced } = await scriptedCluster(2);
    const late = (): RecordToAppend[] => [record(1), record(0)];
    expect(await producer.append([record(0), record(1)], late)).toEqual([100, 100, 101, 101]);
    expect(produced()).toHaveLength(2);
  });
});

describe('a name that is still ending its last transaction', () => {
  test('is passed over, and rests for a while; late records are asked for once', async () => {
    const { producer, turns, script } = await scriptedCluster(2);
    script('Produce of a', ...always(busy));
    let asked = 0;
    const late = (): RecordToAppend[] => {
      asked += 1;
      return [record(0)];
    };
    expect(await producer.append([record(0)], late)).toEqual([100, 101]);
    expect(asked).toBe(1);
    await append(producer);
    await append(producer);
    const produced = turns().filter((turn) => turn === 'Produce of a');
    expect(produced).toHaveLength(1);
    script('Produce of a');
    await vi.advanceTimersByTimeAsync(1_100);
    await append(producer);
    await append(producer);
    expect(turns().filter((turn) => turn === 'EndTxn of a')).toHaveLength(1);
  });

  test('is not aborted when its leader has not answered in time, but passed over', async () => {
    const { producer, turns, script } = await scriptedCluster(2);
    const refused = Promise.withResolvers<void>();
    script('Produce of a', { ...busy(), after: refused.promise });
    const told = { throttleMs: 0, error: 0, state: 'PrepareAbort' };
    script('DescribeTransactions', ...always(() => ({ answer: told })));
    const appended = producer.append([record(0)], none, { troubleAfterMs: 200 });
    await vi.advanceTimersByTimeAsync(1_000);
    refused.resolve();
    expect(await appended).toEqual([100]);
    expect(turns()).not.toContain('EndTxn of a');
    expect(turns().at(-1)).toBe('EndTxn of b');
  });

  test('is asked again, and not passed over, once one leader has begun', async () => {
    const { producer, turns, script } = await scriptedCluster(2);
    script('Produce@2', busy(), busy(), {});
    expect(await append(producer)).toEqual([100, 100]);
    expect(turns().every((turn) => turn.endsWith(' of a'))).toBe(true);
  });

  test('names no lane in the error when the other name ends its last one as well', async () => {
    const { producer, script, names } = await scriptedCluster(2);
    script('Produce', ...always(busy));
    const aborted = append(producer);
    await vi.advanceTimersByTimeAsync(600);
    expect(await aborted).toBeInstanceOf(AbortedError);
    expect(((await aborted) as AbortedError).lanes).toEqual([]);
    expect(names()).not.toContain('EndTxn');
  });
});

describe('what comes late is refused, so a transaction may be aborted', () => {
  const ofLane1 = [{ topic: 'parcels', lane: 1 }];
  const troubles: [what: string, scripted: () => Scripted][] = [
    ['an answer is lost', lost],
    ['a leader may have appended what it was asked to', () => ({ error: notLeader })],
    ['the transaction can only be aborted', () => ({ error: transactionAbortable })],
    ['a leader has not answered in time', () => ({ after: new Promise(() => {}) })],
  ];
  test.each(troubles)('when %s', async (_what, scripted) => {
    const { producer, script, sent } = await scriptedCluster(2);
    script('Produce@2', ...always(scripted));
    const aborted = append(producer);
    await vi.advanceTimersByTimeAsync(600);
    expect(await aborted).toBeInstanceOf(AbortedError);
    expect(((await aborted) as AbortedError).lanes).toEqual(ofLane1);
    expect(sent.at(-1)).toMatchObject({ name: 'EndTxn', body: { commit: false } });
    script('Produce@2');
    expect(await append(producer)).toEqual([100, 100]);
  });

  test('but not for a batch that is refused for good', async () => {
    const { producer, script, names } = await scriptedCluster(2);
    script('Produce@2', { error: invalidTransactionState });
    expect(await append(producer)).toBeInstanceOf(InDoubtError);
    expect(names()).not.toContain('EndTxn');
  });

  test('but not without the option', async () => {
    const { producer, script, names } = await scriptedCluster(2);
    script('Produce@2', lost());
    expect(await append(producer, Number.POSITIVE_INFINITY)).toBeInstanceOf(InDoubtError);
    expect(names()).not.toContain('EndTxn');
  });
});
