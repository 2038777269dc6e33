import { createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Command, Requirement, StreamAddress } from '../aggregate.ts';
import type { Caller } from '../auth/tokens.ts';
import { commandId } from '../event.ts';
import type { Offset } from '../log/log.ts';
import type { Problem } from '../problems.ts';
import type { ExpectedVersion } from './expected-version.ts';
import { madeUpId } from './made-up-keys.ts';
import { partName } from './parts.ts';

/** A command with all that its lane needs to decide it, on whichever node it came in. */
export type Request = {
  command: Command;
  input: unknown;
  caller: Caller;
  /** The Kafka key, which says the lane. */
  key: string;
  /** `topic/id` of the stream that is decided on. */
  stream: string;
  /** What the command is about; for a command that brings many items, nothing. */
  item: RequestItem;
  /** The items of a command that brings many, in order; null for any other. */
  items: readonly RequestItem[] | null;
  commandid: string;
  requesthash: string;
  expectedVersion: ExpectedVersion;
  trace: Trace;
  /** One of very many that a client sends: those of others go before it. */
  bulk: boolean;
  /** `performance.now()` after which no lane is asked any more. */
  until: number;
};

/** What a command, or one of its items, is about. */
export type RequestItem = {
  input: unknown;
  /** The name of the part of the state that this is about; null if the state has no parts. */
  part: string | null;
  /** Streams of the same lane that rules look at. */
  reads: { stream: string; requirement: Requirement }[];
  /** The problem with which a rule about a stream of another lane forbids this. */
  forbidden: Problem | null;
};

/** The request and the event that caused a command, for the command's events. */
export type Trace = { correlationid: string; causationid: string | null; traceparent: string };

/** The result of a command. */
export type Outcome = {
  stream: string;
  /** The stream's version after it. */
  version: number;
  /** The types of the events it appended, now or when its key was first used. */
  types: readonly string[];
  /** The id of the thing that the command made, where the stream's id isn't that. */
  made: string | null;
  /** Topic and offset of the last event that it rests on; null if its stream has none yet. */
  seen: { topic: string; offset: Offset } | null;
  /** It is the answer to an earlier request with the same key. */
  replayed?: true;
};

export type RequestOptions = {
  idempotencyKey: string;
  expectedVersion: ExpectedVersion;
  trace: Trace;
  /** For the command, or for each of its items. */
  forbidden?: readonly (Problem | null)[];
  /** Of the batch that this is an item of; of the command alone if unset. */
  requesthash?: string | undefined;
  bulk?: boolean;
  /** By default, 10 s from now. */
  until?: number;
};

/** How long a command looks for lanes that decide it, with all that it needs from other lanes. */
export const askLanesMs = 10_000;

/** @param input as `command.input` parsed it. */
export function request(
  command: Command,
  input: unknown,
  caller: Caller,
  options: RequestOptions,
): Request {
  const { idempotencyKey, expectedVersion, trace, forbidden = [], bulk = false } = options;
  const { until = performance.now() + askLanesMs } = options;
  const { key, id } = command.stream(input, caller, idempotencyKey);
  const stream = `${command.aggregate.topic}/${id}`;
  const itemOf = (of: Command, input: unknown, problem: Problem | null = null): RequestItem => ({
    input,
    part: of.part ? partName(stream, of.part(input)) : null,
    reads: rulesOf(of, input).flatMap(({ requirement, address }) =>
      address.key === key ? [{ stream: nameOf(requirement, address), requirement }] : [],
    ),
    forbidden: problem,
  });
  const { items } = command;
  // No client can send another body with a made-up key, so there is nothing to tell apart.
  const madeUp = madeUpId(idempotencyKey);
  const hashed = () => (madeUp ? '' : requestHash(idempotencyKey, input));
  return {
    command,
    input,
    caller,
    key,
    stream,
    item: itemOf(command, input, items ? null : forbidden[0]),
    items: items ? itemsIn(input).map((one, at) => itemOf(items.of, one, forbidden[at])) : null,
    commandid: madeUp ?? commandId(caller.userId, command.name, stream, idempotencyKey),
    requesthash: options.requesthash ?? hashed(),
    expectedVersion,
    trace,
    bulk,
    until,
  };
}

/** Whether the request's events may carry text of people. */
export function writesText({ command, input, items }: Request): boolean {
  if (command.items && items) {
    const { writesText: writes } = command.items.of;
    return writes !== undefined && items.some((item) => writes(item.input));
  }
  return command.writesText?.(input) ?? false;
}

/** The items of a command that brings many. */
export const itemsIn = (input: unknown) => (input as { items: readonly unknown[] }).items;

/** The rules of a command that apply to this input, with the streams that they look at. */
export const rulesOf = (command: Command, input: unknown) =>
  (command.requires ?? []).flatMap((requirement) => {
    const address = requirement.stream(input);
    return address ? [{ requirement, address }] : [];
  });

export const nameOf = ({ aggregate }: Requirement, { id }: StreamAddress) =>
  `${aggregate.topic}/${id}`;

/**
 * Tells bodies apart without revealing them: HMAC-SHA256 (RFC 2104), cut to 128 bits, of
 * the JSON in canonical form (RFC 8785), keyed with the Idempotency-Key, which no event holds.
 */
export const requestHash = (idempotencyKey: string, input: unknown) =>
  createHmac('sha256', idempotencyKey)
    .update(canonicalize(input) ?? '')
    .digest()
    .subarray(0, 16)
    .toString('base64url');
