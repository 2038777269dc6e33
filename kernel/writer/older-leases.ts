import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';

/** The role of the leases in this release, whose nodes append under one name for all lanes. */
export const writerRole = 'node-writer';
/** The role in older releases, which append under a name for each lane. */
export const olderRole = 'writer';

const owner = 'a newer release';
const retired = { owner, url: '', expiresAt: new Date('9999-12-31'), sessionId: null };
const againMs = 250;

type OlderLease = { _id: string };

/**
 * Takes the leases of older releases for ever. Nodes of the two kinds would not see each other's
 * fence: so this one waits until the older ones have ended, and none can take a lane again.
 */
export async function retireOlderLeases(
  db: Db,
  lanes: number,
  onWarning: (message: string) => void,
): Promise<void> {
  const leases = db.collection<OlderLease>('leases', { writeConcern: { w: 'majority' } });
  const rows = Array.from({ length: lanes }, (_, lane) => ({ _id: `${olderRole}/${lane}`, lane }));
  for (const { _id, lane } of rows) {
    const row = { ...retired, role: olderRole, lane, term: 0 };
    await leases.updateOne({ _id }, { $setOnInsert: row }, { upsert: true });
  }
  const _id = { $in: rows.map((row) => row._id) };
  const isFree = { $or: [{ owner: null }, { $expr: { $lte: ['$expiresAt', '$$NOW'] } }] };
  for (let tries = 0; ; tries += 1) {
    await leases.updateMany({ _id, ...isFree }, { $set: retired });
    const held = await leases.countDocuments({ _id, owner: { $ne: owner } });
    if (held === 0) return;
    if (tries === 0) {
      onWarning(`A command API of an older release works ${held} lanes; it has to be stopped.`);
    }
    await pause(againMs);
  }
}
