import { describe, expect, test } from 'vitest';
import { committedOf } from './committed.ts';
import type { LaneReadError } from './log.ts';
import { encodeBatch } from './record-batch.ts';
import type { FetchedLane } from './requests.ts';

const controlAndTransactional = 48;
const abortMarker = Buffer.from([0, 0, 0, 0]);
const commitMarker = Buffer.from([0, 0, 0, 1]);

/** A batch of one producer, placed in the log; a marker is a control batch with a four-byte key. */
const batch = (first: number, producerId: bigint, values: string[], key = 'k'): Buffer => {
  const identity = { transactionalId: 't', producerId, epoch: 0 };
  const records = values.map((value) => ({ key, value: Buffer.from(value), timestamp: 1 }));
  const bytes = encodeBatch(records, identity, 0);
  bytes.writeBigInt64BE(BigInt(first));
  return bytes;
};
const marker = (first: number, producerId: bigint, key: Buffer): Buffer => {
  const bytes = batch(first, producerId, [''], key.toString('latin1'));
  bytes.writeInt16BE(controlAndTransactional, 21);
  return bytes;
};

const fetched = (
  batches: Buffer[],
  { aborted = [], lastStable = 1_000 }: Partial<Omit<FetchedLane, 'batches'>> = {},
): FetchedLane => ({
  topic: 'parcels',
  lane: 0,
  error: 0,
  first: 0,
  lastStable,
  aborted,
  batches: Buffer.concat(batches),
});

const read = (answer: FetchedLane, from = 0, end = Number.POSITIVE_INFINITY) => {
  const { records, next } = committedOf(answer, from, end);
  return { values: records.map(({ value }) => String(value)), next };
};

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as LaneReadError).code;
  }
  return 'none';
};

describe('aborted records are never seen', () => {
  test('of several transactions that are open at once below the first batch', () => {
    const batches = [
      batch(10, 2n, ['aborted 2']),
      batch(11, 1n, ['aborted 1']),
      batch(12, 3n, ['kept']),
      marker(13, 2n, abortMarker),
      marker(14, 1n, abortMarker),
      marker(15, 3n, commitMarker),
      batch(16, 1n, ['kept too']),
    ];
    const aborted = [
      { producerId: 2n, first: 4 },
      { producerId: 1n, first: 3 },
    ];
    expect(read(fetched(batches, { aborted }), 10)).toEqual({
      values: ['kept', 'kept too'],
      next: 17,
    });
  });

  test('though a key of four zero bytes looks like an abort marker', () => {
    const batches = [batch(0, 1n, ['aborted'], '\0\0\0\0'), batch(1, 1n, ['aborted too'])];
    const aborted = [{ producerId: 1n, first: 0 }];
    expect(read(fetched(batches, { aborted }))).toEqual({ values: [], next: 2 });
  });

  test('of a producer that aborts, commits and aborts again', () => {
    const batches = [
      batch(0, 1n, ['a']),
      marker(1, 1n, abortMarker),
      batch(2, 1n, ['b']),
      marker(3, 1n, commitMarker),
      batch(4, 1n, ['c']),
      marker(5, 1n, abortMarker),
    ];
    const aborted = [
      { producerId: 1n, first: 0 },
      { producerId: 1n, first: 4 },
    ];
    expect(read(fetched(batches, { aborted }))).toEqual({ values: ['b'], next: 6 });
  });
});

describe('how far it reads', () => {
  const log = [
    batch(0, 1n, ['a', 'b', 'c']),
    marker(3, 1n, commitMarker),
    batch(4, 1n, ['d', 'e']),
  ];

  test('over a marker at the end', () => {
    expect(read(fetched(log.slice(0, 2)))).toEqual({ values: ['a', 'b', 'c'], next: 4 });
  });

  test('exactly up to a given end, within a batch too', () => {
    expect(read(fetched(log), 0, 2)).toEqual({ values: ['a', 'b'], next: 2 });
    expect(read(fetched(log), 0, 5)).toEqual({ values: ['a', 'b', 'c', 'd'], next: 5 });
  });

  test('never past the last stable offset', () => {
    expect(read(fetched(log, { lastStable: 4 }))).toEqual({ values: ['a', 'b', 'c'], next: 4 });
  });

  test('from the middle of a batch', () => {
    expect(read(fetched(log), 1)).toEqual({ values: ['b', 'c', 'd', 'e'], next: 6 });
  });
});

describe('lost records stop the lane', () => {
  test('before the first batch, between batches, and inside one', () => {
    const short = batch(0, 1n, ['a', 'b']);
    short.writeInt32BE(1, 57);
    expect(codeOf(() => read(fetched([batch(5, 1n, ['a'])]), 4))).toBe('hole');
    expect(codeOf(() => read(fetched([batch(0, 1n, ['a']), batch(2, 1n, ['b'])])))).toBe('hole');
    expect(codeOf(() => read(fetched([short])))).toBe('hole');
  });

  test('so do bytes that are no records', () => {
    const strange = batch(0, 1n, ['a']);
    strange.writeInt8(1, 16);
    expect(codeOf(() => read(fetched([strange])))).toBe('unreadable');
  });
});
