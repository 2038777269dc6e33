/**
 * Kafka's wire types, as far as requests and record batches need them. "Compact" ones are those of
 * newer ("flexible") versions of requests: lengths are varints and count from one, 0 being null.
 */
export class Writer {
  #buffer: Buffer;
  #end = 0;

  constructor(size = 512) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** A view: what is written later may or may not show in it. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }

  get length(): number {
    return this.#end;
  }

  clear(): void {
    this.#end = 0;
  }

  int8(value: number): this {
    const at = this.#grow(1);
    this.#buffer[at] = value;
    return this;
  }

  int16(value: number): this {
    const at = this.#grow(2);
    this.#buffer.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#grow(4);
    this.#buffer.writeInt32BE(value, at);
    return this;
  }

  uint32(value: number): this {
    const at = this.#grow(4);
    this.#buffer.writeUInt32BE(value, at);
    return this;
  }

  /** Exact up to 2^53, which offsets and milliseconds never pass. */
  int64(value: number | bigint): this {
    const at = this.#grow(8);
    if (typeof value === 'bigint') this.#buffer.writeBigInt64BE(value, at);
    else {
      this.#buffer.writeInt32BE(Math.floor(value / 2 ** 32), at);
      this.#buffer.writeUInt32BE(value >>> 0, at + 4);
    }
    return this;
  }

  string(value: string): this {
    const length = Buffer.byteLength(value);
    this.int16(length);
    const at = this.#grow(length);
    this.#buffer.write(value, at);
    return this;
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Zigzag, as in records; exact up to 2^52. */
  varint(value: number): this {
    return this.uvarint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  uvarint(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.int8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.int8(rest);
  }

  compactString(value: string): this {
    return this.compactSized(Buffer.from(value));
  }

  compactArray<T>(items: readonly T[], write: (item: T) => void): this {
    this.uvarint(items.length + 1);
    for (const item of items) write(item);
    return this;
  }

  compactSized(bytes: Buffer): this {
    return this.uvarint(bytes.length + 1).raw(bytes);
  }

  /** Ends a structure of a flexible version. */
  noTags(): this {
    return this.int8(0);
  }

  raw(bytes: Buffer): this {
    const at = this.#grow(bytes.length);
    bytes.copy(this.#buffer, at);
    return this;
  }

  /** `bytes` after its length as a 32-bit integer. */
  sized(bytes: Buffer): this {
    return this.int32(bytes.length).raw(bytes);
  }

  #grow(by: number): number {
    const at = this.#end;
    this.#end += by;
    if (this.#end > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#end, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    return at;
  }
}

export class Reader {
  readonly buffer: Buffer;
  at: number;

  constructor(buffer: Buffer, at = 0) {
    this.buffer = buffer;
    this.at = at;
  }

  int8(): number {
    return this.buffer.readInt8(this.at++);
  }

  int16(): number {
    this.at += 2;
    return this.buffer.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.buffer.readInt32BE(this.at - 4);
  }

  /** Offsets and milliseconds: exact up to 2^53. */
  int64(): number {
    this.at += 8;
    const { buffer, at } = this;
    return buffer.readInt32BE(at - 8) * 2 ** 32 + buffer.readUInt32BE(at - 4);
  }

  /** Producer ids, which are only passed on and compared. */
  bigint64(): bigint {
    this.at += 8;
    return this.buffer.readBigInt64BE(this.at - 8);
  }

  string(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    this.at += length;
    return this.buffer.toString('utf8', this.at - length, this.at);
  }

  /** A view of the bytes after a 32-bit length; shares memory with the answer. */
  sized(): Buffer {
    const length = Math.max(this.int32(), 0);
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }

  array<T>(read: () => T): T[] {
    const length = Math.max(this.int32(), 0);
    return Array.from({ length }, read);
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 0x80) {
      const byte = this.int8() & 0xff;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  }

  compactString(): string | null {
    const length = this.uvarint() - 1;
    if (length < 0) return null;
    this.at += length;
    return this.buffer.toString('utf8', this.at - length, this.at);
  }

  compactArray<T>(read: () => T): T[] {
    const length = Math.max(this.uvarint() - 1, 0);
    return Array.from({ length }, read);
  }

  /** Passes over the tagged fields at the end of a structure, except those that have a reader. */
  tags(readers: Record<number, () => void> = {}): void {
    for (let count = this.uvarint(); count > 0; count--) {
      const tag = this.uvarint();
      const end = this.uvarint() + this.at;
      readers[tag]?.();
      this.at = end;
    }
  }
}
