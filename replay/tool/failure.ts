import { MongoServerError } from 'mongodb';
import { UnregisteredSchemaError } from '#kernel/codec/codec.ts';
import { RegistryAwayError } from '#kernel/codec/registry-requests.ts';
import { SchemaRefusedError } from '#kernel/codec/schema-registry.ts';
import { ConfigError } from '#kernel/config.ts';
import { LogChangedError } from '#kernel/following/log-verifier.ts';
import { InDoubtError, LaneReadError, LogUnavailableError, TopicError } from '#kernel/log/log.ts';
import { isMongoAway } from '#kernel/mongo/mongo-away.ts';
import { kafkaAway, mongoAway, PartAwayError } from '#kernel/service/connecting.ts';
import { ToolError } from './exit.ts';

/** Errors that the user can mend, and whose message says how. */
const told = [
  ...[ToolError, ConfigError, TopicError, LaneReadError, LogChangedError, PartAwayError],
  ...[RegistryAwayError, SchemaRefusedError, UnregisteredSchemaError],
];

/** What the user reads of an error: what would cure it; or, of a mistake in the tool, the stack. */
export function failureText(error: unknown): string {
  if (told.some((kind) => error instanceof kind)) return (error as Error).message;
  if (isMongoAway(error)) return mongoAway(error).message;
  if (error instanceof LogUnavailableError || error instanceof InDoubtError) {
    return kafkaAway(error).message;
  }
  if (error instanceof MongoServerError) {
    return `MongoDB refuses the work (${error.message}). See its log; MONGO_URL says where it is.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
