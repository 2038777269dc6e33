import type { Wrapped } from './master-keys.ts';

/** Wrapped keys by their ids, in little memory: a string of one byte a character for each. */
export class StoredKeys {
  readonly #packed = new Map<string, string>();

  get size(): number {
    return this.#packed.size;
  }

  has = (keyId: string): boolean => this.#packed.has(keyId);

  get(keyId: string): Wrapped | undefined {
    const packed = this.#packed.get(keyId);
    return packed === undefined ? undefined : unpacked(packed);
  }

  set(keyId: string, { master, bytes }: Wrapped): void {
    this.#packed.set(keyId, `${master}:${bytes.toString('latin1')}`);
  }

  delete = (keyId: string): boolean => this.#packed.delete(keyId);

  /** How many keys each master key wraps, by its name. */
  wrappedBy(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const packed of this.#packed.values()) {
      const { master } = unpacked(packed);
      counts.set(master, (counts.get(master) ?? 0) + 1);
    }
    return counts;
  }

  /** The ids of the keys that another than this master key wraps. */
  notWrappedBy(master: string): string[] {
    const all = [...this.#packed].filter(([, packed]) => unpacked(packed).master !== master);
    return all.map(([keyId]) => keyId);
  }
}

function unpacked(packed: string): Wrapped {
  const at = packed.indexOf(':');
  return { master: packed.slice(0, at), bytes: Buffer.from(packed.slice(at + 1), 'latin1') };
}
