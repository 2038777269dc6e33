import {
  MongoClientClosedError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

const kinds = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
  MongoClientClosedError,
  MongoOperationTimeoutError,
];

// Shutting down, stepping down, not primary, interrupted or timed out.
const codes = new Set([6, 7, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Whether MongoDB could not be reached, as opposed to answering with an error. */
export const isMongoAway = (error: unknown): boolean =>
  kinds.some((kind) => error instanceof kind) ||
  (error instanceof MongoServerError &&
    // The loss of a connection during a bulk write comes wrapped, without a code.
    (codes.has(Number(error.code)) || isMongoAway(error.errorResponse)));
