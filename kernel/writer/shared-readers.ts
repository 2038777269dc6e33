import type { Log, LogReader, Subscription } from '../log/log.ts';

type Shared = { reader: LogReader; users: number };

/**
 * Readers that share the connections of one, which is closed with the last of them. A node that
 * takes all of its lanes at once would otherwise open connections for each lane. A reader that is
 * closed before it has read to its end may have met a broken connection, so later ones get another.
 */
export function sharedReaders(log: Pick<Log, 'reader'>): Pick<Log, 'reader'> {
  let current: Shared | null = null;
  const forget = (shared: Shared) => {
    if (current === shared) current = null;
  };
  return {
    reader() {
      current ??= { reader: log.reader(), users: 0 };
      const shared = current;
      shared.users += 1;
      const reading = new Set<Subscription>();
      return {
        subscribe(...given) {
          const subscription = shared.reader.subscribe(...given);
          reading.add(subscription);
          return {
            async take() {
              const chunks = await subscription.take();
              if (chunks.length === 0) reading.delete(subscription);
              return chunks;
            },
            get isFailing() {
              return subscription.isFailing;
            },
            close: () => subscription.close(),
          };
        },
        async close() {
          shared.users -= 1;
          if (shared.users === 0 || reading.size > 0) forget(shared);
          await Promise.all([...reading].map((subscription) => subscription.close()));
          if (shared.users === 0) await shared.reader.close();
        },
      };
    },
  };
}
