import type { Db, MongoClient } from 'mongodb';
import type { Codec } from '#kernel/codec/codec.ts';
import type { Log } from '#kernel/log/log.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import type { Config } from '#schemas/config.ts';

/** What a pass does with the votes; each is a function of the same name. */
export type Way =
  | 'decode'
  | 'consumeWithLibraries'
  | 'rebuildView'
  | 'insertSame'
  | 'catchUp'
  | 'writeFolded'
  | 'appendInline';
export type ViewName = 'rankings' | 'votes';

/** The input of a pass, which is a process of its own. */
export type Given = {
  view: ViewName;
  /** The prefix of the topics' names. */
  prefix: string;
  /** The number of events in the log that the view folds. */
  events: number;
  /** The database that documents are written to, or were written to by an earlier pass. */
  database: string;
};

/** What each way works on. */
export type PassParts = Omit<Given, 'view' | 'database'> & {
  projection: AnyProjection;
  client: MongoClient;
  db: Db;
  log: Log;
  codec: Codec;
  lanes: number;
  /** For threads, which open connections of their own. */
  config: Config;
};

/** What a way has done while it was timed; it chooses itself when the time begins and ends. */
export type Done = {
  events: number;
  documents: number;
  seconds: number;
  cpuSeconds: number;
  /** The time that the secondary indexes took afterwards. */
  indexSeconds?: number;
  transactions?: number;
};

/** The result of a pass. */
export type Pass = Omit<Done, 'cpuSeconds'> & {
  eventsPerSecond: number;
  documentsPerSecond: number;
  cpuMicrosPerEvent: number;
  peakRssMb: number;
};
