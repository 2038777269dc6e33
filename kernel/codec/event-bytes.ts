import type { Type } from 'avsc';
import type { Event, Meta } from '../event.ts';
import type { AvroRecord, EventSchema } from '../schemas/event-schema.ts';
import { avroType, isRecord, type Resolver } from './avro.ts';

/** A zero, and four bytes of schema id, stand before the Avro bytes. */
export const headerBytes = 5;

/** One event type as today's schema has it. */
export class EventType {
  readonly name: string;
  readonly topic: string;
  readonly fullName: string;
  readonly written: Type;
  /** `meta` is the first field, so an event's bytes are those of `meta`, then those of `data`. */
  readonly meta: Type;
  /** `meta` with its sequence only: reading that takes a fraction of the time. */
  readonly sequence: Type;
  readonly data: Type;

  constructor({ type, schema }: EventSchema, topic: string) {
    const [meta, ...data] = schema.fields;
    if (meta?.name !== 'meta') throw new TypeError(`The first field of ${type} must be meta.`);
    this.name = type;
    this.topic = topic;
    this.fullName = `${schema.namespace}.${schema.name}`;
    this.written = avroType(schema);
    const { fields, ...record } = meta.type as AvroRecord;
    this.meta = avroType({ ...record, fields });
    const sequence = fields.filter(({ name }) => name === 'sequence');
    this.sequence = avroType({ ...record, fields: sequence });
    this.data = avroType({ ...schema, fields: data });
  }

  encode(topic: string, id: number, { meta, data }: Event): Buffer {
    if (topic !== this.topic) {
      throw new TypeError(`${this.name} belongs to the topic ${this.topic}, not ${topic}.`);
    }
    checkFields(`${this.name}.meta`, this.meta, meta);
    checkFields(this.name, this.data, data);
    for (;;) {
      const metaEnd = this.meta.encode(meta, scratch, headerBytes);
      // Below 0 by as many bytes as the buffer lacks.
      const end = metaEnd < 0 ? metaEnd : this.data.encode(data, scratch, metaEnd);
      if (end >= 0) {
        scratch.writeUInt32BE(id, 1);
        return Buffer.from(scratch.subarray(0, end));
      }
      scratch = Buffer.alloc(2 * scratch.length);
    }
  }
}

/** Events are written here first, and grow it: one buffer for each of their parts costs more. */
let scratch = Buffer.alloc(4096);

/** avsc itself would drop fields that the schema lacks, and write defaults for missing ones. */
function checkFields(path: string, type: Type, value: unknown): void {
  const fits = type.isValid(value, { noUndeclaredFields: true });
  if (fits && isRecord(type)) {
    const missing = type.fields.find(
      ({ name }) => (value as Record<string, unknown>)[name] === undefined,
    );
    if (!missing) return;
    throw new TypeError(`${path}.${missing.name} is missing.`);
  }
  type.isValid(value, {
    noUndeclaredFields: true,
    errorHook: (inner, wrong, expected) => {
      throw new TypeError(`${[path, ...inner].join('.')} ${reasonFor(wrong, expected)}`);
    },
  });
}

/** Doesn't show the value itself, which may be personal. */
function reasonFor(wrong: unknown, expected: Type): string {
  if (wrong === undefined) return 'is missing.';
  if (isRecord(expected) && wrong instanceof Object) {
    const undeclared = Object.keys(wrong).filter((name) => !expected.field(name));
    return `has fields that the schema lacks: ${undeclared.join(', ')}.`;
  }
  const given = wrong === null ? 'null' : Array.isArray(wrong) ? 'array' : typeof wrong;
  return `must be ${JSON.stringify(expected.schema())}; a value of type ${given} doesn't fit.`;
}

/** Reads the bytes that were written with one schema as today's event type. */
export class WrittenForm {
  readonly type: EventType;
  readonly #meta: Resolver;
  readonly #sequence: Resolver;
  readonly #data: Resolver;

  /** @throws Error when today's schema can't read this one. */
  constructor(type: EventType, written: Type) {
    const meta = metaOf(written);
    this.type = type;
    this.#meta = type.meta.createResolver(meta);
    this.#sequence = type.sequence.createResolver(meta);
    this.#data = type.data.createResolver(written);
  }

  data(value: Buffer): unknown {
    const { value: data, offset } = this.type.data.decode(value, headerBytes, this.#data);
    checkLength(value, offset);
    return data;
  }

  meta(value: Buffer): Meta {
    return this.type.meta.decode(value, headerBytes, this.#meta).value;
  }

  sequence(value: Buffer): number {
    return this.type.sequence.decode(value, headerBytes, this.#sequence).value.sequence;
  }
}

/** Checks bytes that were written with the schema of an event type that this code doesn't have. */
export class UnknownForm {
  readonly written: Type;

  /** @throws Error if the schema has no `meta` that this system's `meta` can read. */
  constructor(written: Type, meta: Type) {
    meta.createResolver(metaOf(written));
    this.written = written;
  }

  /** @throws Error if the bytes don't fit. */
  readonly check = (value: Buffer): void => {
    checkLength(value, this.written.decode(value, headerBytes).offset);
  };
}

/** @throws Error if this is no event's schema. */
function metaOf(written: Type): Type {
  const meta = isRecord(written) ? written.fields[0] : undefined;
  if (meta?.name !== 'meta') throw new Error('its first field is not meta');
  return meta.type;
}

function checkLength(value: Buffer, end: number): void {
  if (end !== value.length) throw new RangeError(end < 0 ? 'too short' : 'too long');
}
