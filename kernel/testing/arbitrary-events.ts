import fc from 'fast-check';
import type { Event } from '../event.ts';
import type { AvroRecord, AvroType, EventSchema } from '../schemas/event-schema.ts';

/** Any event that fits its schema, for property tests. */
export function arbitraryEvent({ type, schema }: EventSchema): fc.Arbitrary<Event> {
  return arbitraryRecord(schema, new Map()).map(({ meta, ...data }) => {
    return { type, data, meta } as Event;
  });
}

/** @param seen records by their full names: only a type's first mention has its definition. */
function arbitraryRecord(record: AvroRecord, seen: Map<string, AvroRecord>) {
  seen.set(`${record.namespace}.${record.name}`, record);
  return fc.record(
    Object.fromEntries(record.fields.map((field) => [field.name, arbitrary(field.type, seen)])),
    // Null-prototype objects are no plain objects.
    { noNullPrototype: true },
  ) as fc.Arbitrary<Record<string, unknown>>;
}

function arbitrary(type: AvroType, seen: Map<string, AvroRecord>): fc.Arbitrary<unknown> {
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => arbitrary(one, seen)));
  if (typeof type === 'string') {
    return primitives[type] ?? arbitraryRecord(seen.get(type) as AvroRecord, seen);
  }
  switch (type.type) {
    case 'array':
      return fc.array(arbitrary(type.items, seen), { maxLength: 20 });
    case 'enum':
      return fc.constantFrom(...type.symbols);
    case 'long':
      return arbitraryLong;
    case 'record':
      return arbitraryRecord(type, seen);
  }
}

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
