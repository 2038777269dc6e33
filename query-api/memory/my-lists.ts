import { groupCopy } from '@event-sourced/kernel/query';
import { LRUCache } from 'lru-cache';
import { views } from '#schemas/views.ts';
import { type Keep, MyDocuments } from './my-documents.ts';
import type { MyItems } from './my-items.ts';

/** Of one view. A vote takes some 70 bytes, so these are the votes of many users. */
const mostBytes = 32 * 2 ** 20;
const mostCounts = 10_000;

type BeingRead = { user: string; isStillTrue: boolean };

/** What was read of the lists of users, each kept until the user changes something in it. */
export class MyLists {
  readonly #items = new LRUCache<string, MyItems>({
    maxSize: mostBytes,
    sizeCalculation: ({ bytes }) => bytes,
  });
  readonly #counts = new LRUCache<string, number>({ max: mostCounts });
  readonly #documents = new MyDocuments();
  readonly #beingRead = new Set<BeingRead>();

  ids(): Iterable<string> {
    const beingRead = [...this.#beingRead].map(({ user }) => user);
    const read = [this.#items.keys(), this.#counts.keys(), this.#documents.users(), beingRead];
    return new Set(read.flatMap((users) => [...users]));
  }

  remove(user: string): void {
    this.#items.delete(user);
    this.#counts.delete(user);
    this.#documents.remove(user);
    for (const one of this.#beingRead) if (one.user === user) one.isStillTrue = false;
  }

  /** How many documents the user has. */
  async count(user: string, read: () => Promise<number>): Promise<number> {
    const known = this.#items.get(user)?.length ?? this.#counts.get(user);
    return known ?? this.#readInto(this.#counts, user, read);
  }

  /** All items of the user, made with this catalogue. */
  async items(
    user: string,
    every: MyItems['every'],
    read: () => Promise<MyItems>,
  ): Promise<MyItems> {
    const known = this.#items.get(user);
    return known?.every === every ? known : this.#readInto(this.#items, user, read);
  }

  /** Some documents of the user, such as a page, that are kept under this name. */
  async documents<T extends object>(
    user: string,
    name: string,
    read: () => Promise<T>,
  ): Promise<T> {
    const known = this.#documents.value<T>(user, name);
    if (known) return known;
    return this.reading(user, async (keep) => {
      const found = await read();
      keep(name, found);
      return found;
    });
  }

  /** What a read has kept under this name; undefined if it isn't known. */
  known<T>(user: string, name: string): T | null | undefined {
    return this.#documents.value<T>(user, name);
  }

  /** Reads of the user; what it keeps is forgotten if the user changes something meanwhile. */
  async reading<T>(user: string, read: (keep: Keep) => Promise<T>): Promise<T> {
    return this.#whileTrue(user, (isStillTrue) =>
      read((name, value) => {
        if (isStillTrue()) this.#documents.keep(user, name, value);
      }),
    );
  }

  #readInto<T extends object | number>(
    kept: LRUCache<string, T>,
    user: string,
    read: () => Promise<T>,
  ): Promise<T> {
    return this.#whileTrue(user, async (isStillTrue) => {
      const found = await read();
      if (isStillTrue()) kept.set(user, found);
      return found;
    });
  }

  async #whileTrue<T>(user: string, read: (isStillTrue: () => boolean) => Promise<T>): Promise<T> {
    const beingRead = { user, isStillTrue: true };
    this.#beingRead.add(beingRead);
    try {
      return await read(() => beingRead.isStillTrue);
    } finally {
      this.#beingRead.delete(beingRead);
    }
  }
}

/** What was read of lists of everybody, kept until anybody changes something in them. */
export class SharedLists extends MyLists {
  /** In place of a user. */
  static readonly everybody = '';

  override remove(): void {
    super.remove(SharedLists.everybody);
  }
}

export const myVotes = groupCopy({ view: views.votes, make: () => new MyLists() });
export const myReminders = groupCopy({ view: views.reminders, make: () => new MyLists() });
export const myPlays = groupCopy({ view: views.plays, make: () => new MyLists() });
export const myTickets = groupCopy({ view: views.tickets, make: () => new MyLists() });
export const allTickets = groupCopy({ view: views.tickets, make: () => new SharedLists() });
export const myNotifications = groupCopy({ view: views.notifications, make: () => new MyLists() });
export const myItemChanges = groupCopy({ view: views.changes, make: () => new MyLists() });
