import { randomUUID } from 'node:crypto';
import { type Event, eventId, type Meta } from '#kernel/event.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { FencedProducer, Log, Offset, RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { entriesOf } from '#kernel/operations/log-entries.ts';
import { KeyRing } from '#kernel/personal/key-ring.ts';
import type { MasterKeys } from '#kernel/personal/master-keys.ts';
import { PersonKey } from '#kernel/personal/person-key.ts';
import {
  evolvePerson,
  isErasure,
  type People,
  type PeopleEvent,
  type Person,
  unknownPerson,
} from '#kernel/personal/persons.ts';
import { ToolError } from '../tool/exit.ts';
import { say } from '../tool/output.ts';
import type { Tool } from '../tool/tool.ts';
import { type CopiedSchemas, withSchemaId } from './copied-schemas.ts';
import { madeKeyHeader } from './copy-target.ts';

type Options = {
  tool: Tool;
  people: People;
  masters: MasterKeys;
  target: { log: Log; prefix: string };
  schemas: CopiedSchemas;
};

/** A person as the source's log has them. */
type Known = { person: Person; events: number; erasedAt: number };

const unknown: Known = { person: unknownPerson, events: 0, erasedAt: Number.NEGATIVE_INFINITY };
const keysAtOnce = 50;

/**
 * The keys of the people in a copied log. Who has none gets one, and the copy an event that says
 * so, in the order in which a command service does it: key, event, text.
 */
export class CopiedPeople {
  readonly #options: Options;
  readonly #ring: KeyRing;
  readonly #producer: FencedProducer;
  readonly #known = new Map<string, Known>();
  /** The ids of keys that were made here, by person. */
  readonly #made = new Map<string, string>();
  #making: Promise<void> = Promise.resolve();

  private constructor(options: Options, ring: KeyRing, producer: FencedProducer) {
    this.#options = options;
    this.#ring = ring;
    this.#producer = producer;
  }

  /** The events of people have to be at the target already, and their keys. */
  static async open(options: Options): Promise<CopiedPeople> {
    const { tool, target, people, masters } = options;
    const ring = await KeyRing.open({ ...target, masters, onWarning: say });
    const producer = await target.log.producer(transactionalId(target.prefix, 'copy-keys'));
    const copied = new CopiedPeople(options, ring, producer);
    const topic = topicName(target.prefix, people.topic);
    const lanes = Array.from({ length: tool.lanes }, (_, lane) => ({ topic, lane }));
    const until = await producer.barrier(lanes);
    await copied.#learnSource();
    const reader = target.log.reader();
    try {
      const from = (await target.log.firstOffsets(topic)).map((next, lane) => ({
        ...{ topic, lane, next },
      }));
      const subscription = reader.subscribe(from, { until });
      for (let chunks = await subscription.take(); chunks.length > 0; ) {
        for (const { key, headers } of chunks.flatMap(({ records }) => records)) {
          const made = headers[madeKeyHeader]?.toString();
          if (made !== undefined) copied.#remember(String(key), made);
        }
        chunks = await subscription.take();
      }
      return copied;
    } catch (error) {
      await copied.close();
      throw error;
    } finally {
      await reader.close();
    }
  }

