const parts = 64;

/**
 * A map by text that grows in small steps. A `Map` copies all of its entries whenever it has to
 * double: with half a million of them the event loop stands still for 50 ms and more.
 */
export class TextMap<Value> {
  readonly #parts = Array.from({ length: parts }, () => new Map<string, Value>());

  get(text: string): Value | undefined {
    return this.#part(text).get(text);
  }

  set(text: string, value: Value): void {
    this.#part(text).set(text, value);
  }

  /** @returns whether it was there. */
  delete(text: string): boolean {
    return this.#part(text).delete(text);
  }

  /** The number of entries in the largest part: so many are copied at once when it grows. */
  get largestPart(): number {
    return Math.max(...this.#parts.map(({ size }) => size));
  }

  #part(text: string): Map<string, Value> {
    return this.#parts[hashOf(text) % parts]!;
  }
}

/** FNV-1a, which spreads similar texts evenly. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  }
  return hash >>> 0;
}
