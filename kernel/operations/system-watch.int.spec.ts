import { afterAll, beforeAll, expect, it } from 'vitest';
import { journalView, openScanLog, type ScanLog } from '../testing/journal.ts';
import { until } from '../testing/until.ts';
import { SystemWatch } from './system-watch.ts';

let world: ScanLog;
let watch: SystemWatch;

beforeAll(async () => {
  world = await openScanLog('watch');
  watch = new SystemWatch({ ...world, views: [journalView] });
});
afterAll(async () => {
  await watch?.close();
  await world?.close();
});

const together = (count: number) =>
  Promise.all(Array.from({ length: count }, () => watch.snapshot()));

it('the system is looked at once a second, however many ask', async () => {
  const [first] = await together(50);
  const next = async () => {
    const found = new Set(await together(50));
    expect(found.size).toBe(1);
    return [...found][0]!;
  };
  let second = await next();
  await until(async () => {
    second = await next();
    return second !== first;
  });
  expect(second.at - first!.at).toBeGreaterThanOrEqual(1_000);
  expect(second.before).toEqual({ ...first, before: null });
  expect(second.lags.map(({ view }) => view)).toEqual(['journal@1']);
  expect(watch.trendOf('journal@1')[0]).toEqual({
    ...{ at: expect.any(Number), eventsBehind: 0, secondsBehind: 0, eventsPerSecond: 0 },
  });
});
