import type { Millis } from '../event.ts';

/** This process's clock is not to be trusted now. */
export class ClockError extends Error {
  override name = 'ClockError';
}

const defaultToleranceMs = 5_000;

export type ClockOptions = {
  /** How far this process's clock may be off the database's. */
  toleranceMs?: number;
  now?(): Millis;
  /** Called when the clock turns out to be off, and when it is right again. */
  onWarning?(message: string): void;
};

/**
 * This process's clock, as long as it shows the database's time. One commit by a process whose
 * clock is years ahead would stamp all later events of the lane so, since their times never go
 * back. Between two comparisons a monotonic clock goes on, so that even a jump is noticed at once.
 */
export class DatabaseClock {
  readonly #toleranceMs: number;
  readonly #now: () => Millis;
  readonly #onWarning: (message: string) => void;
  /** The database's time lay between `earliest` and `latest` at that `performance.now()`. */
  #compared: { at: number; earliest: Millis; latest: Millis } | null = null;
  #wasOff = false;

  constructor({ toleranceMs = defaultToleranceMs, now = Date.now, onWarning }: ClockOptions = {}) {
    this.#toleranceMs = toleranceMs;
    this.#now = now;
    this.#onWarning = onWarning ?? (() => {});
  }

  /** @throws ClockError while the clock is off. */
  now(): Millis {
    const trouble = this.trouble();
    if (trouble) throw new ClockError(trouble);
    return this.#now();
  }

  /** What is wrong with the clock; null while nothing is known to be. */
  trouble(): string | null {
    const offMs = this.#offMs();
    if (Math.abs(offMs) <= this.#toleranceMs) return null;
    const side = offMs > 0 ? 'ahead of' : 'behind';
    const off = `${durationOf(Math.abs(offMs))} ${side} the database's`;
    const tolerated = `CLOCK_TOLERANCE_MS allows ${this.#toleranceMs} ms`;
    return `the clock of this machine is ${off} (${tolerated}): set it right`;
  }

  /** @param sentAt the `performance.now()` before the database was asked for its time. */
  compare(sentAt: number, databaseTime: Millis): void {
    const at = performance.now();
    this.#compared = { at, earliest: databaseTime, latest: databaseTime + at - sentAt };
    const trouble = this.trouble();
    if (trouble && !this.#wasOff) this.#onWarning(`no lane is worked here: ${trouble}`);
    if (!trouble && this.#wasOff) this.#onWarning('the clock of this machine is right again');
    this.#wasOff = trouble !== null;
  }

  /** By how much this clock is surely off; positive if it is ahead. */
  #offMs(): number {
    if (!this.#compared) return 0;
    const { at, earliest, latest } = this.#compared;
    const now = this.#now() - (performance.now() - at);
    if (now < earliest) return now - earliest;
    return Math.max(0, now - latest);
  }
}

const units = [
  ['years', 365 * 86_400_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;

function durationOf(ms: number): string {
  const [unit, length] = units.find(([, length]) => ms >= 2 * length) ?? ['s', 1_000];
  return `${(ms / length).toFixed(1)} ${unit}`;
}
