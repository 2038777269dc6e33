import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { Event } from '../event.ts';
import type { AvroRecord, EventSchema } from '../schemas/event-schema.ts';
import { arbitraryEvent } from '../testing/arbitrary-events.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { avroType } from './avro.ts';
import { EventType, headerBytes, WrittenForm } from './event-bytes.ts';

const schemaOf = (type: string) =>
  parcelSchemas.find((event) => event.type === type) as EventSchema;
const todayOf = (type: string) => new EventType(schemaOf(type), 'topic');

/** The event that today's code reads from these bytes. */
function read(today: EventType, bytes: Buffer, writer: AvroRecord = schemaOf(today.name).schema) {
  const form = new WrittenForm(today, avroType(writer));
  const meta = form.meta(bytes);
  expect(form.sequence(bytes)).toBe(meta.sequence);
  return { type: today.name, data: form.data(bytes), meta };
}

const parcelScanned = todayOf('ParcelScanned');
const encoded = () => parcelScanned.encode('topic', 1, parcelExamples.ParcelScanned);

describe('reading back', () => {
  it.each(Object.values(parcelExamples))('$type is as it was written', (example) => {
    const today = todayOf(example.type);
    expect(read(today, today.encode('topic', 1, example))).toStrictEqual(example);
  });

  it.each(parcelSchemas)('any $type is as it was written', (schema) => {
    const today = new EventType(schema, 'topic');
    fc.assert(
      fc.property(arbitraryEvent(schema), (event) => {
        expect(read(today, today.encode('topic', 1, event))).toStrictEqual(event);
      }),
      { numRuns: 200 },
    );
  });

  it('makes plain objects, which MongoDB stores and gives back unchanged', () => {
    const { data, meta } = read(parcelScanned, encoded());
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(meta)).toBe(Object.prototype);
    expect(BSON.deserialize(BSON.serialize(data as object))).toStrictEqual(data);
  });
});

describe('older schemas', () => {
  const { schema } = schemaOf('ParcelScanned');
  const without = (name: string): AvroRecord => ({
    ...schema,
    fields: schema.fields.filter((field) => field.name !== name),
  });

  it('a field that was added with a default has that default in older events', () => {
    const { previousScanAt: _, ...data } = parcelExamples.ParcelScanned.data;
    const older = new EventType(
      { ...schemaOf('ParcelScanned'), schema: without('previousScanAt') },
      't',
    );
    const bytes = older.encode('t', 1, { ...parcelExamples.ParcelScanned, data });
    expect(read(parcelScanned, bytes, without('previousScanAt'))).toStrictEqual({
      ...parcelExamples.ParcelScanned,
      data: { ...data, previousScanAt: null },
    });
  });

  it('a field that was added to meta has its default in older events too', () => {
    const [metaField, ...fields] = schema.fields;
    const meta = metaField?.type as AvroRecord;
    const olderMeta = {
      ...meta,
      fields: meta.fields.filter(({ name }) => name !== 'causationid'),
    };
    const olderSchema: AvroRecord = {
      ...schema,
      fields: [{ name: 'meta', type: olderMeta }, ...fields],
    };
    const { causationid: _, ...written } = parcelExamples.ParcelScanned.meta;
    const bytes = new EventType({ ...schemaOf('ParcelScanned'), schema: olderSchema }, 't').encode(
      't',
      1,
      { ...parcelExamples.ParcelScanned, meta: written as Event['meta'] },
    );
    expect(read(parcelScanned, bytes, olderSchema)).toStrictEqual({
      ...parcelExamples.ParcelScanned,
      meta: { ...written, causationid: null },
    });
  });

  it('a field that today’s schema no longer has is skipped', () => {
    const newer: AvroRecord = {
      ...schema,
      fields: [...schema.fields, { name: 'scanner', type: ['null', 'string'], default: null }],
    };
    const bytes = new EventType({ ...schemaOf('ParcelScanned'), schema: newer }, 't').encode(
      't',
      1,
      {
        ...parcelExamples.ParcelScanned,
        data: { ...parcelExamples.ParcelScanned.data, scanner: 's7' },
      },
    );
    expect(read(parcelScanned, bytes, newer)).toStrictEqual(parcelExamples.ParcelScanned);
  });

  it('an older schema is refused if it lacks a field that has no default today', () => {
    expect(() => new WrittenForm(parcelScanned, avroType(without('parcelId')))).toThrow(/parcelId/);
  });
});

