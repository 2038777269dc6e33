import { groupCopy } from '@event-sourced/kernel/query';
import { LRUCache } from 'lru-cache';
import { views } from '#schemas/views.ts';
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
  readonly #beingRead = new Set<BeingRead>();

  ids(): Iterable<string> {
    const beingRead = [...this.#beingRead].map(({ user }) => user);
    return new Set([...this.#items.keys(), ...this.#counts.keys(), ...beingRead]);
  }

  remove(user: string): void {
    this.#items.delete(user);
    this.#counts.delete(user);
    for (const one of this.#beingRead) if (one.user === user) one.isStillTrue = false;
  }

  /** How many documents the user has. */
  async count(user: string, read: () => Promise<number>): Promise<number> {
    const known = this.#items.get(user)?.length ?? this.#counts.get(user);
    return known ?? this.#read(user, read, this.#counts);
  }

  /** All items of the user, made with this catalogue. */
  async items(
    user: string,
    every: MyItems['every'],
    read: () => Promise<MyItems>,
  ): Promise<MyItems> {
    const known = this.#items.get(user);
    return known?.every === every ? known : this.#read(user, read, this.#items);
  }

  async #read<T extends object | number>(
    user: string,
    read: () => Promise<T>,
    kept: LRUCache<string, T>,
  ): Promise<T> {
    const beingRead = { user, isStillTrue: true };
    this.#beingRead.add(beingRead);
    try {
      const found = await read();
      if (beingRead.isStillTrue) kept.set(user, found);
      return found;
    } finally {
      this.#beingRead.delete(beingRead);
    }
  }
}

export const myVotes = groupCopy({ view: views.votes, make: () => new MyLists() });
export const myReminders = groupCopy({ view: views.reminders, make: () => new MyLists() });
export const myPlays = groupCopy({ view: views.plays, make: () => new MyLists() });
