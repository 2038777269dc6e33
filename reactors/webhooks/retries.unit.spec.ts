import { expect, it } from 'vitest';
import { settings } from '#schemas/config.ts';
import { nextTryAt, restMs } from './retries.ts';

const { webhookRetryMs: firstMs, webhookGiveUpS } = settings.read({});
const times = { firstMs, giveUpMs: webhookGiveUpS * 1_000 };
const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000] as const;

/** When a delivery is tried of which every try fails at once, since the first. */
function triedAt(given: typeof times): number[] {
  const at = [0];
  for (;;) {
    const now = at.at(-1)!;
    const next = nextTryAt(given, { tries: at.length - 1, triedSince: 0, now });
    if (next === null) return at;
    at.push(next);
  }
}
const pauses = (at: readonly number[]) => at.slice(1).map((time, index) => time - at[index]!);

it('a delivery is tried after pauses that grow, and given up after three days', () => {
  const at = triedAt(times);
  expect(pauses(at)).toEqual([
    ...[5_000, 20_000, 80_000, 320_000, 1_280_000, 5_120_000, 20_480_000, 81_920_000],
    dayMs,
  ]);
  expect(at.at(-1)).toBeLessThanOrEqual(3 * dayMs);
  expect(at.at(-1)! + dayMs).toBeGreaterThan(3 * dayMs);
});

it('a pause is never longer than a day', () => {
  const at = triedAt({ firstMs: hourMs, giveUpMs: 30 * dayMs });
  expect(pauses(at).slice(0, 4)).toEqual([hourMs, 4 * hourMs, 16 * hourMs, dayMs]);
  expect(Math.max(...pauses(at))).toBe(dayMs);
  expect(nextTryAt(times, { tries: 2_000, triedSince: 0, now: 0 })).toBe(dayMs);
});

it('a delivery whose next try would come after three days is given up at once', () => {
  const last = { tries: 0, triedSince: 0, now: 3 * dayMs - firstMs };
  expect(nextTryAt(times, last)).toBe(3 * dayMs);
  expect(nextTryAt(times, { ...last, now: last.now + 1 })).toBeNull();
});

it('the others of its webhook rest for longer with each failure, for an hour at most', () => {
  const rests = Array.from({ length: 12 }, (_, at) => restMs(times, at + 1));
  expect(rests.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect(rests.at(-3)).toBeLessThan(43 * minuteMs);
  expect(rests.slice(-2)).toEqual([hourMs, hourMs]);
  expect(restMs(times, 5_000)).toBe(hourMs);
});
