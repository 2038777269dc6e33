import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  event,
  openWorld,
  type Running,
  reached,
  readAll,
  recordsOf,
  start,
  takeUntil,
  textOf,
  type World,
} from '../../testing/log-world.ts';
import { LaneReadError, type Offset } from '../log.ts';

export const readingPromises = (cluster: Running): void => {
  describe('reading', () => {
    let world: World;
    beforeAll(() => {
      world = openWorld(cluster());
    });
    afterAll(() => world.close());

    const appended = async (
      topic: string,
      lane: number,
      ...values: string[]
    ): Promise<Offset[]> => {
      const producer = await world.log.producer(`reading-${randomUUID()}`);
      const offsets = await producer.append(values.map((value) => event(topic, lane, value)));
      await producer.close();
      return offsets;
    };

    const refusalOf = async (topic: string, next: Offset): Promise<LaneReadError> => {
      const reader = world.log.reader();
      const refused = await reader
        .subscribe([{ topic, lane: 0, next }])
        .take()
        .catch((error: unknown) => error);
      await reader.close();
      expect(refused).toBeInstanceOf(LaneReadError);
      return refused as LaneReadError;
    };

    test('a follower sees new events, in order, as they are committed', async () => {
      const topic = await world.topic();
      const reader = world.log.reader();
      const following = reader.subscribe(start(topic, 0, 1, 2));
      await appended(topic, 1, 'first', 'second');
      await appended(topic, 1, 'third');
      const chunks = await takeUntil(following, (seen) => recordsOf(seen).length >= 3);
      expect(recordsOf(chunks).map(textOf)).toEqual(['first', 'second', 'third']);
      await reader.close();
    });

    test('aborted events are never seen, wherever reading begins', async () => {
      const topic = await world.topic(1);
      const [a, b, c] = await Promise.all([1, 2, 3].map(() => world.foreignTransaction()));
      const send = (transaction: typeof a, value: string, key: string | Buffer = 'k') =>
        transaction?.send({ topic, messages: [{ key, value, partition: 0 }] });
      const zeros = Buffer.alloc(4); // what the key of an abort marker looks like
      await send(a, 'aborted a1', zeros);
      await send(b, 'aborted b1');
      await send(c, 'kept c1', zeros);
      await send(a, 'aborted a2');
      await send(b, 'aborted b2', zeros);
      await send(c, 'kept c2');
      await send(b, 'aborted b3');
      await b?.abort();
      await send(a, 'aborted a3');
      await a?.abort();
      await c?.commit();
      await appended(topic, 0, 'kept d1');
      const expected = ['kept c1', 'kept c2', 'kept d1'];
      const last = await untilStable(topic, 12);
      const all = recordsOf(await readAll(world.log, start(topic, 0)));
      expect(all.map(textOf)).toEqual(expected);
      for (let next = 1; next <= last; next++) {
        const seen = recordsOf(await readAll(world.log, [{ topic, lane: 0, next }]));
        expect(seen.map(textOf)).toEqual(all.filter(({ offset }) => offset >= next).map(textOf));
      }
    });

    /** Markers are written after a transaction's end is answered. */
    const untilStable = (topic: string, atLeast: Offset, lane = 0): Promise<Offset> =>
      vi.waitFor(
        async () => {
          const offset = (await world.log.stableOffsets(topic))[lane] as Offset;
          expect(offset).toBeGreaterThanOrEqual(atLeast);
          return offset;
        },
        { timeout: 10_000 },
      );

    test('nothing past an open transaction is seen; reading goes on when it ends', async () => {
      const topic = await world.topic(1);
      await appended(topic, 0, 'before');
      const open = await world.foreignTransaction();
      await open.send({ topic, messages: [{ value: 'open', partition: 0 }] });
      await appended(topic, 0, 'after');
      const reader = world.log.reader();
      const following = reader.subscribe(start(topic, 0));
      const below = await takeUntil(following, (seen) => reached(seen) >= 2);
      expect(recordsOf(below).map(textOf)).toEqual(['before']);
      const more = following.take();
      // A second reader, whole rounds long, gets no further either.
      expect(recordsOf(await readAll(world.log, start(topic, 0))).map(textOf)).toEqual(['before']);
      await open.commit();
      const rest = await more;
      if (recordsOf(rest).length < 2) {
        rest.push(...(await takeUntil(following, (seen) => recordsOf(seen).length > 0)));
      }
      expect(recordsOf(rest).map(textOf)).toEqual(['open', 'after']);
      await reader.close();
    });

    test('a lane that ends in markers is seen to be caught up', async () => {
      const topic = await world.topic(1);
      const open = await world.foreignTransaction();
      await open.send({ topic, messages: [{ value: 'aborted', partition: 0 }] });
      await open.abort();
      const end = await untilStable(topic, 2);
      const chunks = await readAll(world.log, start(topic, 0));
      expect(recordsOf(chunks)).toEqual([]);
      expect(reached(chunks)).toBe(end);
      expect(await readAll(world.log, [{ topic, lane: 0, next: end - 1 }])).toMatchObject([
        { records: [], next: end },
      ]);
    });

    test('a bounded read stops exactly at its ends', async () => {
      const topic = await world.topic(3);
      await appended(topic, 0, ...Array.from({ length: 40 }, (_, index) => `${index}`));
      await appended(topic, 1, 'other');
      const until = [
        { topic, lane: 0, next: 17 },
        { topic, lane: 1, next: 0 },
      ];
      const chunks = await readAll(world.log, start(topic, 0, 1), until);
      expect(recordsOf(chunks).map(({ offset }) => offset)).toEqual([...Array(17).keys()]);
      expect(reached(chunks)).toBe(17);
      expect(await readAll(world.log, [{ topic, lane: 0, next: 17 }], until)).toEqual([]);
    });

    test('an offset beyond the end fails that subscription and no other', async () => {
      const topic = await world.topic(2);
      const reader = world.log.reader();
      const beyond = reader.subscribe([{ topic, lane: 0, next: 500 }]);
      const following = reader.subscribe(start(topic, 0, 1));
      await expect(beyond.take()).rejects.toMatchObject({ code: 'out-of-range', topic, lane: 0 });
      await appended(topic, 0, 'still read');
      const chunks = await takeUntil(following, (seen) => recordsOf(seen).length >= 1);
      expect(recordsOf(chunks).map(textOf)).toEqual(['still read']);
      await reader.close();
    });

    test('an offset that retention has deleted fails; nothing resets', async () => {
      const topic = await world.topic(1);
      await appended(topic, 0, 'deleted', 'deleted too', 'kept');
      const admin = world.foreign.admin();
      await admin.connect();
      await admin.fetchTopicMetadata({ topics: [topic] });
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
      await admin.disconnect();
      expect(await world.log.firstOffsets(topic)).toEqual([2]);
      expect((await refusalOf(topic, 0)).code).toBe('out-of-range');
    });

    // It takes some seconds to be sure of that, so the next one is tried meanwhile.
    test.concurrent('a topic that does not exist fails', async () => {
      expect((await refusalOf(`missing-${randomUUID()}`, 0)).code).toBe('missing');
    });

    test.concurrent('two subscriptions stand at different offsets of one lane', async () => {
      const topic = await world.topic(1);
      await appended(topic, 0, ...Array.from({ length: 50 }, (_, index) => `${index}`));
      const reader = world.log.reader();
      const late = reader.subscribe([{ topic, lane: 0, next: 45 }]);
      const early = reader.subscribe(start(topic, 0));
      const [fromLate, fromEarly] = await Promise.all([
        takeUntil(late, (seen) => recordsOf(seen).length >= 5),
        takeUntil(early, (seen) => recordsOf(seen).length >= 50),
      ]);
      expect(recordsOf(fromLate).map(textOf)).toEqual(['45', '46', '47', '48', '49']);
      expect(recordsOf(fromEarly)).toHaveLength(50);
      await appended(topic, 0, 'to both');
      for (const subscription of [late, early]) {
        const more = await takeUntil(subscription, (seen) => recordsOf(seen).length >= 1);
        expect(recordsOf(more).map(textOf)).toEqual(['to both']);
      }
      await reader.close();
    });

    test('a lane whose consumer is stuck holds nobody back', async () => {
      const topic = await world.topic(2);
      const large = 'x'.repeat(100_000);
      const producer = await world.log.producer(`stuck-${randomUUID()}`);
      for (let batch = 0; batch < 16; batch++) {
        await producer.append(Array.from({ length: 4 }, () => event(topic, 0, large)));
      }
      const reader = world.log.reader();
      const stuck = reader.subscribe(start(topic, 0)); // never taken from
      const free = reader.subscribe(start(topic, 1));
      const delays: number[] = [];
      for (let round = 0; round < 20; round++) {
        const since = performance.now();
        await producer.append([event(topic, 1, `${round}`)]);
        await takeUntil(free, (seen) => recordsOf(seen).length >= 1);
        delays.push(performance.now() - since);
      }
      expect(delays.toSorted((a, b) => a - b)[10]).toBeLessThan(200);
      // And it reads on, without a gap, when its consumer comes back.
      const chunks = await takeUntil(stuck, (seen) => recordsOf(seen).length >= 64);
      expect(new Set(recordsOf(chunks).map(({ offset }) => offset)).size).toBe(64);
      await producer.close();
      await reader.close();
    });
  });
};
