import { gunzipSync } from 'node:zlib';
import type { LogRecord, Offset, TopicLane } from './log.ts';
import type { ProducerIdentity } from './requests.ts';
import { Reader, Writer } from './wire.ts';
import { unzstd, zstd } from './zstd.ts';

/**
 * Record batches, format 2. kafkajs's decoder makes a decoder per record and a Long per number,
 * and copies the headers once per header; this one walks the bytes once.
 */
const headerBytes = 61;
const crcFrom = 21;
const transactionalBit = 16;
const controlBit = 32;
const logAppendTimeBit = 8;
const gzipCodec = 1;
const zstdCodec = 4;
/** Below this zstd costs every reader more time than it saves space. */
const compressFromBytes = 2048;

export type RecordToEncode = {
  key: string;
  value: Buffer | null;
  timestamp: number;
  headers?: Record<string, string>;
};

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli); node:zlib only has the other one. */
export const crc32c = (bytes: Buffer): number => {
  let crc = -1;
  for (let at = 0; at < bytes.length; at++) {
    crc = (crcTable[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return (crc ^ -1) >>> 0;
};

const writeText = (writer: Writer, text: string): void => {
  const bytes = Buffer.from(text);
  writer.varint(bytes.length).raw(bytes);
};

const encodeRecords = (records: readonly RecordToEncode[], firstTimestamp: number): Buffer => {
  const all = new Writer(records.length * 256);
  const one = new Writer(512);
  records.forEach(({ key, value, timestamp, headers }, index) => {
    one.clear();
    one
      .int8(0)
      .varint(timestamp - firstTimestamp)
      .varint(index);
    writeText(one, key);
    if (value) one.varint(value.length).raw(value);
    else one.varint(-1);
    const entries = headers ? Object.entries(headers) : [];
    one.varint(entries.length);
    for (const [name, text] of entries) {
      writeText(one, name);
      writeText(one, text);
    }
    all.varint(one.length).raw(one.bytes);
  });
  return all.bytes;
};

/** Stands in batches that are no producer's, outside of transactions. */
const noProducer = { producerId: -1n, epoch: -1 };
const noSequence = -1;

/** One transactional batch with idempotent sequence numbers, in the order given. */
export const encodeBatch = (
  records: readonly RecordToEncode[],
  identity: ProducerIdentity,
  firstSequence: number,
): Buffer => encode(records, { ...identity, firstSequence, attributes: transactionalBit });

/** One batch outside of transactions: whoever repeats it appends it twice. */
export const encodePlainBatch = (records: readonly RecordToEncode[]): Buffer =>
  encode(records, { ...noProducer, firstSequence: noSequence, attributes: 0 });

type BatchHeader = {
  producerId: bigint;
  epoch: number;
  firstSequence: number;
  attributes: number;
};

const encode = (
  records: readonly RecordToEncode[],
  { producerId, epoch, firstSequence, attributes }: BatchHeader,
): Buffer => {
  const firstTimestamp = records[0]?.timestamp ?? 0;
  const plain = encodeRecords(records, firstTimestamp);
  const compressed = plain.length >= compressFromBytes;
  const body = compressed ? zstd(plain) : plain;
  const batch = new Writer(headerBytes + body.length)
    .int64(0) // the broker sets the offset
    .int32(headerBytes - 12 + body.length)
    .int32(-1) // leader epoch, the broker's too
    .int8(2)
    .uint32(0) // the checksum's place
    .int16(attributes | (compressed ? zstdCodec : 0))
    .int32(records.length - 1)
    .int64(firstTimestamp)
    .int64(records.reduce((latest, { timestamp }) => Math.max(latest, timestamp), firstTimestamp))
    .int64(producerId)
    .int16(epoch)
    .int32(firstSequence)
    .int32(records.length)
    .raw(body).bytes;
  batch.writeUInt32BE(crc32c(batch.subarray(crcFrom)), crcFrom - 4);
  return batch;
};

export type Batch = {
  first: Offset;
  last: Offset;
  producerId: bigint;
  transactional: boolean;
  control: boolean;
  /** How many records it says it holds. */
  count: number;
  attributes: number;
  firstTimestamp: number;
  maxTimestamp: number;
  body: Buffer;
};

/** The batches of a fetch answer; one that was cut off at the end is left out. */
export function* batchesOf(bytes: Buffer): Generator<Batch> {
  const reader = new Reader(bytes);
  while (bytes.length - reader.at >= headerBytes) {
    const start = reader.at;
    const first = reader.int64();
    const end = start + 12 + reader.int32();
    if (end > bytes.length) return;
    reader.at = start + 16;
    const magic = reader.int8();
    if (magic !== 2) throw new Error(`a record batch has format ${magic}; only 2 is known`);
    reader.at = start + crcFrom;
    const attributes = reader.int16();
    yield {
      first,
      last: first + reader.int32(),
      attributes,
      transactional: (attributes & transactionalBit) !== 0,
      control: (attributes & controlBit) !== 0,
      firstTimestamp: reader.int64(),
      maxTimestamp: reader.int64(),
      producerId: reader.bigint64(),
      count: bytes.readInt32BE(start + headerBytes - 4),
      body: bytes.subarray(start + headerBytes, end),
    };
    reader.at = end;
  }
}

const plainBody = ({ attributes, body }: Batch): Buffer => {
  const codec = attributes & 7;
  if (codec === 0) return body;
  if (codec === zstdCodec) return unzstd(body);
  if (codec === gzipCodec) return gunzipSync(body);
  throw new Error(`a record batch is compressed with codec ${codec}; zstd and gzip are known`);
};

/** An abort marker, as against a commit marker: the second number of a control record's key. */
export const isAbortMarker = (batch: Batch): boolean => {
  const cursor = new Cursor(plainBody(batch));
  cursor.skipToKey();
  const key = cursor.bytes();
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
};

const noHeaders: Record<string, Buffer | undefined> = Object.freeze({});

/**
 * Adds the records of a batch that lie in `from` ≤ offset < `to`.
 * @returns how many bytes they keep alive.
 */
export const decodeRecords = (
  batch: Batch,
  { topic, lane }: TopicLane,
  { from, to }: { from: Offset; to: Offset },
  into: LogRecord[],
): number => {
  const body = plainBody(batch);
  const cursor = new Cursor(body);
  const appendTime = (batch.attributes & logAppendTimeBit) !== 0;
  for (let index = 0; index < batch.count; index++) {
    const length = cursor.varint();
    const end = cursor.at + length;
    cursor.at += 1; // attributes, unused
    const delta = cursor.varint();
    const offset = batch.first + cursor.varint();
    if (offset >= to) break;
    if (offset >= from) {
      const key = cursor.bytes();
      const value = cursor.bytes();
      const timestamp = appendTime ? batch.maxTimestamp : batch.firstTimestamp + delta;
      const headers = body[cursor.at] === 0 ? noHeaders : cursor.headers();
      into.push({ topic, lane, offset, key, value, timestamp, headers });
    }
    cursor.at = end;
  }
  return body.length;
};

class Cursor {
  readonly #body: Buffer;
  at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** Zigzag. Four bytes in the fast path: lengths and most deltas; beyond, exact up to 2^52. */
  varint(): number {
    const body = this.#body;
    let byte = body[this.at++] as number;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let low = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = body[this.at++] as number;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    let rest = low;
    for (let unit = 2 ** 28; byte >= 0x80; unit *= 0x80) {
      byte = body[this.at++] as number;
      rest += (byte & 0x7f) * unit;
    }
    return rest % 2 === 0 ? rest / 2 : -(rest + 1) / 2;
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.#body.subarray(this.at - length, this.at);
  }

  skipToKey(): void {
    this.varint(); // length
    this.at += 1;
    this.varint(); // timestamp
    this.varint(); // offset
  }

  headers(): Record<string, Buffer | undefined> {
    const headers: Record<string, Buffer | undefined> = {};
    const count = this.varint();
    for (let index = 0; index < count; index++) {
      const name = this.bytes()?.toString() ?? '';
      headers[name] = this.bytes() ?? undefined;
    }
    return headers;
  }
}
