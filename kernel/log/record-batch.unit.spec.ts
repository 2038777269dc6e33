import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from './log.ts';
import {
  batchesOf,
  crc32c,
  decodeRecords,
  encodeBatch,
  type RecordToEncode,
} from './record-batch.ts';
import { Writer } from './wire.ts';

type TheirRecord = {
  offset: string;
  timestamp: string;
  key: Buffer;
  value: Buffer;
  headers: Record<string, Buffer>;
};
type TheirBatch = { records: TheirRecord[]; producerId: string; firstSequence: number };
const theirs = createRequire(import.meta.url);
const TheirDecoder = theirs('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const decodeTheirs = theirs('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: object,
) => Promise<TheirBatch>;

const identity = { transactionalId: 'lane-0', producerId: 4_711n, epoch: 3 };
const at = { topic: 'parcels', lane: 2 };
const everything = { from: 0, to: Number.POSITIVE_INFINITY };

const decoded = (bytes: Buffer, range = everything): LogRecord[] => {
  const records: LogRecord[] = [];
  for (const batch of batchesOf(bytes)) decodeRecords(batch, at, range, records);
  return records;
};

const anyRecord: fc.Arbitrary<RecordToEncode> = fc.record(
  {
    key: fc.string({ unit: 'grapheme' }),
    value: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    timestamp: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
    headers: fc.dictionary(fc.stringMatching(/^[a-z]{1,20}$/), fc.string()),
  },
  { requiredKeys: ['key', 'value', 'timestamp'] },
);
const anyRecords = fc.array(anyRecord, { minLength: 1, maxLength: 60 });

const record = (value: string, timestamp = 5): RecordToEncode => ({
  key: 'k',
  value: Buffer.from(value),
  timestamp,
});

describe('written records are read back', () => {
  test('record by record, compressed or not', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const found = decoded(encodeBatch(records, identity, 0));
        expect(found.map(({ offset }) => offset)).toEqual(records.map((_, index) => index));
        found.forEach((one, index) => {
          const { key, value, timestamp, headers = {} } = records[index] as RecordToEncode;
          const texts = Object.entries(one.headers).map(([name, text]) => [name, `${text}`]);
          expect(String(one.key)).toBe(Buffer.from(key).toString());
          expect(one.value).toEqual(value);
          expect(one.timestamp).toBe(timestamp);
          expect(Object.fromEntries(texts)).toEqual(
            Object.fromEntries(Object.entries(headers).map(([n, t]) => [n, `${Buffer.from(t)}`])),
          );
        });
      }),
      { numRuns: 150 },
    );
  });

  test('by kafkajs too', async () => {
    const records = [
      record('first'),
      { ...record('second', 900), headers: { traceparent: '00-a' } },
    ];
    const batch = await decodeTheirs(new TheirDecoder(encodeBatch(records, identity, 12)));
    expect(batch).toMatchObject({ producerId: '4711', firstSequence: 12 });
    expect(batch.records.map(({ offset, timestamp }) => [offset, timestamp])).toEqual([
      ['0', '5'],
      ['1', '900'],
    ]);
    expect(batch.records.map(({ value }) => String(value))).toEqual(['first', 'second']);
    expect(String(batch.records[1]?.headers.traceparent)).toBe('00-a');
  });

  test('from an offset up to another', () => {
    const bytes = encodeBatch(
      ['a', 'b', 'c', 'd'].map((value) => record(value)),
      identity,
      0,
    );
    const values = decoded(bytes, { from: 1, to: 3 }).map(({ value }) => String(value));
    expect(values).toEqual(['b', 'c']);
  });

  test('up to the last whole batch, if the answer was cut off', () => {
    const whole = encodeBatch([record('whole')], identity, 0);
    const bytes = Buffer.concat([whole, whole.subarray(0, -1)]);
    expect(decoded(bytes)).toHaveLength(1);
    expect(decoded(whole.subarray(0, 40))).toHaveLength(0);
  });
});

test('numbers of any size keep their value', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (number) => {
      const writer = new Writer().int64(number);
      expect(Number(writer.bytes.readBigInt64BE())).toBe(number);
    }),
  );
});

test('the checksum is CRC-32C, not the CRC-32 of zlib', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32(Buffer.from('123456789'))).not.toBe(0xe3069283);
});
