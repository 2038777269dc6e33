import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Address } from './cluster.ts';
import { LostAnswerError, NotSentError, type Wires } from './connections.ts';
import { InDoubtError, type RecordToAppend, type TopicLane } from './log.ts';
import type { Routes } from './metadata.ts';
import type { Request } from './requests.ts';
import { Transactions } from './transaction.ts';

const concurrentTransactions = 51;
const notLeader = 6;
const notEnoughReplicas = 19;
const messageTooLarge = 10;
const duplicateSequenceNumber = 46;
const invalidProducerEpoch = 47;
const notCoordinator = 16;

type Sent = { name: string; to: number; body: unknown };
type Batches = (TopicLane & { firstSequence: number })[];
type LaneAnswer = TopicLane & { error: number; baseOffset: number };
type Scripted = {
  error?: number;
  answer?: unknown;
  throws?: Error;
  duplicate?: boolean;
  after?: Promise<void>;
};

/** Brokers 1 and 2 lead even and odd lanes, until a lane is moved. */
const stubbedCluster = () => {
  const sent: Sent[] = [];
  const scripts = new Map<string, Scripted[]>();
  const leaders = new Map<number, number>();
  const moves = new Map<number, number>();
  const nextOffset = new Map<string, number>();

  const leaderOf = (lane: number): number => leaders.get(lane) ?? (lane % 2) + 1;

  const answerTo = (name: string, body: unknown, scripted: Scripted = {}): unknown => {
    if (scripted.throws) throw scripted.throws;
    if (scripted.answer) return scripted.answer;
    const error = scripted.error ?? 0;
    if (name === 'EndTxn') return { throttleMs: 0, error };
    if (name === 'AddPartitionsToTxn') {
      const lanes = (body as { lanes: TopicLane[] }).lanes;
      return { throttleMs: 0, lanes: lanes.map((lane) => ({ ...lane, error })) };
    }
    const lanes = (body as { batches: Batches }).batches.map(({ topic, lane }): LaneAnswer => {
      const baseOffset = error === 0 ? (nextOffset.get(`${topic}/${lane}`) ?? 100) : -1;
      return { topic, lane, error, baseOffset };
    });
    return { throttleMs: 0, lanes: scripted.duplicate ? [...lanes, ...lanes] : lanes };
  };

  const send = async (to: Address, { name, body }: Request<{ throttleMs: number }>) => {
    sent.push({ name, to: to.port, body });
    // A script holds for one broker or for all; requests without a script succeed.
    const script = scripts.get(`${name}@${to.port}`) ?? scripts.get(name);
    const scripted = script?.shift();
    await scripted?.after;
    return answerTo(name, body, scripted);
  };
  const routes: Routes = {
    leader: ({ lane }) => {
      const node = leaderOf(lane);
      return { node, epoch: 1, host: 'broker', port: node };
    },
    refresh: async () => {
      for (const [lane, to] of moves) leaders.set(lane, to);
    },
    coordinator: async () => ({ host: 'broker', port: 3 }),
  };
  const identity = { transactionalId: 'lane-0', producerId: 7n, epoch: 1 };
  return {
    producer: new Transactions(identity, { send, close: async () => {} } as Wires, routes),
    sent,
    names: () => sent.map(({ name }) => name),
    produced: () =>
      sent
        .filter(({ name }) => name === 'Produce')
        .map(({ to, body }) => {
          const { batches } = body as { batches: Batches };
          return { to, lanes: batches.map(({ lane, firstSequence }) => [lane, firstSequence]) };
        }),
    script: (where: string, ...answers: Scripted[]) => scripts.set(where, answers),
    /** Known from the next refresh of the metadata on. */
    move: (lane: number, to: number) => moves.set(lane, to),
    offset: (at: string, offset: number) => nextOffset.set(at, offset),
  };
};

