import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  event,
  openWorld,
  type Running,
  readAll,
  recordsOf,
  start,
  takeUntil,
  textOf,
  type World,
} from '../../testing/log-world.ts';
import { type FencedProducer, InDoubtError, type RecordToAppend } from '../log.ts';
import { namesOf } from '../topic-names.ts';

export const appendingPromises = (cluster: Running): void => {
  describe('appending', () => {
    let world: World;
    beforeAll(() => {
      world = openWorld(cluster());
    });
    afterAll(() => world.close());

    const take = (id: string): Promise<FencedProducer> => world.log.producer(id);
    const laneId = (): string => `lane-${randomUUID()}`;

    /** Everything committed below a new owner's barrier, as a takeover reads it. */
    const committed = async (topic: string, ...lanes: number[]) => {
      const owner = await take(laneId());
      const until = await owner.barrier(lanes.map((lane) => ({ topic, lane })));
      return recordsOf(await readAll(world.log, start(topic, ...lanes), until));
    };

    const refusalOf = async (call: Promise<unknown>): Promise<InDoubtError> => {
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(InDoubtError);
      return error as InDoubtError;
    };

    test('the offsets returned are those at which the records are read', async () => {
      const topics = await Promise.all([world.topic(), world.topic()]);
      const producer = await take(laneId());
      const sent: (RecordToAppend & { offset: number })[] = [];
      for (const size of [1, 2, 30, 300]) {
        const records = Array.from({ length: size }, (_, index): RecordToAppend => {
          const record = event(
            topics[index % 2] as string,
            index % 3,
            `${size}: ${index} ${'é'.repeat(index)}`,
          );
          return index % 5 === 0 ? { ...record, headers: { traceparent: `00-${index}` } } : record;
        });
        const offsets = await producer.append(records);
        records.forEach((record, index) => {
          sent.push({ ...record, offset: offsets[index] as number });
        });
      }
      for (const topic of topics) {
        const found = await committed(topic, 0, 1, 2);
        const readable = found.map(({ key, headers, value, ...rest }) => {
          return {
            ...rest,
            key: `${key}`,
            value: `${value}`,
            trace: headers.traceparent?.toString(),
          };
        });
        const expected = sent
          .filter((record) => record.topic === topic)
          .map(({ headers, value, ...rest }) => {
            return { ...rest, value: `${value}`, trace: headers?.traceparent };
          });
        expect(readable).toHaveLength(expected.length);
        expect(readable).toEqual(expect.arrayContaining(expected));
      }
    });

    // The next transaction of the old producer is due under its first name, or under its second.
    test.each([2, 1])('a producer fences one that has appended %s times', async (times) => {
      const topic = await world.topic(1);
      const id = laneId();
      const old = await take(id);
      const before = Array.from({ length: times }, (_, number) => `${number} by the old owner`);
      for (const text of before) await old.append([event(topic, 0, text)]);
      const young = await take(id);
      const refused = await refusalOf(old.append([event(topic, 0, 'too late')]));
      expect(refused.fenced).toBe(true);
      await young.append([event(topic, 0, 'by the new owner')]);
      expect((await refusalOf(old.append([event(topic, 0, 'again')]))).fenced).toBe(true);
      expect((await refusalOf(old.barrier([{ topic, lane: 0 }]))).fenced).toBe(true);
      expect((await committed(topic, 0)).map(textOf)).toEqual([...before, 'by the new owner']);
    });

    const eachName = namesOf('the id').map((name, at) => [name, at] as const);

    test.each(eachName)('taking %s ends its open transaction within a second', async (_, at) => {
      const topic = await world.topic(1);
      const id = laneId();
      const transactionalId = namesOf(id)[at] as string;
      const dead = world.foreign.producer({ transactionalId, maxInFlightRequests: 1 });
      await dead.connect();
      const open = await dead.transaction();
      await open.send({ topic, messages: [{ value: 'never committed', partition: 0 }] });
      const since = performance.now();
      const owner = await take(id);
      const [barrier] = await owner.barrier([{ topic, lane: 0 }]);
      expect(performance.now() - since).toBeLessThan(1_000);
      await expect(open.commit()).rejects.toThrow();
      expect(recordsOf(await readAll(world.log, start(topic, 0), [barrier!]))).toEqual([]);
      await dead.disconnect();
    });

    test.each(eachName)('no barrier passes where another has taken %s alone', async (_, at) => {
      const topic = await world.topic(1);
      const id = laneId();
      const owner = await take(id);
      const transactionalId = namesOf(id)[at] as string;
      const other = world.foreign.producer({ transactionalId, maxInFlightRequests: 1 });
      await other.connect();
      await (await other.transaction()).abort(); // kafkajs asks for its identity no sooner
      expect((await refusalOf(owner.barrier([{ topic, lane: 0 }]))).fenced).toBe(true);
      await refusalOf(owner.append([event(topic, 0, 'by half an owner')]));
      await other.disconnect();
      expect(await committed(topic, 0)).toEqual([]);
    });

    test('of those that take an id at once, only one at most can append after', async () => {
      const topic = await world.topic(1);
      const succeeds = (call: Promise<unknown>): Promise<boolean> =>
        call.then(
          () => true,
          () => false,
        );
      for (let round = 0; round < 10; round++) {
        const id = laneId();
        const starts = Array.from({ length: 3 }, async () => {
          const owner = await take(id);
          return { owner, passed: await succeeds(owner.barrier([{ topic, lane: 0 }])) };
        });
        const started = await Promise.all(starts);
        const owners = started.filter(({ passed }) => passed).map(({ owner }) => owner);
        const appending = owners.map((owner) => succeeds(owner.append([event(topic, 0, 'mine')])));
        const appended = await Promise.all(appending);
        expect(appended.filter((one) => one).length).toBeLessThanOrEqual(1);
      }
    });

    test('a follower gets what was appended back to back, all of it and in order', async () => {
      const topic = await world.topic(1);
      const producer = await take(laneId());
      const reader = world.log.reader();
      const following = reader.subscribe(start(topic, 0));
      const texts = Array.from({ length: 60 }, (_, number) => `${number}`);
      const chunks = takeUntil(following, (taken) => recordsOf(taken).length >= texts.length);
      for (const text of texts) await producer.append([event(topic, 0, text)]);
      expect(recordsOf(await chunks).map(textOf)).toEqual(texts);
      await reader.close();
    });

    test('records handed in while a transaction begins are committed with it', async () => {
      const topic = await world.topic();
      const producer = await take(laneId());
      const late = () => [event(topic, 1, 'third'), event(topic, 0, 'fourth')];
      const records = [event(topic, 0, 'first'), event(topic, 1, 'second')];
      const offsets = await producer.append(records, late);
      const found = await committed(topic, 0, 1);
      const read = found.map(({ lane, offset, value }) => [lane, offset, `${value}`]);
      expect(new Set(read)).toEqual(
        new Set([
          [0, offsets[0], 'first'],
          [1, offsets[1], 'second'],
          [1, offsets[2], 'third'],
          [0, offsets[3], 'fourth'],
        ]),
      );
      expect([offsets[3], offsets[2]]).toEqual([offsets[0]! + 1, offsets[1]! + 1]);
    });

    test('a barrier lies above all that is committed, and nobody sees it', async () => {
      const topic = await world.topic(2);
      const owner = await take(laneId());
      const [last] = await owner.append([event(topic, 0, 'below')]);
      const barriers = await owner.barrier([
        { topic, lane: 0 },
        { topic, lane: 1 },
      ]);
      expect(barriers[0]?.next).toBeGreaterThan(last as number);
      expect(barriers[1]).toEqual({ topic, lane: 1, next: 0 });
      const [after] = await owner.append([event(topic, 0, 'above')]);
      expect(after).toBeGreaterThan(barriers[0]!.next);
      const below = recordsOf(await readAll(world.log, start(topic, 0, 1), barriers));
      expect(below.map(textOf)).toEqual(['below']);
      expect((await committed(topic, 0, 1)).map(textOf)).toEqual(['below', 'above']);
    });

    test('a batch that the broker refuses is in doubt; nothing beside it is visible', async () => {
      const topic = await world.topic(2);
      const id = laneId();
      const owner = await take(id);
      const huge = { ...event(topic, 0, 'huge'), value: randomBytes(1_500_000) };
      const refused = await refusalOf(owner.append([event(topic, 1, 'beside it'), huge]));
      expect(refused).toMatchObject({ fenced: false });
      expect(refused.message).toMatch(/TOO_LARGE/);
      await refusalOf(owner.append([event(topic, 1, 'by the spent producer')]));
      const next = await take(id);
      await next.append([event(topic, 1, 'by the next')]);
      expect((await committed(topic, 0, 1)).map(textOf)).toEqual(['by the next']);
    });

    test('two calls at once are refused, and the first goes on', async () => {
      const topic = await world.topic(1);
      const owner = await take(laneId());
      const first = owner.append([event(topic, 0, 'first')]);
      await expect(owner.append([event(topic, 0, 'second')])).rejects.toThrow('two calls at once');
      await first;
      expect((await committed(topic, 0)).map(textOf)).toEqual(['first']);
    });
  });
};
