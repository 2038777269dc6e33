import { expect, it } from 'vitest';
import { type SystemSnapshot, Trends } from './system-watch.ts';

const everyMs = 5_000;

/** In each five seconds, a lane gets ten events on and another gets nowhere. */
function snapshots(count: number): SystemSnapshot[] {
  const made: SystemSnapshot[] = [];
  for (let index = 0; index < count; index += 1) {
    const lane = { stalledSeconds: 0 };
    made.push({
      at: index * everyMs,
      lags: [
        {
          ...{ view: 'shelves@1', generation: 'shelves.g1', caughtUp: false, parked: 0 },
          lanes: [
            { ...lane, lane: 0, eventsBehind: 500 - index, secondsBehind: 7 },
            { ...lane, lane: 1, eventsBehind: 3, secondsBehind: 40 },
          ],
        },
      ],
      checkpoints: [
        { generation: 'shelves.g1', lane: 0, next: { books: index * 10 } },
        { generation: 'shelves.g1', lane: 1, next: { books: 7 } },
        { generation: 'shelves.g0', lane: 0, next: { books: index * 1_000 } },
      ],
      ...{ models: [], asOfs: [], leases: [], nodes: [], readers: [] },
      before: made.at(-1) ?? null,
    });
  }
  return made;
}

it('a point of the trend has the events to go, the oldest of them, and the pace', () => {
  const trends = new Trends();
  for (const snapshot of snapshots(2)) trends.keep(snapshot);
  expect(trends.of('shelves@1')).toEqual([
    { at: 0, eventsBehind: 503, secondsBehind: 40, eventsPerSecond: 0 },
    { at: everyMs, eventsBehind: 502, secondsBehind: 40, eventsPerSecond: 2 },
  ]);
  expect(trends.of('none@1')).toEqual([]);
});

it('the trend has the last fifteen minutes, and no more', () => {
  const trends = new Trends();
  for (const snapshot of snapshots(400)) trends.keep(snapshot);
  const points = trends.of('shelves@1');
  expect(points).toHaveLength(180);
  expect(points.at(-1)?.at).toBe(399 * everyMs);
  expect(points.at(-1)!.at - points[0]!.at).toBe(15 * 60_000 - everyMs);
});
