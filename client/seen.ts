/**
 * The consistency tokens that a client has been given and no later token covers. An answer's token
 * covers those that its request was sent with. Answers to requests that were under way at the same
 * time don't cover each other, so both are kept, and sent together.
 */
export class Seen {
  #tokens: readonly string[] = [];
  #told: string | null = null;

  get tokens(): readonly string[] {
    return this.#tokens;
  }

  /** The value of the `Consistency-Token` header; null if nothing was seen. */
  get header(): string | null {
    return this.#tokens.length > 0 ? this.#tokens.join(',') : null;
  }

  /** @param sent the header of the request that was answered with this token. */
  add(token: string, sent: string | null): void {
    const covered = new Set(sent?.split(','));
    const kept = this.#tokens.filter((one) => one !== token && !covered.has(one));
    this.#tokens = [...kept, token];
  }

  /** Notes the token of a live message, which covers those of the messages before it. */
  tell(token: string): void {
    this.add(token, this.#told);
    this.#told = token;
  }

  /** After a reset of the system, its log is another one: what was seen of the old one is void. */
  forget(): void {
    this.#tokens = [];
  }
}
