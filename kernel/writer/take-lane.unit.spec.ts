import { expect, it } from 'vitest';
import type { Log } from '../log/log.ts';
import { ModelLog, modelCodec, trail } from '../testing/lane-model.ts';
import { LaneState } from './lane-state.ts';
import type { LaneStore } from './store.ts';
import { foldLane, isFinal } from './take-lane.ts';

const limits = { streams: 100, bytes: 1e6, dirtyStreams: 100, dirtyBytes: 1e6 };

/** Takes a lane whose cached streams have events of the type `Later`. */
function taking(knows: boolean) {
  const aggregate = trail('parcels');
  const types = ['Scanned', 'Later'];
  const store: LaneStore = {
    take: async () => ({ cacheId: 'c', next: {}, last: {}, lastTime: 0, numbers: {}, types }),
    load: async (_, names) => new Map(names().map((name) => [name, null])),
    flush: async () => true,
  };
  return foldLane([{ topic: 'parcels', lane: 0, next: 0 }], {
    ...{ lane: 0, prefix: '', topics: ['parcels'], silenceMs: 10_000 },
    log: new ModelLog(['parcels']).asLog() as Log,
    codec: { ...modelCodec, knows: (type) => knows || type === 'Scanned' },
    state: new LaneState(new Map([['parcels', aggregate]]), store, limits),
  });
}

it('a lane is left to newer code if its cached streams have events of unknown types', async () => {
  const error = await taking(false).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: 'UnknownEventError',
    message: expect.stringMatching(/types that this code doesn't know: Later$/),
  });
  expect(isFinal(error)).toBe(true);
  await taking(true);
});
