import fc from 'fast-check';
import type { Event } from '#kernel/event.ts';
import {
  type AvroField,
  type AvroRecord,
  type AvroType,
  type EventSchema,
  sharedTypes,
} from '#schemas/load.ts';

/** Any event that fits its schema, for property tests. */
export function arbitraryEvent({ type, schema }: EventSchema): fc.Arbitrary<Event> {
  return arbitraryRecord(schema.fields).map(({ meta, ...data }) => {
    return { type, data, meta } as Event;
  });
}

const arbitraryRecord = (fields: readonly AvroField[]) =>
  fc.record(
    Object.fromEntries(fields.map((field) => [field.name, arbitrary(field.type)])),
    // Null-prototype objects are no plain objects.
    { noNullPrototype: true },
  ) as fc.Arbitrary<Record<string, unknown>>;

function arbitrary(type: AvroType): fc.Arbitrary<unknown> {
  if (Array.isArray(type)) return fc.oneof(...type.map(arbitrary));
  if (typeof type === 'string') return primitives[type] ?? arbitraryRecord(sharedType(type).fields);
  switch (type.type) {
    case 'array':
      return fc.array(arbitrary(type.items), { maxLength: 20 });
    case 'enum':
      return fc.constantFrom(...type.symbols);
    case 'long':
      return arbitraryLong;
    case 'record':
      return arbitraryRecord(type.fields);
  }
}

/** Only the first mention of a shared type is put in whole. */
const sharedType = (name: string) =>
  sharedTypes.find((type) => name === `${type.namespace}.${type.name}`) as AvroRecord;

/** avsc loses the last bit below -2^52, which no count or time of ours comes near. */
const arbitraryLong = fc.maxSafeInteger().map((long) => Math.trunc(long / 2) + 0);

const primitives: Record<string, fc.Arbitrary<unknown>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  int: fc.integer(),
  long: arbitraryLong,
  double: fc.double(),
  // A lone surrogate has no UTF-8; the validators at the edge refuse it.
  string: fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
};
