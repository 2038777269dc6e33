import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Projection } from '../../projection.ts';
import {
  type Journal,
  journal,
  journalOf,
  openScanLog,
  type Scan,
  type ScanLog,
  someScans,
} from '../../testing/journal.ts';
import type { DepotsEvent, ParcelsEvent } from '../../testing/parcels.ts';
import type { Appended } from '../../testing/test-log.ts';
import { build } from '../building/build.ts';
import { checkpointsOf } from '../checkpoint.ts';
import { readModelsOf } from '../generations/generations.ts';
import { switchTo } from '../generations/switch.ts';
import { type Projectors, startProjectors } from '../runner.ts';
import { discardedLettersOf, discardLetter, retryKey } from './dead-letter-retry.ts';
import { type DeadLetter, deadLettersOf } from './dead-letters.ts';

/** The journal's fold with its mistake mended: parcels named `poison` are as good as others. */
const mended: Projection<DepotsEvent | ParcelsEvent, Journal> = {
  ...journal,
  when: {
    ParcelScanned: (before, event) => {
      const scan = journal.when.ParcelScanned!;
      const { parcelId } = event.data;
      const alias = {
        ...event,
        data: { ...event.data, parcelId: renamed(parcelId) },
        meta: event.meta,
      };
      return scan(before, alias);
    },
  },
};
const renamed = (parcelId: string): string => parcelId.replace('poison', 'mended');
const freshFold = (scans: readonly Scan[]): Map<string, Journal> =>
  journalOf(scans.map((scan) => ({ ...scan, parcelId: renamed(scan.parcelId) })));

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function newWorld(): Promise<ScanLog> {
  const world = await openScanLog('retry');
  closing.push(() => world.close());
  return world;
}

async function project(world: ScanLog, projection = journal): Promise<Projectors> {
  const { client, database, log, codec, lanes, prefix } = world;
  const parts = { client, database, log, codec, lanes, prefix, leaseTtlMs: 3_000 };
  const projectors = await startProjectors({ ...parts, projections: [projection] });
  closing.push(() => projectors.close());
  return projectors;
}

/** The generation that is served: the first, unless a busy machine made its builder start anew. */
const active = async ({ db }: ScanLog): Promise<string> =>
  (await readModelsOf(db).findOne({ _id: 'journal@1' }))?.active ?? 'none yet';
const documents = async (world: ScanLog) => {
  const found = await world.db
    .collection<Journal>(await active(world))
    .find()
    .toArray();
  return new Map(found.map((one) => [one._id, one]));
};
const letters = ({ db }: ScanLog): Promise<DeadLetter[]> =>
  deadLettersOf(db).find().sort({ key: 1, offset: 1 }).toArray();

/** The projector has passed all of these. */
const passed = (world: ScanLog, appended: readonly Appended[]) =>
  vi.waitFor(
    async () => {
      const generation = await active(world);
      const rows = await checkpointsOf(world.db).find({ generation }).toArray();
      const next = new Map(rows.map((row) => [row.lane, row.next.parcels ?? 0]));
      const behind = appended.filter(({ lane, offset }) => (next.get(lane) ?? 0) <= offset);
      expect(behind).toEqual([]);
    },
    { timeout: 30_000, interval: 20 },
  );

const retry = async (
  world: ScanLog,
  { key, lane }: Pick<DeadLetter, 'key' | 'lane'>,
  { dryRun = false, projection = mended } = {},
) =>
  retryKey(
    { ...world, projection, dryRun },
    { view: 'journal@1', generation: await active(world), topic: 'parcels', lane, key },
  );

const isHeld = { $expr: { $gt: ['$heldUntil', '$$NOW'] } };

const poison = (depotId: string, at: number): Scan => ({ depotId, parcelId: `poison${at}`, at });

/** Scans in three depots, with a poisonous one in the middle of the history of d1. */
const history = [...someScans(300, 3), poison('d1', 1_000), ...someScans(30, 3, 2_000)];

