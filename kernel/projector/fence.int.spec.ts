import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Event } from '../event.ts';
import type { LogReader } from '../log/log.ts';
import { topicName, transactionalId } from '../log/topic-names.ts';
import type { AnyProjection } from '../projection.ts';
import { follow, newJournal } from '../testing/followed-lane.ts';
import {
  type Journal,
  journal,
  journalOf,
  openScanLog,
  recordOf,
  type Scan,
  type ScanLog,
  someScans,
} from '../testing/journal.ts';
import { recordToAppend } from '../testing/test-log.ts';
import { deadLettersOf } from './dead-letters/dead-letters.ts';
import { startProjectors } from './runner.ts';

let world: ScanLog;
beforeAll(async () => {
  world = await openScanLog('fence', 1);
});
afterAll(() => world.close());

const until = (check: () => unknown, timeout = 10_000) =>
  vi.waitFor(check, { timeout, interval: 20 });

/** A reader that changes or delays the chunks of another one. */
function through(reader: LogReader, take: (take: () => Promise<never>) => Promise<never>) {
  const wrapped: LogReader = {
    close: () => reader.close(),
    subscribe: (positions, options) => {
      const subscription = reader.subscribe(positions, options);
      const original = () => subscription.take() as Promise<never>;
      return {
        ...{ isFailing: false, take: () => take(original) },
        close: () => subscription.close(),
      };
    },
  };
  return wrapped;
}

describe('the fence of a lane', () => {
  const scans = someScans(3_000, 30);
  beforeAll(() => world.append(scans));

  it('lets each event through once, however many projectors work the same lane', async () => {
    const { generation, documents, next } = await newJournal(world);
    const rivals = [
      follow(world, generation),
      follow(world, generation),
      follow(world, generation),
    ];
    await until(async () => expect(await next()).toBeGreaterThanOrEqual(3_000), 20_000);
    await Promise.all(rivals.map((rival) => rival.end()));
    expect(await documents()).toEqual(journalOf(scans));
  });

  it('refuses a zombie that wakes up with a chunk the new owner has folded', async () => {
    const { generation, documents, next } = await newJournal(world);
    const wake = Promise.withResolvers<void>();
    const asleep = Promise.withResolvers<void>();
    const reader = through(world.log.reader(), async (take) => {
      const chunks = await take();
      asleep.resolve();
      await wake.promise;
      return chunks;
    });
    const zombie = follow(world, generation, { reader });
    await asleep.promise;
    const owner = follow(world, generation);
    await until(async () => expect(await next()).toBeGreaterThanOrEqual(3_000));
    await owner.end();
    wake.resolve();
    await until(() => expect(zombie.status.trouble).toMatch(/FencedError|MongoServerError/));
    await zombie.end();
    expect(await documents()).toEqual(journalOf(scans));
  });

  it('folds a chunk only once though it is handed out twice', async () => {
    const { generation, documents, next } = await newJournal(world);
    const reader = through(world.log.reader(), async (take) => {
      const chunks = (await take()) as unknown[];
      return [...chunks, ...chunks] as never;
    });
    const lane = follow(world, generation, { reader });
    await until(async () => expect(await next()).toBeGreaterThanOrEqual(3_000));
    await lane.end();
    expect(await documents()).toEqual(journalOf(scans));
  });
});

describe('a document that gets too large for MongoDB', () => {
  it('has the event parked that made it too large, and the lane goes on', async () => {
    const { generation, documents, next } = await newJournal(world);
    const hoarder: AnyProjection = {
      ...journal,
      when: {
        ParcelScanned: (before: Journal | null, { data }: Event<string, Scan>) => ({
          ...{ _id: data.depotId, events: (before?.events ?? 0) + 1 },
          digest: data.parcelId === 'parcel2971' ? 'x'.repeat(17 * 2 ** 20) : data.parcelId,
        }),
      },
    };
    const lane = follow(world, generation, { projection: hoarder });
    await until(async () => expect(await next()).toBeGreaterThanOrEqual(3_000));
    await lane.end();
    const letters = await deadLettersOf(world.db).find({ generation }).toArray();
    expect(new Set(letters.map(({ key }) => key))).toEqual(new Set(['d1']));
    expect(letters[0]!.error).toMatch(/the document would have \d+ bytes/);
    expect((await documents()).get('d1')).toMatchObject({ events: 99, digest: 'parcel2941' });
    expect((await documents()).get('d2')).toMatchObject({ events: 100 });
  });
});

describe('a topic that was made anew', () => {
  it.each([
    ['shorter', 10, /ends at \d+, but \d+ is to be read next/],
    ['with other events', 400, /has another record at offset \d+ than was folded/],
  ])('stops its lanes with a clear error when it is %s', async (_, count, message) => {
    const own = await openScanLog('anew', 1);
    const { client, database, log, codec, lanes, prefix, db } = own;
    const parts = { client, database, log, codec, lanes, prefix, leaseTtlMs: 1_000 };
    const scans = someScans(200, 5);
    await own.append(scans);
    const first = await startProjectors({ ...parts, projections: [journal] });
    await until(() => expect(first.ready().ready).toBe(true));
    await first.close();
    await recreate(own);
    const anew = { ...own, ...(await appender(own)) };
    await anew.append(someScans(count, 5, 7_000));

    const second = await startProjectors({ ...parts, projections: [journal] });
    await until(() => {
      const { details } = second.ready();
      expect(JSON.stringify(details)).toMatch(message);
    });
    expect(second.ready().ready).toBe(false);
    const stored = await db.collection<Journal>('journal.g1').find().toArray();
    expect(new Map(stored.map((one) => [one._id, one]))).toEqual(journalOf(scans));
    await second.close();
    await anew.end();
    await own.close();
  });
});

async function recreate({ log, prefix, lanes }: ScanLog): Promise<void> {
  const brokers = inject('stack').kafka.split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.deleteTopics({ topics: [topicName(prefix, 'parcels')] });
  await until(async () =>
    expect(await admin.listTopics()).not.toContain(topicName(prefix, 'parcels')),
  );
  await admin.disconnect();
  const options = { lanes, replication: 1, minInSyncReplicas: 1 };
  await until(() => log.ensureTopics([topicName(prefix, 'parcels')], options));
}

/** A producer of its own: the other one remembers where the old topic ended. */
async function appender({ log, prefix, codec }: ScanLog) {
  const producer = await log.producer(transactionalId(prefix, `anew-${randomUUID()}`));
  return {
    append: async (scans: ReturnType<typeof someScans>) => {
      const topic = topicName(prefix, 'parcels');
      await producer.append(scans.map((scan) => recordToAppend(recordOf(scan), topic, 0, codec)));
      return [];
    },
    end: () => producer.close(),
  };
}
