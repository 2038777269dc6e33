import type { Type } from 'avsc';
import { LRUCache } from 'lru-cache';
import type { Event, LoggedEvent, Meta } from '../event.ts';
import type { LogRecord } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import { EventType, headerBytes, UnknownForm, WrittenForm } from './event-bytes.ts';
import { withoutPassword } from './registry-requests.ts';
import { type NamedSchema, openSchemaRegistry, type SchemaRegistry } from './schema-registry.ts';

/** Events to bytes and back: Confluent wire format (a zero, four bytes of schema id, Avro). */
export type Codec = {
  /**
   * An event in today's schema, for this Kafka topic (prefix included).
   * @throws TypeError naming the field that doesn't fit. That is a mistake in the program.
   */
  encode(topic: string, event: Event): Buffer;
  /**
   * Makes sure that the schemas these records were written with are known.
   * @throws RegistryAwayError when the registry doesn't answer: try again later.
   */
  learn(records: readonly LogRecord[]): Promise<void>;
  /**
   * The event of a record whose schema was learnt. `data` is a plain object, without `meta`.
   * `meta` is read when it is first looked at; it lives on the prototype, so take it by name.
   * @throws UndecodableError for a record that no repetition will make readable;
   *   UnknownEventError if that is because another release of the code wrote it.
   */
  decode(record: LogRecord): LoggedEvent;
  /** Whether this is an event type of this code. */
  knows(type: string): boolean;
};

export type CodecOptions = {
  registryUrl: string;
  /** Stands before the name of each topic. */
  topicPrefix?: string;
  /** All event types that are written or read. */
  schemas: readonly EventSchema[];
};

/** Bytes that today's code can't read and never will. */
export class UndecodableError extends Error {
  override name = 'UndecodableError';
}

/**
 * An event of another release: its schema is registered, has the `meta` of this system, and fits
 * the bytes, but this code has no such event type.
 */
export class UnknownEventError extends UndecodableError {
  override name = 'UnknownEventError';
}

/** Schemas that the registry does not have; services only look them up. */
export class UnregisteredSchemaError extends Error {
  override name = 'UnregisteredSchemaError';
}

/** An id that the registry doesn't know is asked for again after this time. */
const unknownIdTtlMs = 60_000;
const maxUnknownIds = 10_000;

/**
 * Looks up the ids of today's schemas; registers nothing.
 * @throws UnregisteredSchemaError naming the missing subjects and the cure.
 * @throws RegistryAwayError when the registry doesn't answer.
 */
export async function openCodec(options: CodecOptions): Promise<Codec> {
  const { registryUrl, topicPrefix = '', schemas } = options;
  const registry = openSchemaRegistry({ url: registryUrl });
  const ids = await Promise.all(
    schemas.map((event) => registry.idOf(subjectOf(topicPrefix, event), event.schema)),
  );
  const missing = schemas.filter((_, i) => ids[i] === null);
  if (missing.length > 0) {
    const subjects = missing.map((event) => subjectOf(topicPrefix, event)).join(', ');
    throw new UnregisteredSchemaError(
      `${withoutPassword(registryUrl)} has no schema like today's for ${subjects}. ` +
        'Deploy the schemas first, or set SCHEMA_REGISTRY_URL and TOPIC_PREFIX to where they are.',
    );
  }
  const types = schemas.map((event) => new EventType(event, topicName(topicPrefix, event.context)));
  return codecOf(types, ids as number[], registry);
}

/** TopicRecordNameStrategy: several event types in one topic, each with a history of its own. */
export const subjectOf = (
  topicPrefix: string,
  {
    context,
    schema,
  }: Pick<EventSchema, 'context'> & { schema: Pick<NamedSchema, 'name' | 'namespace'> },
): string => `${topicName(topicPrefix, context)}-${schema.namespace}.${schema.name}`;

/** How the bytes of one schema id are read; or, as text, why they can't be. */
type Form = WrittenForm | UnknownForm | string;

