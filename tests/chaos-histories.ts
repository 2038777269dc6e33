import canonicalize from 'canonicalize';
import { type Aggregate, aggregatesOf, type Command } from '#kernel/aggregate.ts';
import type { Event } from '#kernel/event.ts';
import { Problem } from '#kernel/problems.ts';
import { StateInParts } from '#kernel/testing/state-in-parts.ts';
import { initialOf, partOf, splitState, withPart } from '#kernel/writer/parts.ts';
import { nameOf, rulesOf } from '#kernel/writer/request.ts';
import { idOf, topicOf } from '#kernel/writer/stream-names.ts';
import { commands } from '../command-api/commands.ts';
import { people } from '../command-api/people.ts';
import { opened } from './chaos-keys.ts';
import type { Sent } from './chaos-load.ts';
import { callerOf, commandNamed } from './chaos-requests.ts';
import type { Committed } from './committed-events.ts';

const aggregates = aggregatesOf(commands);

/**
 * The state of every stream at each of its versions. Answers and events are checked against it: a
 * command, decided again on the state that its answer names, must come to the same result.
 */
export type StateHistory = {
  /** The states of a stream from version 0. @param part its key, if the state has parts. */
  of(stream: string, part?: string): readonly unknown[];
};

const aggregateOf = (stream: string) =>
  aggregates.find(({ topic }) => topic === topicOf(stream)) as unknown as Aggregate;

export function historyOf(events: readonly Event[]): StateHistory {
  const states = new Map<string, StateInParts>();
  for (const event of events) {
    const { subject } = event.meta;
    const known = states.get(subject) ?? new StateInParts(aggregateOf(subject));
    known.evolve(event);
    states.set(subject, known);
  }
  return {
    of(stream, part) {
      const state = states.get(stream) ?? new StateInParts(aggregateOf(stream));
      return Array.from({ length: state.version + 1 }, (_, version) => state.at(version, part));
    },
  };
}

/** Whether an answer without events was true at some version that its command may have seen. */
export function wasTrue(
  one: Sent,
  history: StateHistory,
  knownBefore: (stream: string) => number,
): boolean {
  const command = commandNamed(one.command);
  const states = history.of(one.stream, command.part?.(one.input));
  if (one.answer) {
    const { version } = one.answer;
    const stands = version < states.length && decided(command, one, states[version], 0);
    return version >= knownBefore(one.stream) && stands !== false && stands.length === 0;
  }
  const code = one.problem?.code;
  const own = states.slice(knownBefore(one.stream));
  if (code === 'version-mismatch') {
    return own.some((_, at) => at + knownBefore(one.stream) !== one.ifMatch);
  }
  const others = rulesOf(command, one.input).flatMap(({ requirement, address }) => {
    const stream = nameOf(requirement, address);
    const seen = history.of(stream).slice(knownBefore(stream));
    return seen.map((state) => codeOf(() => requirement.check(state, one.input)));
  });
  const refusals = own.map((state) => codeOf(() => decide(command, one, state, 0)));
  return [...others, ...refusals].includes(code as string);
}

/** Events that differ from what their command decides on the state before them. */
export function wronglyDecided(
  sent: ReadonlyMap<string, Sent>,
  events: readonly Event[],
  history: StateHistory,
): string[] {
  const ofClients = events.filter((event) => !isOfKey(event));
  const byCommand = Map.groupBy(ofClients, ({ meta }) => meta.commandid);
  return [...byCommand].flatMap(([commandid, appended]) => {
    const { meta } = appended[0] as Event;
    const one = sent.get(commandid) ?? sent.get(meta.correlationid);
    if (!one) return [];
    const command = commandNamed(one.command);
    const before = history.of(meta.subject, command.part?.(one.input))[meta.sequence - 1];
    const expected = decided(command, one, before, meta.time);
    if (canonicalize(expected) === canonicalize(appended.map(factOf))) return [];
    return [
      `${one.command} ${one.path}: ${JSON.stringify(appended)}, not ${canonicalize(expected)}`,
    ];
  });
}

/** Whether the system has appended an event for the key of a client's text. */
export const isOfKey = ({ meta }: Event) => topicOf(meta.subject) === people.topic;

/** An event as its command decides it: the lane, not the command, numbers service orders. */
const factOf = ({ type, data }: { type: string; data: unknown }) => {
  if (type !== 'ServiceOrderCreated') return { type, data: opened(data) };
  return { type, data: { ...(opened(data) as object), orderNumber: '' } };
};

function decide(command: Command, one: Sent, state: unknown, now: number) {
  const caller = callerOf(one.user);
  command.exists?.(state, one.input, caller);
  const context = { ...caller, now, streamId: idOf(one.stream), nextNumber: 1 };
  return command.decide(one.input, state, context);
}

/** The events that a command decides on a state; false if it is refused. */
function decided(command: Command, one: Sent, state: unknown, now: number) {
  try {
    return decide(command, one, state, now).map(factOf);
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

export type StoredStream = { version: number; lastOffset: number; state: unknown; keys: string[] };

/** The streams of a log and their parts, folded anew, as `write_state` should have them. */
export function streamsOf(log: readonly Committed[]): Map<string, StoredStream> {
  const streams = new Map<string, StoredStream>();
  for (const { offset, event } of log) {
    const { subject, sequence, commandid } = event.meta;
    const aggregate = aggregateOf(subject);
    const before = streams.get(subject);
    const keys = before?.keys ?? [];
    const part = partOf(aggregate, event);
    const stateOf = (name: string) => streams.get(name)?.state ?? initialOf(aggregate, name);
    const whole = withPart(aggregate, stateOf(subject), part && stateOf(part));
    const after = splitState(aggregate, aggregate.evolve(whole, event));
    const at = { version: sequence, lastOffset: offset };
    if (part) streams.set(part, { ...at, state: after.part, keys: [] });
    streams.set(subject, {
      ...at,
      state: after.own,
      keys: (keys.at(-1) === commandid ? keys : [...keys, commandid]).slice(-64),
    });
  }
  return streams;
}
