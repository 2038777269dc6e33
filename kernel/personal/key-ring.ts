import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { ConfigError } from '../config.ts';
import type { ConsistencyToken } from '../consistency-token.ts';
import { type Log, type LogRecord, LogUnavailableError, type Offset } from '../log/log.ts';
import { type KnownKey, registerKeys } from '../personal-text.ts';
import { Problem } from '../problems.ts';
import {
  decodeRecord,
  empty,
  encodeKey,
  erasedKeyOf,
  type KeyTimes,
  keyTimes,
  personKeysTopic,
  rollKey,
  rollTimes,
  type Subject,
  subjectKeyOf,
} from './key-topic.ts';
import { MasterKeyMissingError, type MasterKeys, type Wrapped } from './master-keys.ts';
import { keyBytes, PersonKey } from './person-key.ts';
import { Reaching, reachAtStartMs, reachMs } from './reaching.ts';
import { shared } from './sharing.ts';
import { StoredKeys } from './stored-keys.ts';
import { Subjects } from './subjects.ts';

export type KeyRingOptions = {
  log: Log;
  prefix: string;
  masters: MasterKeys;
  onWarning(message: string): void;
  /** A text can't be opened, for a reason that no erasure explains. */
  onUnreadable?(keyId: string, reason: string): void;
  /** How many keys are kept unwrapped. */
  unwrapped?: number;
};

const lane = 0;
const retryMs = 500;
const defaultUnwrapped = 10_000;
/** Ids that the topic doesn't have, so that each is looked for once. */
const missingIds = 10_000;

