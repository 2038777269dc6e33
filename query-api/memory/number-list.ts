const smallest = 4;

/**
 * Numbers from 0 to 4,294,967,295 in no order. V8 looks at every item of an array whenever it
 * collects its whole heap, but at none of these, which also take half of the memory.
 */
export class NumberList {
  #numbers = new Uint32Array(smallest);
  #length = 0;

  static of(numbers: readonly number[]): NumberList {
    const list = new NumberList();
    for (const number of numbers) list.push(number);
    return list;
  }

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Uint32Array(Math.ceil(1.5 * this.#length));
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** Puts the last number into its place. @returns whether it was there. */
  remove(number: number): boolean {
    const at = this.all().indexOf(number);
    if (at === -1) return false;
    this.#length -= 1;
    this.#numbers[at] = this.#numbers[this.#length]!;
    return true;
  }

  /** All numbers, until the next change. */
  all(): Uint32Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
