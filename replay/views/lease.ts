import { DatabaseClock } from '#kernel/leases/database-clock.ts';
import { holdLeases, type Lease, newMember } from '#kernel/leases/leases.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';

/** The lease of a killed run has to expire first. */
const ttlsWaited = 2;

/**
 * Does some work while holding a lease, so that no other process does the same work.
 * @param what names the work in messages.
 * @throws ToolError when another process holds the lease; the reason of `stop` if that comes first.
 */
export async function withLease<T>(
  { client, db, config, stop }: Pick<Tool, 'client' | 'db' | 'config' | 'stop'>,
  { role, what }: { role: string; what: string },
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const done = Promise.withResolvers<T>();
  const settled = done.promise.then(
    () => {},
    () => {},
  );
  let isBegun = false;
  const ttlMs = config.leaseTtlMs;
  const busy = () => {
    const owner = holder.ownerOf(0)?.id ?? 'another process';
    done.reject(
      new ToolError(
        `${what} is being done by ${owner}. Wait until it is done, or end that process.`,
      ),
    );
  };
  const timer = setTimeout(busy, ttlsWaited * ttlMs);
  // Work that is under way stops by itself where it can be resumed.
  const giveUp = () => {
    if (!isBegun) done.reject(stop.reason);
  };
  stop.addEventListener('abort', giveUp, { once: true });
  const holder = holdLeases({
    ...{ client, database: db.databaseName, role, lanes: 1, member: newMember(), ttlMs },
    dropAtDeadline: true,
    clock: new DatabaseClock({ toleranceMs: config.clockToleranceMs }),
    work(lease) {
      // The lease was lost and taken again: the work has stopped, and the user restarts it.
      if (isBegun) throw new Error('the work was begun before');
      stop.throwIfAborted();
      isBegun = true;
      clearTimeout(timer);
      const lost = () => {
        const why = lease.lost.reason?.message;
        done.reject(
          new ToolError(`Stopped: ${why}. Run the command again; complete lanes are kept.`),
        );
      };
      lease.lost.addEventListener('abort', lost, { once: true });
      work(lease).then(done.resolve, done.reject);
      return { drain: () => settled };
    },
  });
  try {
    if (stop.aborted) giveUp();
    return await done.promise;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', giveUp);
    await holder.close();
  }
}