describe('dead letters of a key, after the fold was mended', () => {
  it('are folded in order, so that documents equal a fresh fold of the log', async () => {
    const world = await newWorld();
    const appended = await world.append(history);
    const old = await project(world);
    await passed(world, appended);
    await old.close();
    const parked = await letters(world);
    expect(parked.map(({ key }) => key)).toEqual(Array(11).fill('d1'));
    const before = await documents(world);

    const dry = await retry(world, parked[0]!, { dryRun: true });
    expect(dry).toEqual({ folded: 11, left: 0, error: null });
    expect(await letters(world)).toEqual(parked);
    expect(await documents(world)).toEqual(before);

    expect(await retry(world, parked[0]!)).toEqual({ folded: 11, left: 0, error: null });
    expect(await letters(world)).toEqual([]);
    expect(await documents(world)).toEqual(freshFold(history));

    await project(world, mended);
    const more = someScans(30, 3, 3_000);
    await passed(world, await world.append(more));
    expect(await documents(world)).toEqual(freshFold([...history, ...more]));
  });

  it('stay from the first on that still can not be folded, with today’s error', async () => {
    const world = await newWorld();
    const raw = { depotId: 'd1', bytes: Buffer.from('not Avro') };
    const appended = await world.append([...history, raw, ...someScans(6, 3, 3_000)]);
    await project(world);
    await passed(world, appended);
    const parked = await letters(world);
    const stillWrong = parked.find(({ value }) => value?.buffer.toString() === 'not Avro')!;
    expect(stillWrong.error).toBe('an earlier event of this key is parked');

    const unmended = await retry(world, parked[0]!, { projection: journal });
    expect(unmended).toEqual({ folded: 0, left: 14, error: 'no room for poison1000' });
    expect(await letters(world)).toHaveLength(14);

    const error = expect.stringMatching(/offset \d+: not in the Confluent wire format$/);
    expect(await retry(world, parked[0]!)).toEqual({ folded: 11, left: 3, error });
    const left = await letters(world);
    expect(left[0]).toMatchObject({ _id: stillWrong._id, error, parkedAt: stillWrong.parkedAt });
    expect((await documents(world)).get('d1')).toEqual(freshFold(history).get('d1'));
  });

  it('no longer wait for a letter that was discarded, which is kept with the reason', async () => {
    const world = await newWorld();
    const appended = await world.append(history);
    await project(world);
    await passed(world, appended);
    const [first] = await letters(world);
    const { client, db } = world;
    expect(await discardLetter(client, db, first!._id, 'sent by a broken scanner')).toBe(true);
    expect(await discardLetter(client, db, `${first!._id}0`, 'why')).toBe(false);
    expect(await discardedLettersOf(db).find().toArray()).toEqual([
      { ...first, reason: 'sent by a broken scanner', discardedAt: expect.any(Date) },
    ]);
    const done = await retry(world, first!, { projection: journal });
    expect(done).toEqual({ folded: 10, left: 0, error: null });

    // The live owner no longer parks new events of the key.
    const more = someScans(30, 3, 3_000);
    await passed(world, await world.append(more));
    const rest = history.filter(({ parcelId }) => !parcelId.startsWith('poison'));
    expect(await documents(world)).toEqual(journalOf([...rest, ...more]));
    expect(await letters(world)).toEqual([]);
  });

  it('are folded once each while a live owner works on the same key', async () => {
    const world = await newWorld();
    const appended = await world.append(history);
    const old = await project(world);
    await passed(world, appended);
    await old.close();
    await project(world, mended);

    const all = [...history];
    let going = true;
    const appending = (async () => {
      for (let round = 0; going || round < 20; round += 1) {
        const scans = [poison('d1', 10_000 + round), ...someScans(9, 3, 20_000 + 9 * round)];
        appended.push(...(await world.append(scans)));
        all.push(...scans);
      }
    })();
    const { lane } = (await letters(world))[0]!;
    // Events that come while letters are folded may be parked behind them, and are retried too.
    for (let retries = 0; retries < 10; retries += 1) {
      expect(await retry(world, { key: 'd1', lane })).toMatchObject({ left: 0, error: null });
    }
    going = false;
    await appending;
    await passed(world, appended);
    await retry(world, { key: 'd1', lane });
    // By now the owner knows that nothing is parked.
    const more = someScans(9, 3, 50_000);
    await passed(world, await world.append(more));
    expect(await letters(world)).toEqual([]);
    expect(await documents(world)).toEqual(freshFold([...all, ...more]));
  });

  it('are left alone while the lane is held, and folded right after', async () => {
    const world = await newWorld();
    const appended = await world.append(history);
    const old = await project(world);
    await passed(world, appended);
    await old.close();
    const [first] = await letters(world);
    const before = await documents(world);
    const checkpoints = checkpointsOf(world.db);
    await checkpoints.updateMany({}, [{ $set: { heldUntil: { $add: ['$$NOW', 1_000] } } }]);
    const retrying = retry(world, first!);
    for (;;) {
      const seen = await documents(world);
      if ((await checkpoints.countDocuments(isHeld)) === 0) break;
      expect(seen).toEqual(before);
    }
    expect(await retrying).toEqual({ folded: 11, left: 0, error: null });
    expect(await documents(world)).toEqual(freshFold(history));
  });

  it('stay while the lane is held, and are discarded right after', async () => {
    const world = await newWorld();
    const { client, db } = world;
    const appended = await world.append(history);
    const old = await project(world);
    await passed(world, appended);
    await old.close();
    const [first, ...behind] = await letters(world);
    const checkpoints = checkpointsOf(db);
    await checkpoints.updateMany({}, [{ $set: { heldUntil: { $add: ['$$NOW', 1_000] } } }]);
    const discarding = discardLetter(client, db, first!._id, 'sent by a broken scanner');
    for (;;) {
      const seen = [await letters(world), await discardedLettersOf(db).countDocuments()];
      if ((await checkpoints.countDocuments(isHeld)) === 0) break;
      expect(seen).toEqual([[first, ...behind], 0]);
    }
    expect(await discarding).toBe(true);
    expect(await letters(world)).toEqual(behind);
    expect(await discardedLettersOf(db).countDocuments({ _id: first!._id })).toBe(1);
  });

  it('are folded once each while generations change places', async () => {
    const world = await newWorld();
    const appended = await world.append(history);
    const old = await project(world);
    await passed(world, appended);
    await old.close();
    const first = await active(world);
    const { generation: second } = await build({ ...world, projection: journal });
    await project(world, mended);
    const { lane } = (await letters(world))[0]!;

    const all = [...history];
    let isOver = false;
    const appending = (async () => {
      for (let round = 0; !isOver; round += 1) {
        const scans = [poison('d1', 10_000 + round), ...someScans(9, 3, 20_000 + 9 * round)];
        appended.push(...(await world.append(scans)));
        all.push(...scans);
      }
    })();
    const retrying = (async () => {
      while (!isOver) {
        for (const { generation } of await letters(world)) await retryIn(world, generation, lane);
      }
    })();
    for (const generation of [second, first, second, first]) {
      expect(await switchedTo(world, generation)).toBe(true);
    }
    isOver = true;
    await Promise.all([appending, retrying]);
    await passed(world, appended);
    for (const generation of [first, second]) {
      expect(await switchedTo(world, generation)).toBe(true);
      await retryIn(world, generation, lane);
      expect(await documents(world)).toEqual(freshFold(all));
    }
    expect(await letters(world)).toEqual([]);
  });
});

const retryIn = (world: ScanLog, generation: string, lane: number) =>
  retryKey(
    { ...world, projection: mended },
    { view: 'journal@1', generation, topic: 'parcels', lane, key: 'd1' },
  );

/** As the replay tool does it, while nobody else builds or switches. */
const switchedTo = (world: ScanLog, generation: string): Promise<boolean> =>
  world.client.withSession((session) => {
    const { signal } = new AbortController();
    const lease = { role: 'builder:journal@1', lane: 0, term: 1, valid: true, session };
    return switchTo({
      ...{ ...world, projection: mended, generation, stop: signal },
      lease: {
        ...{ ...lease, lost: signal, deadline: Number.POSITIVE_INFINITY },
        passOn: () => false,
      },
    });
  });
