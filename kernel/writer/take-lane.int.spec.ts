import { afterAll, beforeAll, expect, it } from 'vitest';
import { aggregate } from '../aggregate.ts';
import type { Log } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { LaneState } from './lane-state.ts';
import type { LaneStore } from './store.ts';
import { foldTo } from './take-lane.ts';

let world: TestLog;
beforeAll(async () => {
  world = await openTestLog({ label: 'take-lane', schemas: parcelSchemas, lanes: 1 });
});
afterAll(() => world?.close());

const scanned = {
  ...parcelExamples.ParcelScanned,
  meta: { ...parcelExamples.ParcelScanned.meta, sequence: 1 },
};
const parcels = aggregate<number, typeof scanned>({
  ...{ topic: 'parcels', stateVersion: 1, initial: 0, evolve: (count: number) => count + 1 },
});
const limits = { streams: 100, bytes: 1e6, dirtyStreams: 100, dirtyBytes: 1e6 };
const empty: LaneStore = {
  take: async () => ({ cacheId: 'empty', next: {}, last: {}, lastTime: 0, numbers: {}, types: [] }),
  load: async (_, names) => new Map(names().map((name) => [name, null])),
  flush: async () => true,
};

/** Folds the lane up to its end. @returns the position that the state claims then. */
async function folded(log: Log, end: number): Promise<number> {
  const state = new LaneState(new Map([[parcels.topic, parcels]]), empty, limits);
  await state.take();
  const { codec, prefix } = world;
  const barriers = [{ topic: topicName(prefix, parcels.topic), lane: 0, next: end }];
  const topics = [parcels.topic];
  await foldTo(barriers, { log, codec, prefix, lane: 0, topics, state, silenceMs: 10_000 });
  return state.row.next[parcels.topic] ?? 0;
}

it('a lane whose reading is cut off does not count as read', async () => {
  const [last] = await world.append('parcels', [{ key: scanned.meta.subject, event: scanned }]);
  const end = last!.offset + 1;
  const cutOff: Log = {
    ...world.log,
    reader: () => {
      const reader = world.log.reader();
      return {
        ...reader,
        subscribe: (...from) => {
          const subscription = reader.subscribe(...from);
          const take = () => {
            const taken = subscription.take();
            void reader.close();
            return taken;
          };
          return { isFailing: false, take, close: () => subscription.close() };
        },
      };
    },
  };
  await expect(folded(cutOff, end)).rejects.toThrow('closed');
  expect(await folded(world.log, end)).toBe(end);
});
