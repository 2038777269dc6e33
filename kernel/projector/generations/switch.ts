import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { endsByLane } from '../building/lane-fold.ts';
import { type Checkpoint, checkpointsOf } from '../checkpoint.ts';
import { type CatchUpOptions, catchUp } from './catch-up.ts';
import { Generations, generationsOf } from './generations.ts';
import { isLoadedByAll } from './loaded-copies.ts';
import { announce, unannounce } from './pointers.ts';

type SwitchOptions = CatchUpOptions & { lanes: number };

/** How long lanes are held at most: less than a read waits for its token. */
const holdMs = 1_000;
const tries = 20;
/** How long copies may take to load. After that the switch comes all the same, and reads wait. */
const loadWithinMs = 300_000;
const lookEveryMs = 100;

/**
 * Serves another generation from now on. The new generation is caught up with the log first, and
 * processes that keep the view in memory load it. Then the lanes of the old one are held for a
 * moment, the new one is folded to exactly their offsets, and the pointer is moved in a transaction
 * that fails if any of those lanes moved on. So all that a client has seen in the old generation is
 * in the new one too.
 * @returns false if the generation can't be switched to any more.
 */
export async function switchTo(given: SwitchOptions): Promise<boolean> {
  const options = { ...given, stop: AbortSignal.any([given.stop, given.lease.lost]) };
  const { db, generation, projection, log } = options;
  const generations = new Generations(db, projection.view);
  const reader = log.reader();
  try {
    await release(db, generation);
    await catchUp({ ...options, reader }, await endsByLane(log, options));
    if (projection.view.copied) await untilLoaded({ ...options, reader }, generations);
    return await switchNow({ ...options, reader }, generations);
  } finally {
    // If the database is away, the announcement runs out by itself.
    await unannounce(db, generations.id, generation).catch(() => {});
    await reader.close();
  }
}

/** Waits until every copy of the view has the generation, and meanwhile lets it follow the log. */
async function untilLoaded(options: SwitchOptions, generations: Generations): Promise<void> {
  const { db, generation, log, stop } = options;
  // The copies are needed until the switch is done, too.
  await announce(db, generations.id, generation, 2 * loadWithinMs);
  const end = performance.now() + loadWithinMs;
  while (!(await isLoadedByAll(db, generations.id, generation)) && performance.now() < end) {
    await pause(lookEveryMs, undefined, { signal: stop });
    await catchUp(options, await endsByLane(log, options));
  }
}

async function switchNow(options: SwitchOptions, generations: Generations): Promise<boolean> {
  const { db, generation, lease } = options;
  for (let left = tries; left > 0; left -= 1) {
    const model = await generations.read();
    const active = model?.active ?? null;
    if (active === generation) return true;
    if (!model || !generationsOf(model).includes(generation)) return false;
    // Few events came during the first catch-up, so the hold is short.
    if (active) await catchUp(options, nextsOf(await lanesOf(db, active)));
    const held = active ? await hold(db, active) : [];
    try {
      await catchUp(options, nextsOf(held));
      const { session } = lease;
      const isSwitched = await session.withTransaction(
        async () => {
          const isActive = await generations.activate(generation, { active, session });
          // Last, since no lane can move from here on until the transaction has ended.
          const renewed = active && isActive ? await renew(db, active, held, options) : 0;
          if (isActive && renewed === held.length) return true;
          await session.abortTransaction();
          return false;
        },
        { writeConcern: { w: 'majority' } },
      );
      if (isSwitched) return true;
    } finally {
      // After a switch the old generation stays held: nobody should move it any more.
      if (active && (await generations.read())?.active === active) await release(db, active);
    }
    // The hold ran out, or a lane moved. Let the lanes work on for as long as the hold, then retry.
    await pause(holdMs, undefined, { signal: options.stop });
  }
  return false;
}

const until = { $add: ['$$NOW', holdMs] };

/** Holds a generation's lanes for a moment. @returns their checkpoints meanwhile. */
async function hold(db: Db, generation: string): Promise<Checkpoint[]> {
  const checkpoints = checkpointsOf(db);
  await checkpoints.updateMany({ generation }, [{ $set: { heldUntil: until } }], {
    writeConcern: { w: 'majority' },
  });
  return lanesOf(db, generation);
}

const lanesOf = (db: Db, generation: string): Promise<Checkpoint[]> =>
  checkpointsOf(db).find({ generation }).toArray();

const nextsOf = (lanes: readonly Checkpoint[]) =>
  new Map(lanes.map(({ lane, next }) => [lane, next]));

/** Extends the hold. @returns how many lanes it has held without a gap. */
async function renew(
  db: Db,
  generation: string,
  held: readonly Checkpoint[],
  { lease }: CatchUpOptions,
): Promise<number> {
  const sameHold = { $eq: ['$heldUntil', held[0]?.heldUntil] };
  const { matchedCount } = await checkpointsOf(db).updateMany(
    { generation, $expr: { $and: [sameHold, { $gt: ['$heldUntil', '$$NOW'] }] } },
    [{ $set: { heldUntil: until } }],
    { session: lease.session },
  );
  return matchedCount;
}

const release = (db: Db, generation: string) =>
  checkpointsOf(db).updateMany({ generation }, { $unset: { heldUntil: 1 } });
