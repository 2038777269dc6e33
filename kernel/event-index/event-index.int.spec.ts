import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Event } from '../event.ts';
import { newMember } from '../leases/leases.ts';
import type { Log } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { isMeant, unlimited } from '../operations/event-limits.ts';
import { beginOf, eventPage } from '../operations/events.ts';
import { boundsOf, type Entry, entriesOf } from '../operations/log-entries.ts';
import type { IndexerProcess } from '../testing/indexer-process.ts';
import { parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog, testMeta } from '../testing/test-log.ts';
import { until } from '../testing/until.ts';
import { blockOffsets, blocksOf, indexedPlaces } from './blocks.ts';
import { hashIn, limitsFor, placeHash, type SoughtId, undecoded } from './event-ids.ts';
import { EventSearch } from './event-search.ts';
import { startIndexer } from './indexer.ts';

const filters = { depot: 'depotId', parcel: 'parcelId' };
const topics = ['depots', 'parcels'];

let world: TestLog;
const closing: (() => Promise<void>)[] = [];
let sequence = 0;

/** Some ids are in every block, others in one event. */
function scans(count: number) {
  return Array.from({ length: count }, () => {
    sequence += 1;
    const depotId = `d${sequence % 7}`;
    const parcelId = `p${Math.floor(sequence / 3)}`;
    const data = {
      ...{ depotId, parcelId, condition: 'whole', previous: 'none', previousScanAt: null },
      scannedAt: sequence,
    };
    const meta = {
      ...testMeta(`parcels/${depotId}/${parcelId}`, sequence),
      actor: `user${sequence % 301}`,
      correlationid: `request${Math.floor(sequence / 2)}`,
    };
    return { key: depotId, event: { type: 'ParcelScanned', data, meta } };
  });
}

/** Transactions of different sizes, so that markers stand at different places. */
async function append(count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const some = Math.min(left, 1 + ((left * 7) % 400));
    await world.append('parcels', scans(some));
    left -= some;
  }
}

const placeOf = ({ record: { topic, lane, offset } }: Entry) => `${topic}/${lane}/${offset}`;

async function allEntries(): Promise<Entry[]> {
  const reader = world.log.reader();
  const names = topics.map((topic) => topicName(world.prefix, topic));
  const { from, until: ends } = await boundsOf(world.log, names);
  const subscription = reader.subscribe(from, { until: ends });
  const all: Entry[] = [];
  for (;;) {
    const chunks = await subscription.take();
    if (chunks.length === 0) break;
    const records = chunks.flatMap((chunk) => chunk.records);
    all.push(...(await entriesOf(records, world)));
  }
  await reader.close();
  return all.sort(
    ({ record: a, context }, { record: b, context: other }) =>
      a.timestamp - b.timestamp ||
      context.localeCompare(other) ||
      a.lane - b.lane ||
      a.offset - b.offset,
  );
}

/** What a look at every record finds, oldest first. */
function scanned(id: SoughtId | null, all: readonly Entry[]): string[] {
  const limits = id ? limitsFor(id, filters) : unlimited;
  return all.filter((entry) => entry.event && isMeant(entry, limits)).map(placeOf);
}

const openSearch = (log: Log = world.log) => {
  const { db, prefix, codec } = world;
  const schemas = parcelSchemas;
  const search = new EventSearch({ db, log, prefix, schemas, filters, codec: async () => codec });
  closing.push(() => search.close());
  return search;
};

/** All pages. */
async function found(id: SoughtId, newest: boolean, search = openSearch(), limit = 100) {
  const places: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await eventPage(search, { id, newest, limit, cursor });
    places.push(...page.entries.map(placeOf));
    if (page.next === null) return places;
    cursor = page.next;
  }
}

async function index() {
  const { client, database, log, codec, prefix, lanes } = world;
  const parts = { client, database, log, codec, prefix, lanes, filters, topics, ttlMs: 1_500 };
  const indexer = await startIndexer({
    ...parts,
    member: newMember(),
    onWarning: (m) => console.log(m),
  });
  closing.push(() => indexer.close());
}

const blocks = () => blocksOf(world.db, filters);

/** Waits until no more than one open block of each place is left. */
async function indexed(): Promise<void> {
  await until(async () => {
    const places = await indexedPlaces(blocks());
    const ends = await world.log.stableOffsets(topicName(world.prefix, 'parcels'));
    return ends.every((end, lane) => {
      const { next = 0 } = places.get(`parcels/${lane}`) ?? {};
      return next <= end && end - next < blockOffsets;
    });
  });
}

