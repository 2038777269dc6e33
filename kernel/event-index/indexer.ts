import type { Codec } from '../codec/codec.ts';
import { holdLeases, type Lease, type LeaseOptions } from '../leases/leases.ts';
import { prepareBlocks } from './blocks.ts';
import { type IndexOptions, indexPlace } from './index-lane.ts';

export type IndexerOptions = Omit<IndexOptions, 'db'> &
  Pick<LeaseOptions, 'client' | 'database' | 'member' | 'clock' | 'ttlMs'> & {
    codec: Codec;
    /** The topics of events, without prefix. */
    topics: readonly string[];
    lanes: number;
  };

/**
 * Keeps the index of events up with the log, off every hot path: it reads what is committed, and
 * nothing waits for it. Several processes share the lanes.
 */
export async function startIndexer(options: IndexerOptions): Promise<{ close(): Promise<void> }> {
  const { client, database, log, topics, filters } = options;
  const db = client.db(database, { readPreference: 'primary' });
  await prepareBlocks(db, filters);
  const reader = log.reader();
  const work = (lease: Lease) => {
    const own = new AbortController();
    const stop = AbortSignal.any([own.signal, lease.lost]);
    const { lane } = lease;
    let last: Promise<unknown> = Promise.resolve();
    const turn = <T>(store: () => Promise<T>): Promise<T> => {
      const stored = last.then(store);
      last = stored.catch(() => {});
      return stored;
    };
    const places = topics.map((context) =>
      indexPlace({ ...options, db, reader, context, lane, lease, stop, turn }),
    );
    return {
      async drain() {
        own.abort();
        await Promise.all(places);
      },
    };
  };
  const holder = holdLeases({ ...options, role: 'event-index', dropAtDeadline: true, work });
  return {
    async close() {
      await holder.close();
      await reader.close();
    },
  };
}