function codecOf(types: EventType[], ids: number[], registry: SchemaRegistry): Codec {
  const byType = new Map(types.map((type, i) => [type.name, { type, id: ids[i] as number }]));
  if (byType.size < types.length) throw new Error('Two events of the same name.');
  const byFullName = new Map(types.map((type) => [type.fullName, type]));
  const forms = new Map<number, Form>(
    types.map((type, i) => [ids[i] as number, new WrittenForm(type, type.written)]),
  );
  const unknownIds = new LRUCache<number, string>({
    max: maxUnknownIds,
    ttl: unknownIdTtlMs,
    // `decode` needs the entry that `learn` made, however long ago.
    allowStale: true,
    noDeleteOnStaleGet: true,
  });
  const asked = new Map<number, Promise<void>>();

  const ask = async (id: number) => {
    const written = await registry.typeOf(id);
    if (written) forms.set(id, formOf(written, byFullName));
    else unknownIds.set(id, `unknown schema id ${id}`);
  };
  const askOnce = (id: number) => {
    const going = asked.get(id) ?? ask(id).finally(() => asked.delete(id));
    asked.set(id, going);
    return going;
  };

  return {
    encode: (topic, event) => {
      const known = byType.get(event.type);
      if (!known) throw new TypeError(`${event.type} is no event type of this codec.`);
      return known.type.encode(topic, known.id, event);
    },
    learn: async (records) => {
      let known: number | null = null;
      for (const { value } of records) {
        const id = schemaIdOf(value);
        if (id === known) continue;
        known = id;
        if (id !== null && !forms.has(id) && !unknownIds.has(id)) await askOnce(id);
      }
    },
    decode: (record) => {
      const id = schemaIdOf(record.value);
      if (id === null) throw undecodable(record, 'not in the Confluent wire format');
      const form = forms.get(id) ?? unknownIds.get(id);
      if (form === undefined) throw new Error(`Schema ${id} was not learnt before decoding.`);
      if (typeof form === 'string') throw undecodable(record, form);
      if (form instanceof UnknownForm) throw unknownEvent(form, record);
      return new DecodedEvent(form, record);
    },
    knows: (type) => byType.has(type),
  };
}

/** The schema id in a record's value; null if that isn't in the Confluent wire format. */
export function schemaIdOf(value: Buffer | null): number | null {
  if (value === null || value.length < headerBytes || value[0] !== 0) return null;
  return value.readUInt32BE(1);
}

const undecodable = ({ topic, lane, offset }: LogRecord, reason: string, cause?: unknown) =>
  new UndecodableError(`${topic}/${lane} offset ${offset}: ${reason}`, { cause });

function formOf(written: Type, types: ReadonlyMap<string, EventType>): Form {
  const type = types.get(written.name ?? '');
  if (!type) return unknownFormOf(written, types);
  try {
    return new WrittenForm(type, written);
  } catch (error) {
    return `today's ${type.name} can't read this schema: ${(error as Error).message}`;
  }
}

function unknownFormOf(written: Type, types: ReadonlyMap<string, EventType>): Form {
  const [anyType] = types.values();
  try {
    if (anyType) return new UnknownForm(written, anyType.meta);
  } catch {
    // It is no event, or one of another system.
  }
  return notOfThisCode(written);
}

const notOfThisCode = ({ name }: Type) => `no event type of today's code: ${name}`;

function unknownEvent({ written, check }: UnknownForm, record: LogRecord): UndecodableError {
  const { topic, lane, offset, value } = record;
  try {
    check(value as Buffer);
  } catch (error) {
    return undecodable(record, `bytes don't fit ${written.name}: ${(error as Error).message}`);
  }
  return new UnknownEventError(`${topic}/${lane} offset ${offset}: ${notOfThisCode(written)}`);
}

class DecodedEvent implements LoggedEvent {
  readonly type: string;
  readonly data: unknown;
  readonly #form: WrittenForm;
  readonly #record: LogRecord;
  #meta: Meta | undefined;

  constructor(form: WrittenForm, record: LogRecord) {
    this.type = form.type.name;
    this.#form = form;
    this.#record = record;
    try {
      this.data = form.data(record.value as Buffer);
    } catch (error) {
      throw undecodable(record, `bytes don't fit ${this.type}: ${(error as Error).message}`, error);
    }
  }

  get meta(): Meta {
    this.#meta ??= this.#ofMeta((value) => this.#form.meta(value));
    return this.#meta;
  }

  get sequence(): number {
    return this.#meta?.sequence ?? this.#ofMeta((value) => this.#form.sequence(value));
  }

  get place(): LoggedEvent['place'] {
    return this.#record;
  }

  #ofMeta<T>(read: (value: Buffer) => T): T {
    try {
      return read(this.#record.value as Buffer);
    } catch (error) {
      throw undecodable(this.#record, `bytes don't fit meta: ${(error as Error).message}`, error);
    }
  }

  /** A printed event shows its `meta` too, which is on the prototype. */
  toJSON(): Event {
    return { type: this.type, data: this.data, meta: this.meta };
  }
}