const isMeantBy = (id: SoughtId, event: Event) =>
  isMeant({ event, record: { timestamp: 0 } } as Entry, limitsFor(id, filters));

/** A few ids of each kind: in every block, in some, in one, in none. */
const sought: SoughtId[] = [
  ...['d6', 'nowhere'].map((value) => ({ kind: 'depot', value })),
  ...['p1', 'p700'].map((value) => ({ kind: 'parcel', value })),
  ...['user7', 'user'].map((value) => ({ kind: 'user', value })),
  { kind: 'correlation', value: 'request3' },
  { kind: 'stream', value: 'parcels/d3/p1' },
];

async function expectExact(ids = sought): Promise<void> {
  const search = openSearch();
  const entries = await allEntries();
  for (const id of ids) {
    const oldest = scanned(id, entries);
    for (const newest of [false, true]) {
      const all = newest ? oldest.toReversed() : oldest;
      const limit = id.value === 'd6' ? 37 : 100;
      const seen = await found(id, newest, search, limit);
      expect(seen, JSON.stringify({ id, newest })).toEqual(all);
    }
  }
}

beforeAll(async () => {
  world = await openTestLog({ label: 'event-index', lanes: 3, schemas: parcelSchemas });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => world.close());

describe('the search for events', { timeout: 60_000 }, () => {
  it('finds exactly the events of an id where nothing is indexed', async () => {
    await append(1_500);
    await world.append('parcels', [{ key: 'd1', bytes: Buffer.from('user7, but no event') }]);
    await expectExact();
  });

  it('finds the same by the index, also while events are appended', async () => {
    await index();
    await indexed();
    await expectExact();
    const appending = append(1_500);
    let isDone = false;
    void appending.finally(() => {
      isDone = true;
    });
    const id = { kind: 'depot', value: 'd3' };
    while (!isDone) {
      const before = scanned(id, await allEntries());
      const seen = await found(id, false, openSearch(), 100);
      const after = scanned(id, await allEntries());
      expect(seen.slice(0, before.length)).toEqual(before);
      expect(after.slice(0, seen.length)).toEqual(seen);
    }
    await appending;
    await indexed();
    await expectExact();
  });

  it('reads the blocks that have the id, and what is not indexed yet', async () => {
    let offsets = 0;
    const counted: Log = {
      ...world.log,
      topics: () => world.log.topics(),
      firstOffsets: (topic) => world.log.firstOffsets(topic),
      stableOffsets: (topic) => world.log.stableOffsets(topic),
      reader() {
        const reader = world.log.reader();
        const subscribe: typeof reader.subscribe = (from, options) => {
          for (const [at, { next }] of from.entries()) offsets += options!.until![at]!.next - next;
          return reader.subscribe(from, options);
        };
        return { subscribe, close: () => reader.close() };
      },
    };
    expect(await found({ kind: 'parcel', value: 'p1' }, false, openSearch(counted))).toHaveLength(
      3,
    );
    // Three events of three depots, and the ends of three lanes.
    expect(offsets).toBeLessThanOrEqual(6 * blockOffsets);
    offsets = 0;
    const some = { id: { kind: 'depot', value: 'd3' }, newest: false, limit: 20 };
    expect((await eventPage(openSearch(counted), some)).entries).toHaveLength(20);
    expect(offsets).toBeLessThanOrEqual(8 * blockOffsets);
  });

  it('begins at any time, in both orders, also among all events', async () => {
    await append(1_000);
    const entries = (await allEntries()).filter(({ event }) => event);
    const times = entries.map(({ record }) => record.timestamp);
    const search = openSearch();
    const ends = [times[0]!, times.at(-1)! + 1];
    const between = [0.4, 0.95].map((share) => times[Math.floor(share * times.length)]!);
    for (const from of [...ends, ...between]) {
      for (const id of [null, { kind: 'depot', value: 'd3' }]) {
        const isAfter = ({ record }: Entry) => record.timestamp >= from;
        const after = scanned(id, entries.filter(isAfter));
        const before = scanned(
          id,
          entries.filter((one) => !isAfter(one)),
        ).toReversed();
        for (const [newest, expected] of [
          [false, after],
          [true, before],
        ] as const) {
          const asked = { id, newest, limit: 60 };
          const first = await eventPage(search, { ...asked, begin: beginOf(from) });
          const next = first.next && (await eventPage(search, { ...asked, cursor: first.next }));
          const seen = [...first.entries, ...(next ? next.entries : [])].map(placeOf);
          expect(seen).toEqual(expected.slice(0, 120));
        }
      }
    }
  });

  it('parts events into about equal amounts, whenever they came', async () => {
    await append(4_000);
    await index();
    await indexed();
    const entries = (await allEntries()).filter(({ event }) => event);
    const search = openSearch();
    for (const id of [null, { kind: 'depot', value: 'd3' }]) {
      const meant = entries.filter(({ event }) => !id || isMeantBy(id, event!));
      const moments = await search.moments({ id, from: null, until: null, parts: 8 });
      const shares = moments.map((moment, at) => {
        const end = moments[at + 1] ?? Number.POSITIVE_INFINITY;
        const inside = ({ record: { timestamp } }: Entry) => timestamp >= moment && timestamp < end;
        return meant.filter(inside).length / meant.length;
      });
      expect(moments).toEqual(moments.toSorted((a, b) => a - b));
      expect(moments.length).toBeGreaterThan(4);
      expect(Math.max(...shares), `${shares}`).toBeLessThan(0.34);
      const [from = 0, end = 0] = [moments[1], moments[3]];
      const inside = await search.moments({ id, from, until: end, parts: 8 });
      expect(inside.length).toBeGreaterThan(0);
      expect(inside.every((one) => one >= from && one < end)).toBe(true);
    }
    const id = { kind: 'parcel', value: 'nowhere' };
    expect(await search.moments({ id, from: null, until: null, parts: 8 })).toEqual([]);
  });

  it('finds events that could not be decoded as they were indexed', async () => {
    const [first, ...others] = scans(blockOffsets * 2);
    await world.append('parcels', [first!, ...others]);
    await index();
    await indexed();
    // As code that lacks the event's type would have indexed it.
    for (const block of await blocks().find().toArray()) {
      const ids = [hashIn(placeHash(block.place), undecoded)];
      await blocks().updateOne({ _id: block._id }, { $set: { ids } });
    }
    await expectExact(sought.slice(0, 3));
    await blocks().drop();
  });
});

describe('the index of events', { timeout: 60_000 }, () => {
  it('is made anew when it is dropped while it is being made', async () => {
    await index();
    await indexed();
    await blocks().drop();
    // Places that get no events notice it too.
    await append(1);
    await indexed();
    await expectExact();
    const first = await blocks().findOne({}, { sort: { number: 1 } });
    expect(first?.number).toBe(0);
    expect(await blocks().indexExists(['segment_1_ids_1_number_1', 'place_1_number_1'])).toBe(true);
  });

  it('goes on where a killed indexer stopped', async () => {
    await blocks().drop();
    const { kafka, schemaRegistry: registryUrl, mongo } = inject('stack');
    const { database, prefix, lanes } = world;
    const parts = { kafka, registryUrl, mongo, database, prefix, lanes, filters };
    const settings: IndexerProcess = { ...parts, ttlMs: 1_500 };
    const program = join(import.meta.dirname, '..', 'testing', 'indexer-process.ts');
    const child = fork(program, [JSON.stringify(settings)], { execArgv: [] });
    await until(async () => (await blocks().countDocuments()) > 0);
    const appending = append(1_000);
    child.kill('SIGKILL');
    await appending;
    await index();
    await indexed();
    await expectExact();
  });

  it('is made anew for a topic that is made anew', async () => {
    const kafka = new Kafka({
      ...{ brokers: inject('stack').kafka.split(','), clientId: 'anew' },
      logLevel: logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    const topic = topicName(world.prefix, 'parcels');
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    const settings = { lanes: world.lanes, replication: 1, minInSyncReplicas: 1 };
    await until(async () => !(await world.log.topics()).has(topic));
    await world.log.ensureTopics([topic], settings);
    sequence = 50_000;
    await append(6_000);
    await index();
    await until(async () => {
      const [last] = await blocks().find({ place: 'parcels/0' }).sort({ number: -1 }).toArray();
      const first = await blocks().findOne({ place: 'parcels/0', number: 0 });
      return first !== null && last !== undefined && (first.lastRecord?.offset ?? 0) < 256;
    });
    await indexed();
    await expectExact();
  });
});
