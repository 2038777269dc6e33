const idleClients = 1_000;

/**
 * Counts how much of something limited is taken, and by whom. One client gets a quarter of it at
 * most, so that it never takes everything from the others.
 */
export class ClientShares {
  readonly #limit: number;
  readonly #ofOne: number;
  /** By client. Those that have nothing stay for a while, so that few come and go. */
  readonly #taken = new Map<string, number>();
  readonly #mostKnown: number;
  #sum = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#ofOne = Math.ceil(limit / 4);
    this.#mostKnown = limit + idleClients;
  }

  get isFull(): boolean {
    return this.#sum >= this.#limit;
  }

  /** @returns false if nothing is left, or if the client has its whole share already. */
  take(client: string): boolean {
    const taken = this.#taken.get(client) ?? 0;
    if (this.isFull || taken >= this.#ofOne) return false;
    this.#taken.set(client, taken + 1);
    this.#sum += 1;
    if (this.#taken.size > this.#mostKnown) this.#forgetIdle();
    return true;
  }

  giveBack(client: string): void {
    const taken = this.#taken.get(client) ?? 0;
    if (taken === 0) return;
    this.#sum -= 1;
    this.#taken.set(client, taken - 1);
  }

  #forgetIdle(): void {
    for (const [client, taken] of this.#taken) if (taken === 0) this.#taken.delete(client);
  }
}
