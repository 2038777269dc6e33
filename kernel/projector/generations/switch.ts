import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { endsByLane } from '../building/lane-fold.ts';
import { type Checkpoint, checkpointsOf } from '../checkpoint.ts';
import { type CatchUpOptions, catchUp } from './catch-up.ts';
import { Generations, generationsOf } from './generations.ts';

type SwitchOptions = CatchUpOptions & { lanes: number };

/** Lanes stand still so long at most, which is less than a read waits for what its token asks. */
const holdMs = 1_000;
const tries = 20;

/**
 * Serves another generation from now on. It is caught up with the log before; then the lanes of
 * the one served are held for a moment, so that the other can reach exactly where those stand, and
 * the pointer is moved in a transaction that fails if any of them moved on. So whoever has seen
 * something of the old generation sees it in the new one too.
 * @returns false when the generation can't be switched to any more.
 */
export async function switchTo(options: SwitchOptions): Promise<boolean> {
  const reader = options.log.reader();
  try {
    await release(options.db, options.generation);
    await catchUp({ ...options, reader }, await endsByLane(options.log, options));
    return await switchNow({ ...options, reader });
  } finally {
    await reader.close();
  }
}

async function switchNow(options: SwitchOptions): Promise<boolean> {
  const { db, generation, projection, lease } = options;
  const generations = new Generations(db, projection.view);
  for (let left = tries; left > 0; left -= 1) {
    const model = await generations.read();
    const active = model?.active ?? null;
    if (active === generation) return true;
    if (!model || !generationsOf(model).includes(generation)) return false;
    // What came during the first time is little, so the hold is short.
    if (active) await catchUp(options, nextsOf(await lanesOf(db, active)));
    const held = active ? await hold(db, active) : [];
    try {
      await catchUp(options, nextsOf(held));
      const { session } = lease;
      const isSwitched = await session.withTransaction(
        async () => {
          const isActive = await generations.activate(generation, { active, session });
          // Last, since nobody moves a lane from here on until the transaction has ended.
          const renewed = active && isActive ? await renew(db, active, held, options) : 0;
          if (isActive && renewed === held.length) return true;
          await session.abortTransaction();
          return false;
        },
        { writeConcern: { w: 'majority' } },
      );
      if (isSwitched) return true;
    } finally {
      // What was switched from stays held: nobody should move it any more.
      if (active && (await generations.read())?.active === active) await release(db, active);
    }
    // Too slow, or too late. The lanes may go on as long as they were held, then it is tried again.
    await pause(holdMs, undefined, { signal: options.stop });
  }
  return false;
}

const until = { $add: ['$$NOW', holdMs] };

/** Lets nobody move a generation for a moment. @returns where its lanes stand meanwhile. */
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

/** @returns how many lanes were held all the time, by the same hold, and still are. */
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
