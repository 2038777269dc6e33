/** Milliseconds. */
const limits = { first: 200, most: 3_200 };

/**
 * How long a lane that can't be appended to may hold up the others, before it is left out. Where
 * no append succeeds at all, the brokers may only be slow: each one then gets twice the time of
 * the last one, and the usual time again after one that succeeds.
 */
export class AppendLimit {
  #ms = limits.first;

  async under<T>(append: (limit: { troubleAfterMs: number }) => Promise<T>): Promise<T> {
    const troubleAfterMs = this.#ms;
    try {
      const result = await append({ troubleAfterMs });
      this.#ms = limits.first;
      return result;
    } catch (error) {
      this.#ms = Math.min(limits.most, troubleAfterMs * 2);
      throw error;
    }
  }
}
