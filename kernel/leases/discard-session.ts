import type { ClientSession } from 'mongodb';

/**
 * Ends a session whose id may still stand in the lease table. The lane's next owner kills it, so it
 * must not go back to the driver's pool, where something else would use it then. The driver keeps
 * no session that is dirty.
 */
export async function discardSession(session: ClientSession): Promise<void> {
  if (session.hasEnded) return;
  session.serverSession.isDirty = true;
  await session.endSession().catch(() => undefined);
}
