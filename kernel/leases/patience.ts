import type { Lease } from './lease.ts';

/** A leader election takes less, so lanes don't move because of one. */
const patientMs = 5_000;

/** Passes a lane on that gets nowhere in this process, once another member stands by. */
export class Patience {
  readonly #lease: Pick<Lease, 'passOn'>;
  #wellAt = performance.now();

  constructor(lease: Pick<Lease, 'passOn'>) {
    this.#lease = lease;
  }

  /** The lane got somewhere, or has nothing to do. */
  well(): void {
    this.#wellAt = performance.now();
  }

  /** Called now and then, with why the lane may be stuck. */
  check(reason: string): void {
    const stuckMs = performance.now() - this.#wellAt;
    if (stuckMs < patientMs) return;
    this.#lease.passOn(`it got nowhere for ${Math.round(stuckMs / 1000)} s (${reason})`);
  }
}
