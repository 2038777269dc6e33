import { LRUCache } from 'lru-cache';

/** Of one view. */
const mostBytes = 32 * 2 ** 20;
/** A user who has more is read anew. */
const mostValuesOfUser = 500;
/** What a kept value takes besides its text. */
const valueBytes = 200;

type Kept = { value: unknown; bytes: number };
type OfUser = { values: Map<string, Kept>; bytes: number };

/** Keeps a value that was read, such as a page, under a name. */
export type Keep = (name: string, value: unknown) => void;

/** Documents that were read of users, by any names that queries give them. */
export class MyDocuments {
  readonly #users = new LRUCache<string, OfUser>({
    maxSize: mostBytes,
    sizeCalculation: ({ bytes }) => bytes,
  });

  users(): Iterable<string> {
    return this.#users.keys();
  }

  remove(user: string): void {
    this.#users.delete(user);
  }

  /** Undefined if it isn't known; null is a value too. */
  value<T>(user: string, name: string): T | null | undefined {
    return this.#users.get(user)?.values.get(name)?.value as T | null | undefined;
  }

  keep(user: string, name: string, value: unknown): void {
    const known = this.#users.peek(user);
    const isFull = known && known.values.size >= mostValuesOfUser;
    const ofUser: OfUser = known && !isFull ? known : { values: new Map(), bytes: valueBytes };
    const { values } = ofUser;
    const before = values.get(name)?.bytes ?? 0;
    const bytes = valueBytes + 2 * (name.length + JSON.stringify(value).length);
    values.set(name, { value, bytes });
    // The cache learns of another size only by another value.
    this.#users.set(user, { values, bytes: ofUser.bytes + bytes - before });
  }
}
