import { TypedFastBitSet } from 'typedfastbitset';
import { TextMap } from './text-map.ts';

/** Most names have one member only, which then needs no array. */
type Name = { readonly name: string; members: number | number[] };

const gramLength = 3;

/**
 * Names, and which members have them; finds names by any part. Only the names that share the
 * rarest three letters of a part are compared with it. A part of one or two letters, which a large
 * share of all names have, is compared with every name: some milliseconds for 100,000 names.
 */
export class NameIndex {
  readonly #byName = new TextMap<Name>();
  readonly #names: Name[] = [];
  /** The names with these three letters in a row. */
  readonly #byGram = new Map<string, Name[]>();

  add(name: string, member: number): void {
    const known = this.#byName.get(name);
    if (known) {
      if (typeof known.members === 'number') known.members = [known.members, member];
      else known.members.push(member);
      return;
    }
    const added: Name = { name, members: member };
    this.#byName.set(name, added);
    this.#names.push(added);
    for (const gram of gramsOf(name)) {
      const names = this.#byGram.get(gram);
      if (names) names.push(added);
      else this.#byGram.set(gram, [added]);
    }
  }

  /** The name stays without members: names are seldom removed, and often come back. */
  remove(name: string, member: number): void {
    const known = this.#byName.get(name);
    if (known) known.members = membersOf(known).filter((one) => one !== member);
  }

  /** The members that have this very name. */
  of(name: string): readonly number[] {
    const known = this.#byName.get(name);
    return known ? membersOf(known) : [];
  }

  /** The members that have a name with this part. */
  containing(part: string): TypedFastBitSet {
    const found = new TypedFastBitSet();
    for (const one of this.#candidates(part)) {
      if (one.name.includes(part)) for (const member of membersOf(one)) found.add(member);
    }
    return found;
  }

  /** All names with the part are among these. */
  #candidates(part: string): Iterable<Name> {
    if (part.length < gramLength) return this.#names;
    const lists = gramsOf(part).map((gram) => this.#byGram.get(gram) ?? []);
    return lists.reduce((rarest, list) => (list.length < rarest.length ? list : rarest));
  }
}

const membersOf = ({ members }: Name): readonly number[] =>
  typeof members === 'number' ? [members] : members;

function gramsOf(text: string): string[] {
  const grams = new Set<string>();
  for (let at = 0; at + gramLength <= text.length; at += 1) {
    grams.add(text.slice(at, at + gramLength));
  }
  return [...grams];
}