describe('an event that does not fit its schema is refused, and the field named', () => {
  const { data, meta } = parcelExamples.ParcelScanned;
  const { parcelId: _, ...nameless } = data;
  it.each<[string, unknown, RegExp]>([
    ['a symbol', { ...data, condition: 'lost' }, /^ParcelScanned\.condition must be .*damaged/],
    ['a type', { ...data, depotId: 12 }, /^ParcelScanned\.depotId must be "string".*number/],
    [
      'a fraction of a millisecond',
      { ...data, scannedAt: 1.5 },
      /^ParcelScanned\.scannedAt must be/,
    ],
    ['null', { ...data, scannedAt: null }, /^ParcelScanned\.scannedAt must be .*type null/],
    ['a missing field', nameless, /^ParcelScanned\.parcelId is missing/],
    [
      'a missing field with a default',
      { ...data, previousScanAt: undefined },
      /previousScanAt is missing/,
    ],
    ['an unknown field', { ...data, colour: 'red' }, /^ParcelScanned has fields .*: colour/],
    ['no data', null, /^ParcelScanned must be/],
  ])('%s', (_name, wrong, message) => {
    expect(() =>
      parcelScanned.encode('topic', 1, { ...parcelExamples.ParcelScanned, data: wrong }),
    ).toThrow(message);
  });

  it('a field of meta', () => {
    const event = {
      ...parcelExamples.ParcelScanned,
      meta: { ...meta, sequence: '2' },
    } as unknown as Event;
    expect(() => parcelScanned.encode('topic', 1, event)).toThrow(
      /^ParcelScanned\.meta\.sequence must be/,
    );
  });

  it('an item of an array', () => {
    const event = {
      ...parcelExamples.DepotOpened,
      data: { ...parcelExamples.DepotOpened.data, services: ['customs', 7] },
    };
    expect(() => todayOf('DepotOpened').encode('topic', 1, event)).toThrow(
      /^DepotOpened\.services\.1 /,
    );
  });

  it('the topic of another context', () => {
    expect(() => parcelScanned.encode('depots', 1, parcelExamples.ParcelScanned)).toThrow(
      /belongs to .*topic/,
    );
  });
});

describe('broken bytes', () => {
  const depotOpened = todayOf('DepotOpened');

  it('that are cut short or too long are refused', () => {
    const bytes = encoded();
    expect(() => read(parcelScanned, bytes.subarray(0, -1))).toThrow('too short');
    expect(() => read(parcelScanned, Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('too long');
  });

  it('of an array that claims a billion items are refused before memory is taken', () => {
    const meta = depotOpened.meta.toBuffer(parcelExamples.DepotOpened.meta);
    const texts = Buffer.from('\x04d1\x0atitle');
    const billion = Buffer.from([0x80, 0xa8, 0xd6, 0xb9, 0x07]);
    const bytes = Buffer.concat([Buffer.alloc(headerBytes), meta, texts, billion]);
    expect(() => read(depotOpened, bytes)).toThrow('array longer than its bytes');
  });

  it('are read or refused, always quickly', () => {
    const bytes = depotOpened.encode('topic', 1, parcelExamples.DepotOpened);
    const broken = fc
      .tuple(fc.nat(bytes.length - headerBytes - 1), fc.uint8Array({ minLength: 1, maxLength: 9 }))
      .map(([at, noise]) => {
        const copy = Buffer.from(bytes);
        copy.set(noise.subarray(0, copy.length - headerBytes - at), headerBytes + at);
        return copy;
      });
    // Processor time doesn't depend on how busy the machine is.
    const before = process.cpuUsage();
    fc.assert(
      fc.property(broken, (value) => {
        try {
          read(depotOpened, value);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2_000 },
    );
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(10_000);
  });
});
