import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { examples } from '#schemas/examples.ts';
import { type AvroRecord, type EventSchema, eventSchemas } from '#schemas/load.ts';
import { arbitraryEvent } from '#tests/arbitrary-events.ts';
import type { Event } from '../event.ts';
import { avroType } from './avro.ts';
import { EventType, HEADER_BYTES, WrittenForm } from './event-bytes.ts';

const schemaOf = (type: string) => eventSchemas.find((event) => event.type === type) as EventSchema;
const todayOf = (type: string) => new EventType(schemaOf(type), 'topic');

/** What a reader of today's code makes of these bytes. */
function read(today: EventType, bytes: Buffer, writer: AvroRecord = schemaOf(today.name).schema) {
  const form = new WrittenForm(today, avroType(writer));
  const meta = form.meta(bytes);
  expect(form.sequence(bytes)).toBe(meta.sequence);
  return { type: today.name, data: form.data(bytes), meta };
}

const voteCast = todayOf('VoteCast');
const encoded = () => voteCast.encode('topic', 1, examples.VoteCast);

describe('reading back', () => {
  it.each(Object.values(examples))('$type is as it was written', (example) => {
    const today = todayOf(example.type);
    expect(read(today, today.encode('topic', 1, example))).toStrictEqual(example);
  });

  it.each(eventSchemas)('any $type is as it was written', (schema) => {
    const today = new EventType(schema, 'topic');
    fc.assert(
      fc.property(arbitraryEvent(schema), (event) => {
        expect(read(today, today.encode('topic', 1, event))).toStrictEqual(event);
      }),
      { numRuns: 200 },
    );
  });

  it('makes plain objects, which MongoDB stores and gives back unchanged', () => {
    const { data, meta } = read(voteCast, encoded());
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(meta)).toBe(Object.prototype);
    expect(BSON.deserialize(BSON.serialize(data as object))).toStrictEqual(data);
  });
});

describe('older schemas', () => {
  const { schema } = schemaOf('VoteCast');
  const without = (name: string): AvroRecord => ({
    ...schema,
    fields: schema.fields.filter((field) => field.name !== name),
  });

  it('a field added later with a default is that default in older events', () => {
    const { previousCastAt: _, ...data } = examples.VoteCast.data;
    const older = new EventType(
      { ...schemaOf('VoteCast'), schema: without('previousCastAt') },
      't',
    );
    const bytes = older.encode('t', 1, { ...examples.VoteCast, data });
    expect(read(voteCast, bytes, without('previousCastAt'))).toStrictEqual({
      ...examples.VoteCast,
      data: { ...data, previousCastAt: null },
    });
  });

  it('the same goes for a field of meta', () => {
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
    const { causationid: _, ...written } = examples.VoteCast.meta;
    const bytes = new EventType({ ...schemaOf('VoteCast'), schema: olderSchema }, 't').encode(
      't',
      1,
      { ...examples.VoteCast, meta: written as Event['meta'] },
    );
    expect(read(voteCast, bytes, olderSchema)).toStrictEqual({
      ...examples.VoteCast,
      meta: { ...written, causationid: null },
    });
  });

  it('a field that was taken out since is passed over', () => {
    const newer: AvroRecord = {
      ...schema,
      fields: [...schema.fields, { name: 'device', type: ['null', 'string'], default: null }],
    };
    const bytes = new EventType({ ...schemaOf('VoteCast'), schema: newer }, 't').encode('t', 1, {
      ...examples.VoteCast,
      data: { ...examples.VoteCast.data, device: 'tv' },
    });
    expect(read(voteCast, bytes, newer)).toStrictEqual(examples.VoteCast);
  });

  it('a schema without a field that has no default is refused', () => {
    expect(() => new WrittenForm(voteCast, avroType(without('userId')))).toThrow(/userId/);
  });
});

describe('what does not fit is refused, and the field named', () => {
  const { data, meta } = examples.VoteCast;
  const { userId: _, ...userless } = data;
  it.each<[string, unknown, RegExp]>([
    ['a symbol', { ...data, vote: 'love' }, /^VoteCast\.vote must be .*like/],
    ['a type', { ...data, movieId: 12 }, /^VoteCast\.movieId must be "string".*number/],
    ['a fraction of a millisecond', { ...data, castAt: 1.5 }, /^VoteCast\.castAt must be/],
    ['null', { ...data, castAt: null }, /^VoteCast\.castAt must be .*type null/],
    ['a missing field', userless, /^VoteCast\.userId is missing/],
    [
      'a missing field with a default',
      { ...data, previousCastAt: undefined },
      /previousCastAt is missing/,
    ],
    ['an unknown field', { ...data, colour: 'red' }, /^VoteCast has fields .*: colour/],
    ['no data', null, /^VoteCast must be/],
  ])('%s', (_name, wrong, message) => {
    expect(() => voteCast.encode('topic', 1, { ...examples.VoteCast, data: wrong })).toThrow(
      message,
    );
  });

  it('in meta too', () => {
    const event = { ...examples.VoteCast, meta: { ...meta, sequence: '2' } } as unknown as Event;
    expect(() => voteCast.encode('topic', 1, event)).toThrow(/^VoteCast\.meta\.sequence must be/);
  });

  it('in an array too', () => {
    const event = {
      ...examples.MovieAdded,
      data: { ...examples.MovieAdded.data, genres: ['Drama', 7] },
    };
    expect(() => todayOf('MovieAdded').encode('topic', 1, event)).toThrow(
      /^MovieAdded\.genres\.1 /,
    );
  });

  it('the topic of another context', () => {
    expect(() => voteCast.encode('movies', 1, examples.VoteCast)).toThrow(/belongs to .*topic/);
  });
});

describe('broken bytes', () => {
  const movieAdded = todayOf('MovieAdded');

  it('cut short or too long are refused', () => {
    const bytes = encoded();
    expect(() => read(voteCast, bytes.subarray(0, -1))).toThrow('too short');
    expect(() => read(voteCast, Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('too long');
  });

  it('an array that claims a billion items costs nothing', () => {
    const meta = movieAdded.meta.toBuffer(examples.MovieAdded.meta);
    const texts = Buffer.from('\x04m1\x0atitle');
    const billion = Buffer.from([0x80, 0xa8, 0xd6, 0xb9, 0x07]);
    const bytes = Buffer.concat([Buffer.alloc(HEADER_BYTES), meta, texts, billion]);
    expect(() => read(movieAdded, bytes)).toThrow('array longer than its bytes');
  });

  it('of any kind are read or refused, in no time', () => {
    const bytes = movieAdded.encode('topic', 1, examples.MovieAdded);
    const broken = fc
      .tuple(fc.nat(bytes.length - HEADER_BYTES - 1), fc.uint8Array({ minLength: 1, maxLength: 9 }))
      .map(([at, noise]) => {
        const copy = Buffer.from(bytes);
        copy.set(noise.subarray(0, copy.length - HEADER_BYTES - at), HEADER_BYTES + at);
        return copy;
      });
    // What it takes of the processor says the same however busy the machine is.
    const before = process.cpuUsage();
    fc.assert(
      fc.property(broken, (value) => {
        try {
          read(movieAdded, value);
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
