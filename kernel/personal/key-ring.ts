import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '../config.ts';
import type { ConsistencyToken } from '../consistency-token.ts';
import type { Log, LogRecord, Offset } from '../log/log.ts';
import { type KnownKey, knownKeys } from '../personal-text.ts';
import { decodeKey, encodeKey, personKeysTopic, rollKey } from './key-topic.ts';
import { MasterKeyMissingError, type MasterKeys } from './master-keys.ts';
import { keyBytes, PersonKey } from './person-key.ts';

export type KeyRingOptions = {
  log: Log;
  prefix: string;
  masters: MasterKeys;
  onWarning(message: string): void;
};

const lane = 0;
const retryMs = 500;

/** Follows the topic of keys into this process's memory, and writes to it. */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #topic: string;
  /** By topic and lane of the people's events. */
  readonly #erasedUpTo = new Map<string, Offset>();
  readonly #closing = new AbortController();
  readonly #own = new Map<string, KnownKey>();
  /** Keys whose last record in the topic isn't their end. */
  readonly #standing = new Set<string>();
  #waiting: { next: Offset; done(): void }[] = [];
  #next: Offset = 0;
  #following: Promise<void> | null = null;
  /** Called when a key is destroyed. */
  onDestroyed: () => void = () => {};
  /** Called when a key is written again that was destroyed before. */
  onRevived: (keyId: string) => void = () => {};
  /** By the clocks of those who wrote: the last destruction, and the last record after it. */
  destroyedAt = 0;
  lastRecordAt = 0;

  private constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#topic = personKeysTopic(options.prefix);
  }

  /**
   * Resolves once all keys that the topic had are known.
   * @throws ConfigError if a key is wrapped by a master key that isn't among the given ones.
   */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options);
    ring.#following = ring.#follow();
    await ring.caughtUp();
    if ([...ring.#own.values()].includes('locked')) {
      await ring.close();
      throw new ConfigError(
        'MASTER_KEY has not all keys that wrap keys of persons: add the former one after a comma.',
      );
    }
    return ring;
  }

  /** Resolves once everything is known that the topic has now. */
  async caughtUp(): Promise<void> {
    const [next = 0] = await this.#options.log.stableOffsets(this.#topic);
    await this.#reached(next);
  }

  /** A key that the topic doesn't have was destroyed long ago: nothing is left of it. */
  async settle(keyId: string): Promise<void> {
    await this.caughtUp();
    if (!knownKeys.has(keyId)) knownKeys.set(keyId, 'destroyed');
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
    for (const [place, offset] of news) this.#erasedUpTo.set(place, offset);
  }

  get(keyId: string): KnownKey | undefined {
    return this.#own.get(keyId);
  }

  /** Keys that are there, for a rotation. */
  *present(): Iterable<string> {
    for (const [keyId, key] of this.#own) if (key !== 'destroyed') yield keyId;
  }

  /** Makes a key, and resolves once it is in the topic for good, and known here. */
  async make(keyId: string): Promise<void> {
    const wrapped = this.#options.masters.wrap(keyId, randomBytes(keyBytes));
    await this.#put(keyId, encodeKey(wrapped));
  }

  /** Puts an end to a key, and resolves once that is in the topic for good, and known here. */
  destroy = (keyId: string): Promise<void> => this.#put(keyId, null);

  /** Whether the topic has the key, as far as it is known here. */
  stands = (keyId: string): boolean => this.#standing.has(keyId);

  /** A record that ends the topic's segment, if that is old enough. */
  roll = (): Promise<void> => this.#put(rollKey, Buffer.from('{}'));

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
    // Another ring of this process may follow the same topic; it would read its keys again.
    for (const keyId of this.#own.keys()) knownKeys.delete(keyId);
  }

  async #put(key: string, value: Buffer | null): Promise<void> {
    const timestamp = Date.now();
    const at = { topic: this.#topic, lane, key, value, timestamp };
    await this.#reached((await this.#options.log.put(at)) + 1);
  }

  #reached(next: Offset): Promise<void> {
    if (this.#next >= next) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ next, done: resolve });
    return promise;
  }

  async #follow(): Promise<void> {
    const { log, onWarning } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const reader = log.reader();
      const stop = () => void reader.close();
      signal.addEventListener('abort', stop);
      try {
        const from = { topic: this.#topic, lane, next: this.#next };
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
    for (const record of records) this.#takeOne(record);
    this.#next = next;
    const reached = this.#waiting.filter((one) => one.next <= next);
    this.#waiting = this.#waiting.filter((one) => one.next > next);
    for (const { done } of reached) done();
  }

  #takeOne({ key, value, timestamp }: LogRecord): void {
    const keyId = String(key);
    this.lastRecordAt = Math.max(this.lastRecordAt, timestamp);
    if (keyId === rollKey) return;
    if (value === null) {
      this.#standing.delete(keyId);
      this.destroyedAt = Math.max(this.destroyedAt, timestamp);
      this.#know(keyId, 'destroyed');
      this.onDestroyed();
      return;
    }
    this.#standing.add(keyId);
    // A key that was destroyed stays so, whatever a copy or a rotation has written since.
    if (this.#own.get(keyId) === 'destroyed') {
      this.onRevived(keyId);
      return;
    }
    try {
      const material = this.#options.masters.unwrap(keyId, decodeKey(value));
      this.#know(keyId, new PersonKey(keyId, material));
    } catch (error) {
      const { message } = error as Error;
      const isMissing = error instanceof MasterKeyMissingError;
      this.#options.onWarning(isMissing ? message : `The key ${keyId} can't be read: ${message}`);
      // What a rotation wrapped anew is the same key.
      if (!(this.#own.get(keyId) instanceof PersonKey)) this.#know(keyId, 'locked');
    }
  }

  #know(keyId: string, key: KnownKey): void {
    this.#own.set(keyId, key);
    knownKeys.set(keyId, key);
  }
}
