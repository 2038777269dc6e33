import { beforeEach, describe, expect, it } from 'vitest';
import { ClockError, DatabaseClock } from './database-clock.ts';

const year = 365 * 86_400_000;

let aheadMs = 0;
let said: string[] = [];
beforeEach(() => {
  aheadMs = 0;
  said = [];
});

const clockOf = (toleranceMs = 5_000) =>
  new DatabaseClock({
    toleranceMs,
    now: () => Date.now() + aheadMs,
    onWarning: (message) => said.push(message),
  });
const compare = (clock: DatabaseClock, { roundTripMs = 0 } = {}) =>
  clock.compare(performance.now() - roundTripMs, Date.now() - roundTripMs);

describe('a clock that is compared with the database’s', () => {
  it.each([
    [73 * year, '73.0 years ahead of'],
    [-7_000, '7.0 s behind'],
  ])('gives no time while it is off by %d ms', (offMs, how) => {
    const clock = clockOf();
    aheadMs = offMs;
    compare(clock);
    expect(() => clock.now()).toThrow(ClockError);
    expect(() => clock.now()).toThrow(`${how} the database's`);
    expect(() => clock.now()).toThrow('CLOCK_TOLERANCE_MS');
  });

  it.each([4_000, -4_000])('may be off by %d ms', (offMs) => {
    const clock = clockOf();
    aheadMs = offMs;
    compare(clock);
    expect(clock.trouble()).toBeNull();
    expect(Math.abs(clock.now() - Date.now() - offMs)).toBeLessThan(1_000);
  });

  it('is not off because the answer took long', () => {
    const clock = clockOf(1_000);
    compare(clock, { roundTripMs: 60_000 });
    expect(clock.trouble()).toBeNull();
  });

  it('gives no time as soon as it jumps, before it is compared again', () => {
    const clock = clockOf();
    compare(clock);
    expect(clock.trouble()).toBeNull();
    aheadMs = year;
    expect(() => clock.now()).toThrow(ClockError);
    aheadMs = 0;
    expect(clock.trouble()).toBeNull();
  });

  it('tells once that it is off, and once that it is right again', () => {
    const clock = clockOf();
    for (const offMs of [0, year, year, 0, 0]) {
      aheadMs = offMs;
      compare(clock);
    }
    expect(said).toEqual([
      expect.stringContaining('ahead'),
      expect.stringContaining('right again'),
    ]);
  });
});
