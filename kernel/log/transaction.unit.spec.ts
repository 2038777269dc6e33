import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { record, type Scripted, scriptedCluster } from '../testing/scripted-cluster.ts';
import { LostAnswerError, NotSentError } from './connections.ts';
import { AbortedError, InDoubtError, type RecordToAppend } from './log.ts';

const concurrentTransactions = 51;
const notLeader = 6;
const notEnoughReplicas = 19;
const messageTooLarge = 10;
const duplicateSequenceNumber = 46;
const invalidProducerEpoch = 47;
const notCoordinator = 16;
const transactionalIdAuthorizationFailed = 53;
const protocols = [1, 2] as const;
const lane0 = { topic: 'parcels', lane: 0 };

const refusalOf = async (call: Promise<unknown>): Promise<InDoubtError> => {
  const error = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InDoubtError);
  return error as InDoubtError;
};

const lost = (): Scripted => ({ throws: new LostAnswerError('no answer') });
const notSent = (): Scripted => ({ throws: new NotSentError('no connection') });

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a transaction that goes well', () => {
  test('adds all lanes once, produces once per leader, and ends', async () => {
    const { producer, names, offset } = await scriptedCluster();
    offset('parcels/0', 40);
    offset('parcels/1', 70);
    const offsets = await producer.append([record(1), record(0), record(1), record(0)]);
    expect(offsets).toEqual([70, 40, 71, 41]);
    expect(names()).toEqual(['AddPartitionsToTxn', 'Produce', 'Produce', 'EndTxn']);
  });

  test('goes on with the sequence numbers of its name, lane by lane', async () => {
    const { producer, produced } = await scriptedCluster();
    await producer.append([record(0), record(0), record(2)]);
    await producer.barrier([lane0]);
    await producer.append([record(0), record(2)]);
    await producer.append([record(0), record(2)]);
    const numbers = (name: string) =>
      produced().flatMap(({ by, lanes }) => (by === name ? [lanes] : []));
    expect(numbers('a')).toEqual([
      [
        [0, 0],
        [2, 0],
      ],
      [[0, 2]],
      [
        [0, 3],
        [2, 1],
      ],
    ]);
    expect(numbers('b')).toEqual([
      [[0, 0]],
      [
        [0, 1],
        [2, 0],
      ],
    ]);
  });

  test('takes in records that came while it began, after the others', async () => {
    const { producer, names, produced, script } = await scriptedCluster();
    const begins = Promise.withResolvers<void>();
    script('AddPartitionsToTxn', { after: begins.promise });
    const came: RecordToAppend[] = [];
    const appended = producer.append([record(0), record(1)], () => came);
    came.push(record(1), record(1), record(0));
    begins.resolve();
    expect(await appended).toEqual([100, 100, 101, 102, 101]);
    expect(names()).toEqual(['AddPartitionsToTxn', 'Produce', 'Produce', 'EndTxn']);
    // The same name's next transaction.
    await producer.append([record(0)]);
    await producer.append([record(0), record(1)]);
    expect(
      produced()
        .slice(3)
        .map(({ lanes }) => lanes),
    ).toEqual([[[0, 2]], [[1, 3]]]);
  });

  test('has nothing to send when nothing is appended', async () => {
    const { producer, names } = await scriptedCluster();
    expect(await producer.append([])).toEqual([]);
    expect(names()).toEqual([]);
  });

  test('a barrier stands under both names, and ends with aborts', async () => {
    const { producer, sent, turns, script } = await scriptedCluster();
    // Kafka answers an EndTxn before it has written the markers.
    const busy = { answer: { throttleMs: 0, error: 0, state: 'PrepareAbort' } };
    script('DescribeTransactions of b', { error: notCoordinator }, busy, busy);
    await producer.barrier([lane0]);
    const ofEach = (name: string) => [
      `AddPartitionsToTxn of ${name}`,
      `Produce of ${name}`,
      `EndTxn of ${name}`,
    ];
    const asked = (name: string, times: number) => {
      return Array<string>(times).fill(`DescribeTransactions of ${name}`);
    };
    // Not both at once: some clients would take records of the first for committed ones.
    expect(turns()).toEqual([
      ...[...ofEach('b'), ...asked('b', 4)],
      ...[...ofEach('a'), ...asked('a', 1)],
    ]);
    const ends = sent.filter(({ name }) => name === 'EndTxn');
    expect(ends.map(({ body }) => body)).toMatchObject([{ commit: false }, { commit: false }]);
  });
});

