import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { endsByLane } from '../building/lane-fold.ts';
import { type Checkpoint, checkpointsOf } from '../checkpoint.ts';
import { type CatchUpOptions, catchUp } from './catch-up.ts';
import { Generations, generationsOf } from './generations.ts';

type SwitchOptions = CatchUpOptions & { lanes: number };

/** How long lanes are held at most: less than a read waits for its token. */
const holdMs = 1_000;
const tries = 20;

/**
 * Serves another generation from now on. The new generation is caught up with the log first. Then
 * the lanes of the old one are held for a moment, the new one is folded to exactly their offsets,
 * and the pointer is moved in a transaction that fails if any of those lanes moved on. So all that
 * a client has seen in the old generation is in the new one too.
 * @returns false if the generation can't be switched to any more.
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
