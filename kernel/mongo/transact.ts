import type { ClientSession } from 'mongodb';

/**
 * One try of a transaction. Nothing is repeated here: after any error, even an unknown outcome of
 * the commit, the caller has to read afresh how far it got.
 */
export async function transact(session: ClientSession, work: () => Promise<void>): Promise<void> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority' },
    readPreference: 'primary',
  });
  try {
    await work();
    await session.commitTransaction();
  } catch (error) {
    await session.abortTransaction().catch(() => {});
    throw error;
  }
}
