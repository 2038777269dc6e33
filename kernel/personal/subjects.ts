import type { Subject } from './key-topic.ts';

/**
 * Which id stands for the `sub` of a token, as the topic says: the first record that still stands.
 * All who read the topic agree on it, also where two nodes gave an id at once.
 */
export class Subjects {
  /** The ids that stand, the first one first. */
  readonly #ids = new Map<string, readonly string[]>();
  readonly #subs = new Map<string, string>();

  take({ sub, userId }: Subject, stands: boolean): void {
    const ids = this.#ids.get(sub) ?? [];
    if (stands) {
      if (!ids.includes(userId)) this.#ids.set(sub, [...ids, userId]);
      this.#subs.set(userId, sub);
      return;
    }
    const left = ids.filter((id) => id !== userId);
    if (left.length > 0) this.#ids.set(sub, left);
    else this.#ids.delete(sub);
    this.#subs.delete(userId);
  }

  idOf = (sub: string): string | undefined => this.#ids.get(sub)?.[0];

  /** All that the topic has for the `sub` that this id stands for. */
  allWith(userId: string): Subject[] {
    const sub = this.#subs.get(userId);
    if (sub === undefined) return [];
    return (this.#ids.get(sub) ?? []).map((id) => ({ sub, userId: id }));
  }
}
