import type { Db, MongoClient } from 'mongodb';
import { type Codec, openCodec } from '../codec/codec.ts';
import type { Config } from '../config.ts';
import { EventSearch } from '../event-index/event-search.ts';
import type { Log, LogReader } from '../log/log.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import type { Parts } from '../service/parts.ts';
import type { View } from '../view.ts';
import type { Filters } from './event-limits.ts';
import { LogFollower } from './log-follower.ts';
import { SystemWatch } from './system-watch.ts';

/** What the operators' queries are answered from, besides views. */
export type Operations = {
  client: MongoClient;
  db: Db;
  log: Log;
  reader: LogReader;
  /** Opens the codec at the first call, and gives the same one from then on. */
  codec(): Promise<Codec>;
  /** Stands before the topics' names in the log. */
  prefix: string;
  schemas: readonly EventSchema[];
  registryUrl: string;
  filters: Filters;
  system: SystemWatch;
  follower: LogFollower;
  search: EventSearch;
  /** Ends the answers that would never end by themselves. */
  leave(): void;
  close(): Promise<void>;
};

export type OperationsOptions = {
  config: Config;
  parts: Parts;
  views: readonly View[];
  schemas: readonly EventSchema[];
  filters: Filters;
};

/**
 * Begins to watch the system. Clients' queries need no schemas, so the codec is opened only when
 * an operator looks at events, and a registry that is away or empty keeps no node from starting.
 */
export function openOperations(options: OperationsOptions): Operations {
  const { config, parts, views, schemas, filters } = options;
  const { client, log, codecOptions } = parts;
  const db = client.db(parts.database, { readPreference: 'primary' });
  const codec = openedOnce(() => openCodec({ ...codecOptions, schemas }));
  const { topicPrefix: prefix, lanes } = config;
  const system = new SystemWatch({ db, log, prefix, views, lanes });
  const reader = log.reader();
  const topics = [...new Set(schemas.map(({ context }) => context))];
  const follower = new LogFollower({ log, reader, codec, prefix, topics });
  const search = new EventSearch({ db, log, codec, prefix, schemas, filters });
  return {
    ...{ client, db, log, reader, codec, prefix, schemas, filters, system, follower, search },
    registryUrl: codecOptions.registryUrl,
    leave: () => follower.stopping.abort(),
    async close() {
      await Promise.all([system.close(), reader.close(), search.close()]);
    },
  };
}

/** A failed try is not kept. */
function openedOnce(open: () => Promise<Codec>): () => Promise<Codec> {
  let opening: Promise<Codec> | null = null;
  return () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
}
