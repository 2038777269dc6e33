import { expect, it } from 'vitest';
import { speedOf } from './kept-progress.ts';

it('the time left is what the rest takes at the speed up to now', () => {
  const now = { events: 3_000, passed: 4_000, of: 12_000 };
  expect(speedOf(now, 6)).toEqual({ eventsPerSecond: 500, secondsLeft: 12 });
});

it('at a throttle it is no less than the throttle allows, from the first event on', () => {
  const first = { events: 1, passed: 2, of: 40 };
  expect(speedOf(first, 0.01, 1)).toEqual({ eventsPerSecond: 1, secondsLeft: 19 });
  const beforeIt = { events: 0, passed: 10, of: 40 };
  expect(speedOf(beforeIt, 0.01, 1)).toEqual({ eventsPerSecond: 0, secondsLeft: 30 });
  const slower = { events: 10, passed: 20, of: 40 };
  expect(speedOf(slower, 30, 1)).toMatchObject({ secondsLeft: 30 });
});

it('is not known before the first offset', () => {
  expect(speedOf({ events: 0, passed: 0, of: 40 }, 5)).toMatchObject({ secondsLeft: null });
});
