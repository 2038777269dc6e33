import { expect, it } from 'vitest';
import { Backoff, sleep } from './backoff.ts';

const exact = { firstMs: 10, factor: 2, maxMs: 50, jitter: [1, 1] } as const;

it('pauses grow up to the longest, and start over after a reset', () => {
  const backoff = new Backoff(exact);
  const pauses = Array.from({ length: 5 }, () => backoff.nextMs());
  expect(pauses).toEqual([10, 20, 40, 50, 50]);
  backoff.reset();
  expect(backoff.nextMs()).toBe(10);
});

it('jitter keeps pauses within its bounds', () => {
  const backoff = new Backoff({ ...exact, factor: 1, jitter: [0.5, 1] });
  const pauses = Array.from({ length: 200 }, () => backoff.nextMs());
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(5);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(10);
  expect(new Set(pauses).size).toBeGreaterThan(1);
  expect(backoff.jittered(1_000)).toBeGreaterThanOrEqual(500);
});

it('a pause that would end past the deadline is refused at once', async () => {
  const backoff = new Backoff({ ...exact, firstMs: 60_000 });
  expect(await backoff.pause(performance.now() + 1_000)).toBe(false);
});

it('an aborted signal ends a pause without an error', async () => {
  const stop = new AbortController();
  const pausing = new Backoff({ ...exact, firstMs: 60_000 }).pause(undefined, stop.signal);
  stop.abort();
  expect(await pausing).toBe(true);
  await sleep(60_000, stop.signal);
});