test('an abort waits for the markers of the one before, but not for long', async () => {
  const { producer, turns, script } = await scriptedCluster(2);
  const stuck = { error: notEnoughReplicas };
  script('Produce', ...Array<Scripted>(10).fill(stuck));
  const missing = { answer: { throttleMs: 0, error: 0, state: 'PrepareAbort' } };
  script('DescribeTransactions', ...Array<Scripted>(1_000).fill(missing));
  const abort = () =>
    expect(producer.append([record(0)], () => [], { troubleAfterMs: 0 })).rejects.toThrow(
      AbortedError,
    );
  await abort();
  expect(turns().at(-1)).toBe('EndTxn of a');
  const aborted = abort();
  await vi.waitFor(() => expect(turns().at(-1)).toBe('DescribeTransactions of a'));
  await vi.advanceTimersByTimeAsync(1_000);
  await aborted;
  expect(turns().at(-1)).toBe('EndTxn of b');
});

test('an abort does not wait for a coordinator that gives no answer', async () => {
  const { producer, turns, script } = await scriptedCluster(2);
  script('Produce', ...Array<Scripted>(10).fill({ error: notEnoughReplicas }));
  script('DescribeTransactions', { after: new Promise(() => {}) });
  const abort = () =>
    expect(producer.append([record(0)], () => [], { troubleAfterMs: 0 })).rejects.toThrow(
      AbortedError,
    );
  await abort();
  const aborted = abort();
  await vi.waitFor(() => expect(turns().at(-1)).toBe('DescribeTransactions of a'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(turns().at(-1)).toBe('EndTxn of b');
  await aborted;
});

test('a barrier does not wait where nobody may ask for the markers', async () => {
  const { producer, turns, script } = await scriptedCluster(2);
  const refused = { error: transactionalIdAuthorizationFailed };
  script('DescribeTransactions', ...Array<Scripted>(1_000).fill(refused));
  await producer.barrier([lane0]);
  const asked = turns().filter((turn) => turn.startsWith('DescribeTransactions'));
  expect(asked).toEqual(['DescribeTransactions of b', 'DescribeTransactions of a']);
});

describe('two names in rotation', () => {
  test('the next transaction goes under the other name', async () => {
    const { producer, turns } = await scriptedCluster();
    for (let number = 0; number < 3; number++) await producer.append([record(0)]);
    const begun = turns().filter((turn) => turn.startsWith('AddPartitionsToTxn'));
    expect(begun).toEqual(['a', 'b', 'a'].map((name) => `AddPartitionsToTxn of ${name}`));
  });

  test('a transaction of the other name begins once the last was answered', async () => {
    const { producer, turns, script } = await scriptedCluster();
    const ends = Promise.withResolvers<void>();
    script('EndTxn of a', { after: ends.promise });
    const first = producer.append([record(0)]);
    await vi.waitFor(() => expect(turns().at(-1)).toBe('EndTxn of a'));
    await expect(producer.append([record(0)])).rejects.toThrow('two calls at once');
    expect(turns().at(-1)).toBe('EndTxn of a');
    ends.resolve();
    await first;
    await producer.append([record(0)]);
    expect(turns().at(-1)).toBe('EndTxn of b');
  });

  test('a name that is still ending its last transaction is passed over', async () => {
    const { producer, turns, script } = await scriptedCluster();
    const busy = { error: concurrentTransactions };
    script('AddPartitionsToTxn of a', busy, busy, busy, busy);
    await producer.append([record(0)]);
    await producer.append([record(0)]);
    const produced = turns().filter((turn) => turn.startsWith('Produce'));
    expect(produced).toEqual(['Produce of b', 'Produce of b']);
  });

  test.each(['a', 'b'])('a doubt about name %s spends both', async (name) => {
    const { producer, sent, script } = await scriptedCluster();
    script(`EndTxn of ${name}`, lost());
    if (name === 'b') await producer.append([record(0)]);
    await refusalOf(producer.append([record(0)]));
    const before = sent.length;
    await refusalOf(producer.append([record(0)]));
    await refusalOf(producer.append([record(0)]));
    await refusalOf(producer.barrier([lane0]));
    expect(sent).toHaveLength(before);
  });

  test.each(['a', 'b'])('a barrier fails, and says so, when only %s is fenced', async (name) => {
    const { producer, sent, script } = await scriptedCluster();
    script(`Produce of ${name}`, { error: invalidProducerEpoch });
    expect((await refusalOf(producer.barrier([lane0]))).fenced).toBe(true);
    const before = sent.length;
    await refusalOf(producer.append([record(0)]));
    expect(sent).toHaveLength(before);
  });
});

describe.each(protocols)(
  'in protocol %s, requests answered with "not now" are repeated',
  (protocol) => {
    test('only the lanes that failed, after all have settled, with the same sequence', async () => {
      const { producer, produced, script } = await scriptedCluster(protocol);
      // Of the name's second transaction, in which the numbers of the first protocol go on.
      const next = protocol === 1 ? 1 : 0;
      await producer.append([record(0), record(1)]);
      await producer.append([record(0), record(1)]);
      script('Produce@2', { error: notEnoughReplicas }, { error: notEnoughReplicas }, {});
      await producer.append([record(0), record(1)]);
      expect(produced().slice(4)).toEqual([
        { by: 'a', to: 1, lanes: [[0, next]] },
        { by: 'a', to: 2, lanes: [[1, next]] },
        { by: 'a', to: 2, lanes: [[1, next]] },
        { by: 'a', to: 2, lanes: [[1, next]] },
      ]);
    });

    test('nothing is repeated while another leader has yet to answer', async () => {
      const { producer, produced, script } = await scriptedCluster(protocol);
      const slow = Promise.withResolvers<void>();
      script('Produce@1', { error: notEnoughReplicas });
      script('Produce@2', { after: slow.promise });
      const appended = producer.append([record(0), record(1)]);
      await vi.waitFor(() => expect(produced()).toHaveLength(2));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(produced()).toHaveLength(2);
      slow.resolve();
      await vi.advanceTimersByTimeAsync(1_000);
      await appended;
      expect(produced()).toHaveLength(3);
    });

    test('at the new leader, once fresh metadata names it', async () => {
      const { producer, produced, script, move } = await scriptedCluster(protocol);
      script('Produce@1', { error: notLeader });
      move(0, 2);
      await producer.append([record(0), record(1)]);
      expect(produced().at(-1)).toEqual({ by: 'a', to: 2, lanes: [[0, 0]] });
    });

    test('a Produce that never left is sent again', async () => {
      const { producer, names, script } = await scriptedCluster(protocol);
      script('Produce', notSent());
      await producer.append([record(0)]);
      const begun = protocol === 1 ? ['AddPartitionsToTxn'] : [];
      expect(names()).toEqual([...begun, 'Produce', 'Produce', 'EndTxn']);
    });

    test('the coordinator is asked again while the last transaction is still ending', async () => {
      const { producer, names, script } = await scriptedCluster(protocol);
      const busy = { error: concurrentTransactions };
      script('AddPartitionsToTxn', busy, busy);
      script('EndTxn', busy, { error: notCoordinator }, notSent());
      await producer.append([record(0)]);
      const begins = names().filter((name) => name === 'AddPartitionsToTxn');
      expect(begins).toHaveLength(protocol === 1 ? 3 : 0);
      expect(names().filter((name) => name === 'EndTxn')).toHaveLength(4);
    });

    test('a batch that the broker already has, and knows where, counts as appended', async () => {
      const { producer, script } = await scriptedCluster(protocol);
      const has = { topic: 'parcels', lane: 0, error: duplicateSequenceNumber, baseOffset: 55 };
      script('Produce', { error: notEnoughReplicas }, { answer: { lanes: [has] } });
      expect(await producer.append([record(0)])).toEqual([55]);
    });
  },
);

describe.each(protocols)('in protocol %s, in doubt: the producer is spent', (protocol) => {
  const elsewhere = { topic: 'parcels', lane: 9, error: 0, baseOffset: 1 };
  const doubts: [what: string, where: string, scripted: Scripted][] = [
    ['the answer to Produce is lost', 'Produce', lost()],
    ['one leader of two answers nothing', 'Produce@2', lost()],
    ['a lane is refused for good', 'Produce@1', { error: messageTooLarge }],
    ['the broker has the batch but not its offset', 'Produce', { error: duplicateSequenceNumber }],
    ['an answer leaves a lane out', 'Produce', { answer: { lanes: [] } }],
    ['an answer names another lane', 'Produce@1', { answer: { lanes: [elsewhere] } }],
    ['an answer names a lane twice', 'Produce', { duplicate: true }],
  ];
  test.each(doubts)('%s', async (_what, where, scripted) => {
    const { producer, names, script } = await scriptedCluster(protocol);
    script(where, scripted);
    await refusalOf(producer.append([record(0), record(1)]));
    expect(names()).not.toContain('EndTxn');
    const before = names().length;
    expect((await refusalOf(producer.append([record(0)]))).message).toContain('spent');
    await refusalOf(producer.barrier([lane0]));
    expect(names()).toHaveLength(before);
  });

  test('records that came meanwhile are of a lane that it did not begin with', async () => {
    const { producer, names } = await scriptedCluster(protocol);
    await refusalOf(producer.append([record(0)], () => [record(1)]));
    expect(names()).not.toContain('Produce');
    await refusalOf(producer.append([record(0)]));
  });

  test('the answer to EndTxn is lost: it is never sent twice', async () => {
    const { producer, names, script } = await scriptedCluster(protocol);
    script('EndTxn', lost());
    const { fenced } = await refusalOf(producer.append([record(0)]));
    expect(fenced).toBe(false);
    await refusalOf(producer.append([record(0)]));
    expect(names().filter((name) => name === 'EndTxn')).toHaveLength(1);
  });

  const asked =
    protocol === 1 ? ['AddPartitionsToTxn', 'Produce', 'EndTxn'] : ['Produce', 'EndTxn'];
  test.each(asked)('%s says it is fenced', async (where) => {
    const { producer, script } = await scriptedCluster(protocol);
    script(where, { error: invalidProducerEpoch });
    expect((await refusalOf(producer.append([record(0)]))).fenced).toBe(true);
    expect((await refusalOf(producer.append([record(0)]))).fenced).toBe(true);
  });

  test('repeats run out before the broker ends the transaction itself', async () => {
    const { producer, script, names } = await scriptedCluster(protocol);
    const never = Array.from({ length: 1_000 }, () => ({ error: notEnoughReplicas }));
    script('Produce', ...never);
    const refused = refusalOf(producer.append([record(0)]));
    await vi.advanceTimersByTimeAsync(9_000);
    expect((await refused).message).toContain('time ran out');
    expect(names()).not.toContain('EndTxn');
  });

  test('a closed producer appends nothing', async () => {
    const { producer, names } = await scriptedCluster(protocol);
    await producer.close();
    await refusalOf(producer.append([record(0)]));
    expect(names()).toEqual([]);
  });
});

test('the answer to AddPartitionsToTxn is lost: it is in doubt', async () => {
  const { producer, names, script } = await scriptedCluster();
  script('AddPartitionsToTxn', lost());
  await refusalOf(producer.append([record(0)]));
  await refusalOf(producer.append([record(0)]));
  expect(names()).toEqual(['AddPartitionsToTxn']);
});

test('two calls at once are a mistake of the caller and harm nothing', async () => {
  const { producer, names } = await scriptedCluster();
  const first = producer.append([record(0)]);
  await expect(producer.append([record(0)])).rejects.toThrow('two calls at once');
  await expect(first).resolves.toEqual([100]);
  await producer.append([record(0)]);
  expect(names().filter((name) => name === 'EndTxn')).toHaveLength(2);
});
