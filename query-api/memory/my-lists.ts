import { groupCopy } from '@event-sourced/kernel/query';
import { LRUCache } from 'lru-cache';
import { views } from '#schemas/views.ts';
import { type Keep, MyDocuments } from './my-documents.ts';
import type { MyItems } from './my-items.ts';

/** Of one view. A vote takes some 70 bytes, so these are the votes of many users. */
const mostBytes = 32 * 2 ** 20;
const mostCounts = 10_000;

/** So many documents may change until a list is read anew. */
const mostChanged = 1_000;

/** What has changed in a user's list since it was read, or while it is. */
class Changed {
  readonly ids = new Set<string>();
  /** Anything may have changed. */
  isAll = false;

  get isNone(): boolean {
    return this.ids.size === 0 && !this.isAll;
  }

  add(ids: readonly string[] | undefined): void {
    for (const id of ids ?? []) this.ids.add(id);
    if (!ids || this.ids.size > mostChanged) this.isAll = true;
  }
}

type BeingRead = {
  user: string;
  changed: Changed;
  /** All items, made with this catalogue, if these are what is read. */
  items?: { every: MyItems['every']; all: Promise<MyItems> } | undefined;
  /** Some documents, if these are what is read. */
  documents?: { name: string; found: Promise<object> } | undefined;
};
type KeptItems = { items: MyItems; changed: Changed };

/** How the items of a user are read. */
export type ReadItems = {
  all(): Promise<MyItems>;
  /** What the items are once these have changed. */
  changed(items: MyItems, ids: readonly string[]): Promise<MyItems>;
};

/**
 * What was read of the lists of users (or of tickets), each kept until something in it changes. Of
 * items, only those that have changed are read anew.
 */
export class MyLists {
  readonly #items = new LRUCache<string, KeptItems>({
    maxSize: mostBytes,
    sizeCalculation: ({ items }) => items.bytes,
  });
  readonly #counts = new LRUCache<string, number>({ max: mostCounts });
  readonly #documents = new MyDocuments();
  /** Few. A set would keep each, with its items, until V8 collects the whole heap. */
  readonly #beingRead: BeingRead[] = [];

  ids(): Iterable<string> {
    const beingRead = this.#beingRead.map(({ user }) => user);
    const read = [this.#items.keys(), this.#counts.keys(), this.#documents.users(), beingRead];
    return new Set(read.flatMap((users) => [...users]));
  }

  remove(user: string, documents?: readonly string[]): void {
    this.#counts.delete(user);
    this.#documents.remove(user);
    const kept = this.#items.peek(user);
    kept?.changed.add(documents);
    if (kept?.changed.isAll) this.#items.delete(user);
    for (const one of this.#beingRead) if (one.user === user) one.changed.add(documents);
  }

  /** How many documents the user has. */
  async count(user: string, read: () => Promise<number>): Promise<number> {
    const { items, changed } = this.#items.get(user) ?? {};
    const known = changed?.isNone ? items?.length : this.#counts.get(user);
    if (known !== undefined) return known;
    return this.#whileTrue(user, async (isStillTrue) => {
      const found = await read();
      if (isStillTrue()) this.#counts.set(user, found);
      return found;
    });
  }

  /** All items of the user, made with this catalogue. */
  async items(user: string, every: MyItems['every'], read: ReadItems): Promise<MyItems> {
    const { items: known, changed: before } = this.#items.get(user) ?? {};
    const isKnown = known?.every === every;
    if (isKnown && before?.isNone) return known;
    // What another request is just reading is as true, unless something has changed meanwhile.
    const shared = this.#beingRead.find(
      ({ user: of, items, changed }) => of === user && items?.every === every && changed.isNone,
    );
    if (shared?.items) {
      const items = await shared.items.all.catch(() => null);
      // That request may have been given up.
      return items ?? this.items(user, every, read);
    }
    const ids = [...(before?.ids ?? [])];
    return this.#whileTrue(user, async (_, own) => {
      own.items = { every, all: isKnown ? read.changed(known, ids) : read.all() };
      try {
        const items = await own.items.all;
        if (!own.changed.isAll) this.#items.set(user, { items, changed: own.changed });
        return items;
      } finally {
        own.items = undefined;
      }
    });
  }

  /** Some documents of the user, such as a page, that are kept under this name. */
  async documents<T extends object>(
    user: string,
    name: string,
    read: () => Promise<T>,
  ): Promise<T> {
    const known = this.#documents.value<T>(user, name);
    if (known) return known;
    const shared = this.#beingRead.find(
      ({ user: of, documents, changed }) =>
        of === user && documents?.name === name && changed.isNone,
    );
    if (shared?.documents) {
      const found = await shared.documents.found.catch(() => null);
      return (found as T | null) ?? this.documents(user, name, read);
    }
    return this.#whileTrue(user, async (isStillTrue, own) => {
      const found = read();
      own.documents = { name, found };
      try {
        const value = await found;
        if (isStillTrue()) this.#documents.keep(user, name, value);
        return value;
      } finally {
        own.documents = undefined;
      }
    });
  }

  /** `documents` of one user. */
  keptOf(user: string) {
    return <T extends object>(name: string, read: () => Promise<T>): Promise<T> =>
      this.documents(user, name, read);
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

  async #whileTrue<T>(
    user: string,
    read: (isStillTrue: () => boolean, own: BeingRead) => Promise<T>,
  ): Promise<T> {
    const own: BeingRead = { user, changed: new Changed() };
    this.#beingRead.push(own);
    try {
      return await read(() => own.changed.isNone, own);
    } finally {
      this.#beingRead.splice(this.#beingRead.indexOf(own), 1);
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
export const ticketEntries = groupCopy({ view: views.ticketEntries, make: () => new MyLists() });
export const allTickets = groupCopy({ view: views.tickets, make: () => new SharedLists() });
export const myNotifications = groupCopy({ view: views.notifications, make: () => new MyLists() });
export const myItemChanges = groupCopy({ view: views.changes, make: () => new MyLists() });
