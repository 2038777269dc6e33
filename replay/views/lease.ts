import { holdLeases, type Lease, newMember } from '#kernel/leases/leases.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';

/** That of a run which was killed has to run out first. */
const ttlsWaited = 2;

/**
 * Does some work while holding a lease, so that nobody else does the same beside it.
 * @param what is being done, for people.
 * @throws ToolError when somebody else holds it.
 */
export async function withLease<T>(
  { client, db, config }: Pick<Tool, 'client' | 'db' | 'config'>,
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
    const owner = holder.ownerOf(0)?.id ?? 'somebody';
    done.reject(new ToolError(`${what} is being done by ${owner}. Wait for that, or end it.`));
  };
  const timer = setTimeout(busy, ttlsWaited * ttlMs);
  const holder = holdLeases({
    ...{ client, database: db.databaseName, role, lanes: 1, member: newMember(), ttlMs },
    dropAtDeadline: true,
    work(lease) {
      // Lost and taken again: what was begun has stopped, and is begun again by hand.
      if (isBegun) throw new Error('it was begun before');
      isBegun = true;
      clearTimeout(timer);
      const lost = () => {
        const why = lease.lost.reason?.message;
        done.reject(new ToolError(`Stopped: ${why}. Run it again; what is complete stays.`));
      };
      lease.lost.addEventListener('abort', lost, { once: true });
      work(lease).then(done.resolve, done.reject);
      return { drain: () => settled };
    },
  });
  try {
    return await done.promise;
  } finally {
    clearTimeout(timer);
    await holder.close();
  }
}
