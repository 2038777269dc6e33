/** Kafka's protocol errors by number, as far as this folder judges or may meet them. */
const names: Record<number, string> = {
  [-1]: 'UNKNOWN_SERVER_ERROR',
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  8: 'BROKER_NOT_AVAILABLE',
  9: 'REPLICA_NOT_AVAILABLE',
  10: 'MESSAGE_TOO_LARGE',
  13: 'NETWORK_EXCEPTION',
  14: 'COORDINATOR_LOAD_IN_PROGRESS',
  15: 'COORDINATOR_NOT_AVAILABLE',
  16: 'NOT_COORDINATOR',
  17: 'INVALID_TOPIC_EXCEPTION',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  31: 'CLUSTER_AUTHORIZATION_FAILED',
  32: 'INVALID_TIMESTAMP',
  35: 'UNSUPPORTED_VERSION',
  36: 'TOPIC_ALREADY_EXISTS',
  37: 'INVALID_PARTITIONS',
  38: 'INVALID_REPLICATION_FACTOR',
  40: 'INVALID_CONFIG',
  41: 'NOT_CONTROLLER',
  42: 'INVALID_REQUEST',
  44: 'POLICY_VIOLATION',
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  46: 'DUPLICATE_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
  48: 'INVALID_TXN_STATE',
  49: 'INVALID_PRODUCER_ID_MAPPING',
  50: 'INVALID_TRANSACTION_TIMEOUT',
  51: 'CONCURRENT_TRANSACTIONS',
  52: 'TRANSACTION_COORDINATOR_FENCED',
  53: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  55: 'OPERATION_NOT_ATTEMPTED',
  56: 'KAFKA_STORAGE_ERROR',
  59: 'UNKNOWN_PRODUCER_ID',
  74: 'FENCED_LEADER_EPOCH',
  75: 'UNKNOWN_LEADER_EPOCH',
  76: 'UNSUPPORTED_COMPRESSION_TYPE',
  78: 'OFFSET_NOT_AVAILABLE',
  87: 'INVALID_RECORD',
  90: 'PRODUCER_FENCED',
  100: 'UNKNOWN_TOPIC_ID',
  103: 'INCONSISTENT_TOPIC_ID',
  120: 'TRANSACTION_ABORTABLE',
};

export const ok = 0;
export const offsetOutOfRange = 1;
export const unknownTopicOrPartition = 3;
export const leaderNotAvailable = 5;
export const topicAlreadyExists = 36;
export const duplicateSequenceNumber = 46;
export const concurrentTransactions = 51;
export const operationNotAttempted = 55;
export const transactionAbortable = 120;

export const nameOf = (code: number): string => names[code] ?? `error ${code}`;

const codesOf = (...wanted: string[]): ReadonlySet<number> =>
  new Set(
    wanted.map((name) => {
      const found = Object.entries(names).find(([, known]) => known === name);
      if (!found) throw new Error(`unknown error ${name}`);
      return Number(found[0]);
    }),
  );

/** The leader moved, or is about to: ask for fresh metadata and try again. */
export const leaderErrors = codesOf(
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
);

/** Errors after which a Fetch may be repeated; an unknown one may be a broker's bad moment. */
export const fetchRetriable = new Set([
  ...leaderErrors,
  ...codesOf('UNKNOWN_SERVER_ERROR', 'CORRUPT_MESSAGE', 'REQUEST_TIMED_OUT'),
]);

export const missingTopicErrors = codesOf('UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID');

/** Errors of a cluster that is starting: no controller yet, or fewer brokers than replicas. */
export const createRetriable = codesOf(
  'UNKNOWN_TOPIC_OR_PARTITION',
  'REQUEST_TIMED_OUT',
  'INVALID_REPLICATION_FACTOR',
  'NOT_CONTROLLER',
);

/** Errors after which a Produce may be sent again with the same sequence number. */
export const produceRetriable = new Set([
  ...leaderErrors,
  ...codesOf('REQUEST_TIMED_OUT', 'NETWORK_EXCEPTION', 'CORRUPT_MESSAGE', 'BROKER_NOT_AVAILABLE'),
  ...codesOf('NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'),
]);

/** In the second protocol a leader asks the coordinator before it appends. */
export const secondProduceRetriable = new Set([
  ...produceRetriable,
  ...codesOf('CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS'),
  ...codesOf('COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR'),
]);

/**
 * Of those, the ones that a leader answers before it appends anything. Others may come after: a
 * leader that waits for its replicas answers NOT_LEADER_OR_FOLLOWER when it is deposed meanwhile.
 */
export const neverAppended = codesOf('NOT_ENOUGH_REPLICAS', 'CONCURRENT_TRANSACTIONS');

/** The coordinator moved: look it up again. */
export const coordinatorErrors = codesOf(
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'BROKER_NOT_AVAILABLE',
);

/** Answers of the transaction coordinator that ask for a repeat. */
export const coordinatorRetriable = new Set([
  ...coordinatorErrors,
  ...codesOf('CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS', 'REQUEST_TIMED_OUT'),
]);

/** AddPartitionsToTxn judges topics too, and leaves the others untried when one fails. */
export const addPartitionsRetriable = new Set([
  ...coordinatorRetriable,
  ...codesOf('UNKNOWN_TOPIC_OR_PARTITION', 'OPERATION_NOT_ATTEMPTED'),
]);

/** Another producer of the same transactional id took over, or the broker ended our transaction. */
export const fencingErrors = codesOf(
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'PRODUCER_FENCED',
  'TRANSACTION_COORDINATOR_FENCED',
);
