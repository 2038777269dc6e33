import { TypedFastBitSet } from 'typedfastbitset';
import { NumberList } from './number-list.ts';
import type { Range } from './range.ts';

/**
 * Which members have which value. A range is a few values with many members each, so all of its
 * members are found without comparing any of them.
 */
export class ValueMembers {
  readonly #members = new Map<number, NumberList>();

  add(value: number, member: number): void {
    let members = this.#members.get(value);
    if (!members) {
      members = new NumberList();
      this.#members.set(value, members);
    }
    members.push(member);
  }

  /** Does nothing for a member that doesn't have the value. */
  remove(value: number, member: number): void {
    const members = this.#members.get(value);
    members?.remove(member);
    if (members?.length === 0) this.#members.delete(value);
  }

  /** A new set of the members with a value in the range. */
  within({ from, to }: Range): TypedFastBitSet {
    const found = new TypedFastBitSet();
    for (const [value, members] of this.#members) {
      if ((from !== null && value < from) || (to !== null && value > to)) continue;
      for (const member of members.all()) found.add(member);
    }
    return found;
  }
}