/**
 * Follows the topic of keys, and writes to it. In memory are all keys as the topic has them, which
 * is about 300 bytes each, and those that were used last unwrapped.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #topic: string;
  readonly #closing = new AbortController();
  readonly #stored = new StoredKeys();
  readonly #erased = new Set<string>();
  /** Which ids stand for the `sub` of tokens. */
  readonly subjects = new Subjects();
  readonly #unwrapped: LRUCache<string, PersonKey>;
  readonly #missing = new LRUCache<string, true>({ max: missingIds });
  /** By topic and lane of the people's events. */
  readonly #erasedUpTo = new Map<string, Offset>();
  readonly #forget: () => void;
  readonly #reading: Reaching;
  #following: Promise<void> | null = null;
  /** Called when a key is known to be destroyed. */
  onErased: () => void = () => {};
  /** Called when the topic has a key again that was destroyed before. */
  onRevived: (keyId: string) => void = () => {};
  /** By the clocks of those who wrote: the last end of a key, and the last record. */
  #endedAt = 0;
  #lastRecordAt = 0;

  private constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#topic = personKeysTopic(options.prefix);
    this.#reading = new Reaching(this.#topic);
    const max = options.unwrapped ?? defaultUnwrapped;
    this.#unwrapped = new LRUCache({ max });
    this.#forget = registerKeys({
      find: (keyId) => this.find(keyId),
      unreadable: (keyId, reason) => options.onUnreadable?.(keyId, reason),
    });
  }

  /**
   * Resolves once all keys that the topic had are known.
   * @throws ConfigError if a key is wrapped by a master key that isn't among the given ones.
   */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options);
    ring.#following = ring.#follow();
    await ring.#catchUp(reachAtStartMs);
    const unknown = [...ring.wrappedBy().keys()].filter((name) => !options.masters.has(name));
    if (unknown.length === 0) return ring;
    await ring.close();
    throw new ConfigError(
      `MASTER_KEY lacks the key ${unknown.join(', ')}, which wraps keys of persons: ` +
        'add it after a comma.',
    );
  }

  /**
   * Resolves once everything is known that was in the topic when this was called. A record counts
   * from the moment on that its `put` was answered: the topic has no transactions.
   * @throws Problem `part-away`
   */
  readonly caughtUp = shared(() => this.#catchUp(reachMs));

  async #catchUp(limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    try {
      const [next = 0] = await this.#options.log.stableOffsets(this.#topic, limitMs);
      await this.#reading.reached(next, deadline - performance.now());
    } catch (cause) {
      throw new Problem('part-away', 'The keys of text are out of reach; try again.', { cause });
    }
  }

  /** Looks in the topic for a key; one that it doesn't have is missing. */
  async settle(keyId: string): Promise<void> {
    await this.caughtUp();
    if (this.find(keyId) === undefined) this.#missing.set(keyId, true);
  }

  /**
   * Resolves once the keys are known to be destroyed of everybody whose erasure a token has seen:
   * a key is destroyed before its erasure is answered.
   */
  async erasedUpTo({ seen }: ConsistencyToken, people: string): Promise<void> {
    const news = Object.entries(seen).filter(
      ([place, offset]) =>
        place.startsWith(`${people}:`) && offset > (this.#erasedUpTo.get(place) ?? -1),
    );
    if (news.length === 0) return;
    await this.caughtUp();
    for (const [place, offset] of news) {
      this.#erasedUpTo.set(place, Math.max(offset, this.#erasedUpTo.get(place) ?? -1));
    }
  }

  find(keyId: string): KnownKey {
    if (this.#erased.has(keyId)) return 'erased';
    const unwrapped = this.#unwrapped.get(keyId);
    if (unwrapped) return unwrapped;
    const stored = this.#stored.get(keyId);
    if (stored === undefined) return this.#missing.has(keyId) ? 'missing' : undefined;
    try {
      const key = new PersonKey(keyId, this.#options.masters.unwrap(keyId, stored));
      this.#unwrapped.set(keyId, key);
      return key;
    } catch (error) {
      return error instanceof MasterKeyMissingError ? 'locked' : 'missing';
    }
  }

  /** Whether the topic has the key, and whether it says that it is destroyed. */
  recordsOf(keyId: string): { stands: boolean; isErased: boolean } {
    return { stands: this.#stored.has(keyId), isErased: this.#erased.has(keyId) };
  }

  /** How many keys each master key wraps, by its name. */
  wrappedBy = (): Map<string, number> => this.#stored.wrappedBy();

  counts = () => ({ there: this.#stored.size, erased: this.#erased.size });

  /** A key as its record in the topic has it, wrapped. */
  wrappedAs(keyId: string): string | null {
    const stored = this.#stored.get(keyId);
    return stored ? encodeKey(stored).toString() : null;
  }

  /** Whether a segment has to be ended for Kafka to compact what was destroyed or taken. */
  isRollDue({ segmentMs }: KeyTimes = keyTimes, now = Date.now()): boolean {
    const [endedAt, lastRecordAt] = [this.#endedAt, this.#lastRecordAt];
    return rollTimes(endedAt, segmentMs).some((due) => lastRecordAt <= due && now > due);
  }

  /** The ids of the keys that a former master key wraps. */
  formerlyWrapped = (): string[] => this.#stored.notWrappedBy(this.#options.masters.current);

  /** Makes a key, and resolves once it is in the topic for good, and known here. */
  async make(keyId: string): Promise<void> {
    const wrapped = this.#options.masters.wrap(keyId, randomBytes(keyBytes));
    await this.#put(keyId, encodeKey(wrapped));
  }

  /** Wraps a key with the master key of today. It stays destroyed if it is destroyed meanwhile. */
  async rewrap(keyId: string): Promise<void> {
    const { masters } = this.#options;
    const stored = this.#stored.get(keyId);
    if (stored === undefined || this.#erased.has(keyId)) return;
    const material = masters.unwrap(keyId, stored);
    await this.#put(keyId, encodeKey(masters.wrap(keyId, material)));
    if (this.#erased.has(keyId)) await this.drop(keyId);
  }

  /** Puts an end to a key, and resolves once that is in the topic for good, and known here. */
  async erase(keyId: string): Promise<void> {
    if (!this.#erased.has(keyId)) await this.#put(erasedKeyOf(keyId), empty);
    await this.drop(keyId);
  }

  /** Takes a key out of the topic that has encrypted nothing, or is known to be destroyed. */
  drop = (keyId: string): Promise<void> => this.#put(keyId, null);

  /** Resolves once the id is in the topic for good, and known here, with those before it. */
  giveId = (subject: Subject): Promise<void> => this.#put(subjectKeyOf(subject), empty);

  takeId = (subject: Subject): Promise<void> => this.#put(subjectKeyOf(subject), null);

  /** A record that ends the topic's segment, if that is old enough. */
  roll = (): Promise<void> => this.#put(rollKey, empty);

  async close(): Promise<void> {
    this.#closing.abort();
    this.#forget();
    this.#reading.end(new LogUnavailableError('The keys are closed.'));
    await this.#following;
    this.#unwrapped.clear();
  }

  async #put(key: string, value: Buffer | null): Promise<void> {
    const timestamp = Date.now();
    const at = { topic: this.#topic, lane, key, value, timestamp };
    await this.#reading.reached((await this.#options.log.put(at)) + 1);
  }

  async #follow(): Promise<void> {
    const { log, onWarning } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const reader = log.reader();
      const stop = () => void reader.close();
      signal.addEventListener('abort', stop);
      try {
        const from = { topic: this.#topic, lane, next: this.#reading.next };
        const subscription = reader.subscribe([from], { compacted: true });
        while (!signal.aborted) {
          for (const { records, next } of await subscription.take()) this.#takeIn(records, next);
        }
      } catch (error) {
        if (signal.aborted) return;
        onWarning(`The keys of persons can't be followed: ${(error as Error).message}`);
        await pause(retryMs, undefined, { signal }).catch(() => undefined);
      } finally {
        signal.removeEventListener('abort', stop);
        await reader.close();
      }
    }
  }

  #takeIn(records: readonly LogRecord[], next: Offset): void {
    for (const record of records) {
      this.#lastRecordAt = Math.max(this.#lastRecordAt, record.timestamp);
      try {
        this.#takeOne(record);
      } catch (error) {
        const why = (error as Error).message;
        this.#options.onWarning(`The record ${record.offset} of ${this.#topic}: ${why}`);
      }
    }
    this.#reading.passed(next);
  }

  #takeOne({ key, value, timestamp }: LogRecord): void {
    const record = decodeRecord(String(key), value);
    if (record.kind === 'roll') return;
    if (record.kind === 'subject') {
      this.subjects.take(record.subject, record.stands);
      if (!record.stands) this.#endedAt = Math.max(this.#endedAt, timestamp);
      return;
    }
    const { keyId } = record;
    if (record.kind === 'key') {
      this.#missing.delete(keyId);
      this.#store(keyId, record.wrapped);
      if (this.#erased.has(keyId)) this.onRevived(keyId);
      return;
    }
    this.#endedAt = Math.max(this.#endedAt, timestamp);
    this.#unwrapped.delete(keyId);
    if (record.kind === 'no-key') this.#stored.delete(keyId);
    else {
      this.#erased.add(keyId);
      this.onErased();
    }
  }

  /** A wrapping that can't be opened here doesn't take the place of one that can. */
  #store(keyId: string, wrapped: Wrapped): void {
    const { masters, onWarning } = this.#options;
    const stored = this.#stored.get(keyId);
    if (!masters.has(wrapped.master)) {
      onWarning(`MASTER_KEY lacks the key ${wrapped.master}, which wraps keys of persons.`);
      if (stored && masters.has(stored.master)) return;
    }
    this.#stored.set(keyId, wrapped);
  }
}
