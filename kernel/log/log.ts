/**
 * The log as the rest of the system sees it. Only this folder knows kafkajs, so another client
 * can take its place if it passes `contract.int.spec.ts` beside this file.
 */

/** A topic partition; partition i of every topic together is lane i. */
export type TopicLane = { topic: string; lane: number };

/** Names a lane of a topic, in maps. */
export const keyOf = ({ topic, lane }: TopicLane): string => `${topic}/${lane}`;

/** An offset that is read next, as a number: exact up to 2^53. */
export type Offset = number;

export type LogRecord = TopicLane & {
  offset: Offset;
  key: Buffer | null;
  value: Buffer | null;
  /** Milliseconds since 1970. */
  timestamp: number;
  headers: Record<string, Buffer | undefined>;
};

/**
 * Committed records of one topic lane, in order. `next` passes transaction markers and aborted
 * records too, so a chunk may be empty and still be progress.
 */
export type Chunk = TopicLane & { records: LogRecord[]; next: Offset };

export type Position = TopicLane & { next: Offset };

/** A set of topic lanes that is read together. Closed by `close`, or by any error it throws. */
export type Subscription = {
  /**
   * Takes all chunks that wait; waits until there is at least one. With ends given, resolves to
   * an empty list once every lane has reached its end. `close` ends a waiting call with an empty
   * list; a call after it is an error, and so are two at once.
   * @throws LaneReadError for a hole, an offset out of range or a missing topic; nothing resets.
   */
  take(): Promise<Chunk[]>;
  /** Whether the last try to read some lane of it failed; it is tried again. */
  readonly isFailing: boolean;
  close(): Promise<void>;
};

export type SubscribeOptions = {
  /** Read up to these next offsets, one for each lane, and stop; without them, follow the log. */
  until?: Position[];
  /** Of topics that Kafka compacts: offsets may be missing. */
  compacted?: boolean;
};

/** Reads committed records from given offsets; no consumer group. One fetch loop per leader. */
export type LogReader = {
  subscribe(positions: Position[], options?: SubscribeOptions): Subscription;
  close(): Promise<void>;
};

export type RecordToAppend = TopicLane & {
  key: string;
  value: Buffer;
  /** Milliseconds since 1970. */
  timestamp: number;
  headers?: Record<string, string>;
};

export type RecordToPut = Omit<RecordToAppend, 'value' | 'headers'> & { value: Buffer | null };

/**
 * A fenced transactional producer, such as the one of a lane's writer. It has two names in Kafka,
 * whose transactions take turns. Never two calls in flight.
 */
export type FencedProducer = {
  /**
   * Appends all records in one committed transaction.
   * @param late called once, when the transaction has begun, for records that came meanwhile; they
   *   follow the first ones, and belong to the same lanes.
   * @returns the offset of each record, in the order given.
   * @throws InDoubtError when it can't be known whether it committed, or when the producer is
   *   fenced or otherwise spent: discard it, take the lane again and look in the log.
   * @throws AbortedError with `troubleAfterMs` alone: nothing is committed, and the producer can be
   *   used on.
   */
  append(
    records: RecordToAppend[],
    late?: () => RecordToAppend[],
    options?: AppendOptions,
  ): Promise<Offset[]>;
  /**
   * Appends one record to each topic lane under each name and aborts, so no reader ever sees it.
   * Once it has succeeded, no older producer of the same id can commit, and none that is started
   * at the same time gets as far as this.
   * @returns the offset of each barrier: everything committed before it lies below.
   * @throws InDoubtError as `append`.
   */
  barrier(lanes: TopicLane[], options?: AppendOptions): Promise<Position[]>;
  close(): Promise<void>;
};

export type AppendOptions = {
  /**
   * Aborts the transaction if some lanes can't be appended to for so long: their leader is away,
   * or answers with errors. Without it, they are tried until the transaction is in doubt.
   */
  troubleAfterMs?: number;
};

