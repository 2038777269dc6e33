import type { ClientSession } from 'mongodb';

/**
 * One try of a transaction. Nothing is repeated here: after any error, an unknown commit included,
 * the caller reads afresh where it stands.
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
