import { type Codec, UndecodableError } from '../codec/codec.ts';
import type { Event } from '../event.ts';
import type { LogRecord } from '../log/log.ts';
import type { AnyReactor, Reaction } from '../reactor.ts';
import type { CausedCommand } from './command-client.ts';

/** A record, and the command that it leads to. */
export type Pending = { record: LogRecord; reaction: Reaction; command: CausedCommand };

/** An event that can't be read, or at which the reactor's code throws. */
export class PoisonError extends Error {
  override name = 'PoisonError';
}

/**
 * The command that a record leads to, or null. The record's schema has been learnt.
 * @throws PoisonError for an event that fails however often it is tried.
 */
export function pendingOf(record: LogRecord, reactor: AnyReactor, codec: Codec): Pending | null {
  try {
    const event = codec.decode(record);
    const when = reactor.when[event.type] as ((event: Event) => Reaction | null) | undefined;
    const reaction = when?.(event);
    if (!reaction) return null;
    const { id: causationid, correlationid } = event.meta;
    const traceparent = record.headers.traceparent?.toString('utf8');
    const { POST: path, body = {} } = reaction;
    const cause = { key: causationid, causationid, correlationid, traceparent };
    return { record, reaction, command: { path, body, ...cause } };
  } catch (cause) {
    if (cause instanceof UndecodableError) throw new PoisonError(cause.message, { cause });
    const { topic, lane, offset } = record;
    const why = (cause as Error).message;
    throw new PoisonError(`${topic}/${lane} offset ${offset}: ${why}`, { cause });
  }
}
