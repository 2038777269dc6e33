import type { Aggregate } from '#kernel/aggregate.ts';
import type { Event } from '#kernel/event.ts';
import type { LogRecord, Position } from '#kernel/log/log.ts';
import { contextOf } from '#kernel/log/topic-names.ts';
import { type Entry, entriesOf } from '#kernel/operations/log-entries.ts';
import type { PersonKey } from '#kernel/personal/person-key.ts';
import { hashWith, withTexts } from '#kernel/personal/sealing.ts';
import { erasedFromBirth, isPersonalText, openedText } from '#kernel/personal-text.ts';
import { StateDraft } from '#kernel/writer/item-decisions.ts';
import { partOf, splitState } from '#kernel/writer/parts.ts';
import type { Tool } from '../tool/tool.ts';
import type { CopiedPeople } from './copied-people.ts';

/** An event with text in clear, and whose text that is. */
type Clear = { event: Event; about: string };

/**
 * Encrypts text that was written before encryption, with the key of the person whom it is about.
 * Who that is may depend on the events before, so streams with text are folded as they are copied.
 */
export class EncryptingCopy {
  readonly #tool: Tool;
  readonly #people: CopiedPeople;
  readonly #aggregates: ReadonlyMap<string, Aggregate>;
  /** By lane, and by stream. */
  readonly #streams = new Map<number, Map<string, StateDraft>>();

  constructor(tool: Tool, people: CopiedPeople, aggregates: readonly Aggregate[]) {
    this.#tool = tool;
    this.#people = people;
    const withText = aggregates.filter(({ person }) => person !== undefined);
    this.#aggregates = new Map(withText.map((aggregate) => [aggregate.topic, aggregate]));
  }

  /** Folds the events of a lane that are copied already: the next ones rest on them. */
  async begin(lane: number, next: readonly Position[]): Promise<void> {
    this.#streams.set(lane, new Map());
    const { log, prefix } = this.#tool;
    const until = next.filter(({ topic }) => this.#aggregates.has(contextOf(prefix, topic)));
    const firsts = await Promise.all(
      until.map(async ({ topic }) => (await log.firstOffsets(topic))[lane]!),
    );
    const from = until.map((end, at) => ({ ...end, next: firsts[at]! }));
    if (until.every((end, at) => end.next === firsts[at])) return;
    const reader = log.reader();
    try {
      const subscription = reader.subscribe(from, { until });
      for (let chunks = await subscription.take(); chunks.length > 0; ) {
        const records = chunks.flatMap((chunk) => chunk.records);
        for (const entry of await entriesOf(records, this.#tool)) this.#passed(entry);
        chunks = await subscription.take();
      }
    } finally {
      await reader.close();
    }
  }

  /** @returns the events of those records whose text was in clear, with encrypted text. */
  async of(entries: readonly Entry[]): Promise<ReadonlyMap<LogRecord, Event>> {
    const clear = new Map<LogRecord, Clear>();
    for (const entry of entries) {
      const about = this.#passed(entry);
      if (entry.event && about !== null) clear.set(entry.record, { event: entry.event, about });
    }
    const found = [...clear.values()];
    await this.#people.provide(found.map(({ about, event }) => ({ about, at: event.meta.time })));
    // All events of a command have the hash of its request.
    const keys = new Map(
      found.map(({ event, about }) => [event.meta.commandid, this.#keyOf(event, about)]),
    );
    const encrypted = new Map<LogRecord, Event>();
    for (const { record, event } of entries) {
      const key = event ? keys.get(event.meta.commandid) : undefined;
      if (event && key !== undefined) encrypted.set(record, sealedWith(event, key));
    }
    return encrypted;
  }

  close = (): Promise<void> => this.#people.close();

  #keyOf = ({ meta }: Event, about: string) => this.#people.keyFor(about, meta.time);

  /** Folds an event. @returns whose text in clear it has, if any. */
  #passed({ record, context, event }: Entry): string | null {
    const aggregate = this.#aggregates.get(context);
    if (!event || !aggregate?.person) return null;
    const streams = this.#streams.get(record.lane)!;
    const draft = streams.get(event.meta.subject) ?? newDraft(aggregate);
    streams.set(event.meta.subject, draft);
    const state = draft.at(partOf(aggregate, event));
    const about = hasClearText(event.data) ? aggregate.person(event, state) : null;
    draft.evolve(event);
    return about;
  }
}

function newDraft(aggregate: Aggregate): StateDraft {
  const { own, part } = splitState(aggregate, aggregate.initial);
  return new StateDraft(aggregate, own, () => part);
}

function hasClearText(value: unknown): boolean {
  let has = false;
  withTexts(value, (text) => {
    has = true;
    return text;
  });
  return has;
}

/** @param key null if the person was erased. */
function sealedWith({ type, data, meta }: Event, key: PersonKey | null): Event {
  const sealed = withTexts(data, (text) =>
    key && isPersonalText(text) ? key.seal(openedText(text), meta.id) : erasedFromBirth,
  );
  return { type, data: sealed, meta: { ...meta, requesthash: hashWith(key, meta.requesthash) } };
}