export type Log = {
  /** A new reader with connections of its own. */
  reader(): LogReader;
  /**
   * Fences every older producer of this transactional id, under both of its names, and aborts its
   * open transaction. If several processes do this at once, none may append before its barrier.
   * @throws LogUnavailableError when Kafka refuses that, or can't do it for half a minute.
   */
  producer(transactionalId: string): Promise<FencedProducer>;
  /**
   * Puts a record into a compacted topic, outside of transactions; null ends its key.
   * @returns its offset, once no reader can miss it.
   * @throws InDoubtError when no answer came: it may be there, or come there at any later time.
   * @throws LogUnavailableError when Kafka can't take it now: it won't come there later.
   */
  put(record: RecordToPut): Promise<Offset>;
  /**
   * The last stable offset of each lane of a topic, index = lane: "caught up" for readers only.
   * @param limitMs how long it is tried, by default for half a minute.
   * @throws LogUnavailableError
   */
  stableOffsets(topic: string, limitMs?: number): Promise<Offset[]>;
  /** The first offset of each lane of a topic that still exists, index = lane. */
  firstOffsets(topic: string): Promise<Offset[]>;
  /** Creates missing topics; then checks partitions, retention, cleanup policy, timestamp limit. */
  ensureTopics(topics: string[], options: TopicOptions): Promise<void>;
  /** The same checks without creating anything. @throws TopicError naming topic, setting, cure. */
  checkTopics(
    topics: string[],
    options: Pick<TopicOptions, 'lanes' | 'compacted' | 'settings'>,
  ): Promise<void>;
  /** How many lanes each topic of the cluster has. @throws LogUnavailableError */
  topics(): Promise<ReadonlyMap<string, number>>;
  /** The cluster's own id: tells this log from another one after a reset. */
  id(): Promise<string>;
  close(): Promise<void>;
};

export type TopicOptions = {
  lanes: number;
  replication: number;
  minInSyncReplicas: number;
  /** Kafka keeps the last record of each key only. */
  compacted?: boolean;
  /** What else Kafka has to be told of these topics. */
  settings?: Readonly<Record<string, string>>;
};

/** Zero-based lane of a Kafka key: murmur2 as in the Java client. */
export type LaneOf = (key: string, lanes: number) => number;

/** Whether a transaction committed is unknown, or its producer can't be used any more. */
export class InDoubtError extends Error {
  override name = 'InDoubtError';
  /** True when another producer of the same lane has taken over. */
  readonly fenced: boolean;
  constructor(message: string, options: { cause?: unknown; fenced?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.fenced = options.fenced ?? false;
  }
}

/** For certain, no record of the transaction is committed, nor ever will be. */
export class AbortedError extends Error {
  override name = 'AbortedError';
  /**
   * The lanes that could not be appended to. None, if no transaction has begun because the
   * leader of some lane of the last transactions can't write their markers: until it can, only a
   * producer of another id can append at once.
   */
  readonly lanes: TopicLane[];
  constructor(lanes: TopicLane[], why: string) {
    super(`the transaction was aborted: ${why}`);
    this.lanes = lanes;
  }
}

/** Kafka gave no answer for so long that the caller has to decide whether to wait on. */
export class LogUnavailableError extends Error {
  override name = 'LogUnavailableError';
}

/** Only bounded reads end with `unavailable`: a follower goes on trying. */
export type LaneReadCode =
  | 'hole'
  | 'out-of-range'
  | 'missing'
  | 'refused'
  | 'unreadable'
  | 'unavailable';

/** A lane that can't be read on from its offset: retention, truncation, another log. */
export class LaneReadError extends Error {
  override name = 'LaneReadError';
  readonly topic: string;
  readonly lane: number;
  readonly code: LaneReadCode;
  constructor(at: TopicLane, code: LaneReadCode, message: string) {
    super(`${at.topic}/${at.lane}: ${message}`);
    this.topic = at.topic;
    this.lane = at.lane;
    this.code = code;
  }
}

/** A topic that isn't as the system needs it; the message names topic, setting and cure. */
export class TopicError extends Error {
  override name = 'TopicError';
}