const record = (lane: number): RecordToAppend => ({
  topic: 'parcels',
  lane,
  key: 'm1',
  value: Buffer.from('added'),
  timestamp: 1,
});

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
    const { producer, names, offset } = stubbedCluster();
    offset('parcels/0', 40);
    offset('parcels/1', 70);
    const offsets = await producer.append([record(1), record(0), record(1), record(0)]);
    expect(offsets).toEqual([70, 40, 71, 41]);
    expect(names()).toEqual(['AddPartitionsToTxn', 'Produce', 'Produce', 'EndTxn']);
  });

  test('goes on with the sequence numbers of the one before, lane by lane', async () => {
    const { producer, produced } = stubbedCluster();
    await producer.append([record(0), record(0), record(2)]);
    await producer.barrier([{ topic: 'parcels', lane: 0 }]);
    await producer.append([record(0), record(2)]);
    expect(produced().map(({ lanes }) => lanes)).toEqual([
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
  });

  test('takes in records that came while it began, after the others', async () => {
    const { producer, names, produced, script } = stubbedCluster();
    const begins = Promise.withResolvers<void>();
    script('AddPartitionsToTxn', { after: begins.promise });
    const came: RecordToAppend[] = [];
    const appended = producer.append([record(0), record(1)], () => came);
    came.push(record(1), record(1), record(0));
    begins.resolve();
    expect(await appended).toEqual([100, 100, 101, 102, 101]);
    expect(names()).toEqual(['AddPartitionsToTxn', 'Produce', 'Produce', 'EndTxn']);
    await producer.append([record(0), record(1)]);
    expect(
      produced()
        .slice(2)
        .map(({ lanes }) => lanes),
    ).toEqual([[[0, 2]], [[1, 3]]]);
  });

  test('has nothing to send when nothing is appended', async () => {
    const { producer, names } = stubbedCluster();
    expect(await producer.append([])).toEqual([]);
    expect(names()).toEqual([]);
  });

  test('a barrier ends with an abort', async () => {
    const { producer, sent } = stubbedCluster();
    await producer.barrier([{ topic: 'parcels', lane: 0 }]);
    expect(sent.at(-1)).toMatchObject({ name: 'EndTxn', body: { commit: false } });
  });
});

describe('requests answered with "not now" are repeated', () => {
  test('only the lanes that failed, after all have settled, with the same sequence', async () => {
    const { producer, produced, script } = stubbedCluster();
    await producer.append([record(0), record(1)]);
    script('Produce@2', { error: notEnoughReplicas }, { error: notEnoughReplicas }, {});
    await producer.append([record(0), record(1)]);
    expect(produced().slice(2)).toEqual([
      { to: 1, lanes: [[0, 1]] },
      { to: 2, lanes: [[1, 1]] },
      { to: 2, lanes: [[1, 1]] },
      { to: 2, lanes: [[1, 1]] },
    ]);
  });

  test('nothing is repeated while another leader has yet to answer', async () => {
    const { producer, produced, script } = stubbedCluster();
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
    const { producer, produced, script, move } = stubbedCluster();
    script('Produce@1', { error: notLeader });
    move(0, 2);
    await producer.append([record(0), record(1)]);
    expect(produced().at(-1)).toEqual({ to: 2, lanes: [[0, 0]] });
  });

  test('a Produce that never left is sent again', async () => {
    const { producer, names, script } = stubbedCluster();
    script('Produce', notSent());
    await producer.append([record(0)]);
    expect(names()).toEqual(['AddPartitionsToTxn', 'Produce', 'Produce', 'EndTxn']);
  });

  test('the coordinator is asked again while the last transaction is still ending', async () => {
    const { producer, names, script } = stubbedCluster();
    const busy = { error: concurrentTransactions };
    script('AddPartitionsToTxn', busy, busy);
    script('EndTxn', busy, { error: notCoordinator }, notSent());
    await producer.append([record(0)]);
    expect(names().filter((name) => name === 'AddPartitionsToTxn')).toHaveLength(3);
    expect(names().filter((name) => name === 'EndTxn')).toHaveLength(4);
  });

  test('a batch that the broker already has, and knows where, counts as appended', async () => {
    const { producer, script } = stubbedCluster();
    const has = { topic: 'parcels', lane: 0, error: duplicateSequenceNumber, baseOffset: 55 };
    script('Produce', { error: notEnoughReplicas }, { answer: { lanes: [has] } });
    expect(await producer.append([record(0)])).toEqual([55]);
  });
});

