import { TypedFastBitSet } from 'typedfastbitset';
import { NumberList } from './number-list.ts';
import { TextMap } from './text-map.ts';

const gramLength = 3;

/**
 * Names, and which members have them; finds names by any part. Only the names that share the
 * rarest three letters of a part are compared with it. A part of one or two letters, which a large
 * share of all names have, is compared with every name: some milliseconds for 100,000 names.
 *
 * A name is a number here, as half a million of them have some six million grams.
 */
export class NameIndex {
  readonly #numbers = new TextMap<number>();
  /** By number, as the members are. */
  readonly #names: string[] = [];
  /** Most names have one member only, which then needs no array. */
  readonly #members: (number | number[])[] = [];
  /** The names with these three letters in a row. */
  readonly #byGram = new Map<string, NumberList>();

  add(name: string, member: number): void {
    const known = this.#numbers.get(name);
    if (known !== undefined) {
      const members = this.#members[known]!;
      if (typeof members === 'number') this.#members[known] = [members, member];
      else members.push(member);
      return;
    }
    const added = this.#names.push(name) - 1;
    this.#numbers.set(name, added);
    this.#members[added] = member;
    for (const gram of gramsOf(name)) {
      let names = this.#byGram.get(gram);
      if (!names) {
        names = new NumberList();
        this.#byGram.set(gram, names);
      }
      names.push(added);
    }
  }

  /** The name stays without members: names are seldom removed, and often come back. */
  remove(name: string, member: number): void {
    const known = this.#numbers.get(name);
    if (known === undefined) return;
    this.#members[known] = this.#membersOf(known).filter((one) => one !== member);
  }

  /** The members that have this very name. */
  of(name: string): readonly number[] {
    const known = this.#numbers.get(name);
    return known === undefined ? [] : this.#membersOf(known);
  }

  /** The members that have a name with this part. */
  containing(part: string): TypedFastBitSet {
    const found = new TypedFastBitSet();
    for (const number of this.#candidates(part)) {
      if (!this.#names[number]!.includes(part)) continue;
      for (const member of this.#membersOf(number)) found.add(member);
    }
    return found;
  }

  #membersOf(number: number): readonly number[] {
    const members = this.#members[number]!;
    return typeof members === 'number' ? [members] : members;
  }

  /** All names with the part are among these. */
  #candidates(part: string): Iterable<number> {
    if (part.length < gramLength) return this.#names.keys();
    const lists = gramsOf(part).map((gram) => this.#byGram.get(gram)?.all() ?? none);
    return lists.reduce((rarest, list) => (list.length < rarest.length ? list : rarest));
  }
}

const none = new Uint32Array(0);

function gramsOf(text: string): string[] {
  const grams = new Set<string>();
  for (let at = 0; at + gramLength <= text.length; at += 1) {
    grams.add(text.slice(at, at + gramLength));
  }
  return [...grams];
}
