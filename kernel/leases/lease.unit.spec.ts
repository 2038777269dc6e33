import type { ClientSession } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpausedNow } from './clock.ts';
import { HeldLease } from './lease.ts';

const ttlMs = 3_000;
const taken = () =>
  new HeldLease(
    {
      ...{ role: 'writer', lane: 0, term: 1, session: {} as ClientSession },
      deadline: unpausedNow() + ttlMs,
    },
    { passOn: () => false, onDeadline: undefined },
  );

describe('a lease', () => {
  // The machine sleeps: its wall clock has gone on, and `performance.now()` has not.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('runs out while the machine sleeps', () => {
    const lease = taken();
    expect(lease.valid).toBe(true);
    vi.setSystemTime(Date.now() + ttlMs + 100);
    expect(lease.valid).toBe(false);
  });

  it('that was renewed after that holds again', () => {
    const lease = taken();
    vi.setSystemTime(Date.now() + 60_000);
    lease.renewed(unpausedNow() + ttlMs);
    expect(lease.valid).toBe(true);
  });

  it('holds no longer because the wall clock is set back', () => {
    const lease = taken();
    const before = performance.now();
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(lease.valid).toBe(true);
    expect(unpausedNow()).toBeGreaterThanOrEqual(before);
    vi.setSystemTime(Date.now() + ttlMs + 100);
    expect(lease.valid).toBe(false);
  });
});