  /** Makes keys for those of these people who need one. */
  provide(texts: readonly { about: string; at: number }[]): Promise<void> {
    const asked = new Map(texts.map((text) => [text.about, text]));
    this.#making = this.#making.then(async () => {
      const without = [...asked.values()].filter(({ about, at }) => this.#needsKey(about, at));
      for (let at = 0; at < without.length; at += keysAtOnce) {
        await this.#make(without.slice(at, at + keysAtOnce).map(({ about }) => about));
      }
    });
    return this.#making;
  }

  /** The key for text of this person from then; null if it is erased. */
  keyFor(about: string, at: number): PersonKey | null {
    const { person, erasedAt } = this.#known.get(about) ?? unknown;
    if (at <= erasedAt) return null;
    const keyId = person.keyId ?? this.#made.get(about);
    if (keyId === undefined && person.erased) return null;
    const key = this.#ring.find(keyId ?? '');
    if (key instanceof PersonKey) return key;
    if (key === 'erased') return null;
    throw new ToolError(`The key ${keyId} is missing in person-keys, or wrapped by another key.`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#ring.close(), this.#producer.close()]);
  }

  /** Who was erased and hasn't come back gets no key: the text is erased. */
  #needsKey(about: string, at: number): boolean {
    const { person, erasedAt } = this.#known.get(about) ?? unknown;
    return at > erasedAt && !person.erased && person.keyId === null && !this.#made.has(about);
  }

  async #learnSource(): Promise<void> {
    const { tool, people } = this.#options;
    const topic = topicName(tool.prefix, people.topic);
    const [first, ends] = await Promise.all([
      tool.log.firstOffsets(topic),
      tool.log.stableOffsets(topic),
    ]);
    const at = (offsets: readonly Offset[]) => offsets.map((next, lane) => ({ topic, lane, next }));
    const reader = tool.log.reader();
    try {
      const subscription = reader.subscribe(at(first), { until: at(ends) });
      for (let chunks = await subscription.take(); chunks.length > 0; ) {
        const records = chunks.flatMap((chunk) => chunk.records);
        for (const { event } of await entriesOf(records, tool)) {
          if (event) this.#learn(event as PeopleEvent);
        }
        chunks = await subscription.take();
      }
    } finally {
      await reader.close();
    }
  }

  #learn(event: PeopleEvent): void {
    const { userId } = event.data;
    const { person, erasedAt } = this.#known.get(userId) ?? unknown;
    this.#known.set(userId, {
      person: evolvePerson(person, event),
      events: event.meta.sequence,
      erasedAt: isErasure(event) ? event.meta.time : erasedAt,
    });
  }

  #remember(userId: string, made: string): void {
    if (this.#known.has(userId)) {
      const why = `${userId} has got a key, or was erased, since the last copy made a key for them`;
      throw new ToolError(`${why}. Stop command-api, and copy anew with another --prefix.`);
    }
    this.#made.set(userId, made);
  }

  async #make(userIds: readonly string[]): Promise<void> {
    const { schemas } = this.#options;
    const made = userIds.map((userId) => ({ userId, keyId: randomUUID() }));
    await Promise.all(made.map(({ keyId }) => this.#ring.make(keyId)));
    const records = await Promise.all(
      made.map(async ({ userId, keyId }) => {
        const { topic, value } = this.#encoded(keyMade(this.#options.people, userId, keyId));
        const id = await schemas.idOf(topic, value);
        if (id === null) throw new ToolError(`The registry lacks the schema of ${topic}.`);
        return this.#record(userId, keyId, withSchemaId(value, id));
      }),
    );
    try {
      await this.#producer.append(records);
    } catch (cause) {
      const why = `Keys of people could not be named in the copy: ${(cause as Error).message}`;
      throw new ToolError(`${why}. The same command continues from here.`);
    }
    for (const { userId, keyId } of made) this.#made.set(userId, keyId);
  }

  #encoded(event: Event): { topic: string; value: Buffer } {
    const { tool, people } = this.#options;
    const value = tool.codec.encode(topicName(tool.prefix, people.topic), event);
    return { topic: people.topic, value };
  }

  #record(key: string, keyId: string, value: Buffer): RecordToAppend {
    const { tool, target, people } = this.#options;
    const topic = topicName(target.prefix, people.topic);
    const lane = laneOf(key, tool.lanes);
    const headers = { [madeKeyHeader]: keyId };
    return { topic, lane, key, value, headers, timestamp: Date.now() };
  }
}

/** The event by which a person who had no event yet has a key. */
function keyMade({ topic, makeKey }: People, userId: string, keyId: string): Event {
  const now = Date.now();
  const caller = { userId, roles: new Set<string>() };
  const [event] = makeKey.decide({ userId, keyId }, unknownPerson, { ...caller, now } as never);
  const subject = `${topic}/${userId}`;
  const meta: Meta = {
    ...{ id: eventId(subject, 1), source: '/replay', subject, time: now, sequence: 1 },
    ...{ correlationid: randomUUID(), causationid: null, actor: userId },
    ...{ commandid: randomUUID(), requesthash: '' },
  };
  return { ...event!, meta };
}