describe('in doubt: never committed, and the producer is spent', () => {
  const elsewhere = { topic: 'parcels', lane: 9, error: 0, baseOffset: 1 };
  const doubts: [what: string, where: string, scripted: Scripted][] = [
    ['the answer to AddPartitionsToTxn is lost', 'AddPartitionsToTxn', lost()],
    ['the answer to Produce is lost', 'Produce', lost()],
    ['one leader of two answers nothing', 'Produce@2', lost()],
    ['a lane is refused for good', 'Produce@1', { error: messageTooLarge }],
    ['the broker has the batch but not its offset', 'Produce', { error: duplicateSequenceNumber }],
    ['an answer leaves a lane out', 'Produce', { answer: { lanes: [] } }],
    ['an answer names another lane', 'Produce@1', { answer: { lanes: [elsewhere] } }],
    ['an answer names a lane twice', 'Produce', { duplicate: true }],
  ];
  test.each(doubts)('%s', async (_what, where, scripted) => {
    const { producer, names, script } = stubbedCluster();
    script(where, scripted);
    await refusalOf(producer.append([record(0), record(1)]));
    expect(names()).not.toContain('EndTxn');
    const before = names().length;
    expect((await refusalOf(producer.append([record(0)]))).message).toContain('spent');
    await refusalOf(producer.barrier([{ topic: 'parcels', lane: 0 }]));
    expect(names()).toHaveLength(before);
  });

  test('records that came meanwhile are of a lane that it did not begin with', async () => {
    const { producer, names } = stubbedCluster();
    await refusalOf(producer.append([record(0)], () => [record(1)]));
    expect(names()).toEqual(['AddPartitionsToTxn']);
    await refusalOf(producer.append([record(0)]));
  });

  test('the answer to EndTxn is lost: it is never sent twice', async () => {
    const { producer, names, script } = stubbedCluster();
    script('EndTxn', lost());
    const { fenced } = await refusalOf(producer.append([record(0)]));
    expect(fenced).toBe(false);
    await refusalOf(producer.append([record(0)]));
    expect(names().filter((name) => name === 'EndTxn')).toHaveLength(1);
  });

  test.each(['AddPartitionsToTxn', 'Produce', 'EndTxn'])('%s says it is fenced', async (where) => {
    const { producer, script } = stubbedCluster();
    script(where, { error: invalidProducerEpoch });
    expect((await refusalOf(producer.append([record(0)]))).fenced).toBe(true);
    expect((await refusalOf(producer.append([record(0)]))).fenced).toBe(true);
  });

  test('repeats run out before the broker ends the transaction itself', async () => {
    const { producer, script, names } = stubbedCluster();
    const never = Array.from({ length: 1_000 }, () => ({ error: notEnoughReplicas }));
    script('Produce', ...never);
    const refused = refusalOf(producer.append([record(0)]));
    await vi.advanceTimersByTimeAsync(9_000);
    expect((await refused).message).toContain('time ran out');
    expect(names()).not.toContain('EndTxn');
  });

  test('a closed producer appends nothing', async () => {
    const { producer, names } = stubbedCluster();
    await producer.close();
    await refusalOf(producer.append([record(0)]));
    expect(names()).toEqual([]);
  });
});

test('two calls at once are a mistake of the caller and harm nothing', async () => {
  const { producer, names } = stubbedCluster();
  const first = producer.append([record(0)]);
  await expect(producer.append([record(0)])).rejects.toThrow('two calls at once');
  await expect(first).resolves.toEqual([100]);
  await producer.append([record(0)]);
  expect(names().filter((name) => name === 'EndTxn')).toHaveLength(2);
});
