import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aggregate } from '../aggregate.ts';
import { openCodec, UnknownEventError } from '../codec/codec.ts';
import type { Log, LogRecord } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { registryProxy } from '../testing/registry-proxy.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { LaneState } from './lane-state.ts';
import type { LaneStore } from './store.ts';
import { foldTo, isFinal } from './take-lane.ts';

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
async function folded(
  log: Log,
  end: number,
  codec = world.codec,
  skipped?: ReadonlySet<string>,
): Promise<number> {
  const state = new LaneState(new Map([[parcels.topic, parcels]]), empty, limits);
  await state.take();
  const { prefix } = world;
  const barriers = [{ topic: topicName(prefix, parcels.topic), lane: 0, next: end }];
  const topics = [parcels.topic];
  const options = { log, codec, prefix, lane: 0, topics, state, skipped, silenceMs: 10_000 };
  await foldTo(barriers, options);
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

it('a lane is not given up because a proxy answers 404 in the registry’s place', async () => {
  const [last] = await world.append('parcels', [{ key: scanned.meta.subject, event: scanned }]);
  const proxy = await registryProxy(inject('stack').schemaRegistry);
  // This code has another schema for the event, so it has to ask for the one in the log.
  const schemas = parcelSchemas.filter(({ type }) => type !== scanned.type);
  const { prefix: topicPrefix } = world;
  const learning = await openCodec({ registryUrl: proxy.url, topicPrefix, schemas });
  const codec = { ...world.codec, learn: learning.learn };
  proxy.mode = 'not found';
  const error = await folded(world.log, last!.offset + 1, codec).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'RegistryAwayError' });
  expect(isFinal(error)).toBe(false);
  proxy.mode = 'pass';
  expect(await folded(world.log, last!.offset + 1, codec)).toBe(last!.offset + 1);
  proxy.close();
});

it('a record that can’t be decoded stops its lane, unless an operator skips it', async () => {
  const key = scanned.meta.subject;
  const [bad] = await world.append('parcels', [{ key, bytes: Buffer.from('not Avro') }]);
  const [last] = await world.append('parcels', [{ key, event: scanned }]);
  const [at, end] = [bad!.offset, last!.offset + 1];
  const skipping = (...offsets: number[]) => {
    const skipped = new Set(offsets.map((offset) => `parcels/0/${offset}`));
    return folded(world.log, end, world.codec, skipped);
  };
  for (const others of [[], [at - 1, at + 1]]) {
    const error = await skipping(...others).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'UndecodableError' });
    expect(isFinal(error)).toBe(true);
  }
  expect(await skipping(at)).toBe(end);
});

it('an event is not skipped, nor one that only other code can decode', async () => {
  const [last] = await world.append('parcels', [{ key: scanned.meta.subject, event: scanned }]);
  const { offset } = last!;
  const skipped = new Set(Array.from({ length: offset + 1 }, (_, at) => `parcels/0/${at}`));
  const newer = {
    ...world.codec,
    decode: () => {
      throw new UnknownEventError('of another release');
    },
  };
  const error = await folded(world.log, offset + 1, newer, skipped).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'UnknownEventError' });
  let events = 0;
  const counting = {
    ...world.codec,
    decode: (record: LogRecord) => {
      const event = world.codec.decode(record);
      events += 1;
      return event;
    },
  };
  expect(await folded(world.log, offset + 1, counting, skipped)).toBe(offset + 1);
  expect(events).toBeGreaterThan(1);
});
