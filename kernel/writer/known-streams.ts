import { setTimeout as pause } from 'node:timers/promises';
import type { Command, Requirement } from '../aggregate.ts';
import { type Codec, UndecodableError, UnknownEventError } from '../codec/codec.ts';
import type { Log, LogRecord, Position } from '../log/log.ts';
import { contextOf, topicName } from '../log/topic-names.ts';
import { Problem } from '../problems.ts';

/**
 * The knowledge that rules need of streams in other lanes, kept by following their topics. It lags
 * a little, so it may allow a command, but never forbid one: before a command is refused, the lane
 * of the other stream is asked.
 */
export type KnownStreams = {
  /** @throws Problem if the rule forbids the command, by this node's knowledge so far. */
  check(requirement: Requirement, id: string, input: unknown): void;
  close(): Promise<void>;
};

export type KnownStreamsOptions = {
  commands: readonly Command[];
  log: Log;
  codec: Codec;
  lanes: number;
  prefix: string;
  onWarning(message: string): void;
};

type After = Requirement['after'];

export function followKnownStreams(options: KnownStreamsOptions): KnownStreams {
  const requirements = options.commands.flatMap(({ requires = [] }) => requires);
  const byTopic = Map.groupBy(requirements, ({ aggregate }) => aggregate.topic);
  // Rules that share an `after` share its results.
  const known = new Map<After, Map<string, unknown>>(
    requirements.map(({ after }) => [after, new Map()]),
  );
  const aftersOf = new Map(
    [...byTopic].map(([topic, rules]) => [topic, new Set(rules.map(({ after }) => after))]),
  );
  const closing = new AbortController();
  const positions = new Map<string, Position>();
  for (const topic of byTopic.keys()) {
    for (let lane = 0; lane < options.lanes; lane += 1) {
      positions.set(`${topic}/${lane}`, { topic: topicName(options.prefix, topic), lane, next: 0 });
    }
  }
  const following = follow(options, positions, closing.signal, (topic, subject, event) => {
    for (const after of aftersOf.get(topic) ?? []) known.get(after)?.set(subject, after(event));
  });
  return {
    check({ aggregate, after, check }, id, input) {
      check(known.get(after)?.get(`${aggregate.topic}/${id}`) ?? aggregate.initial, input);
    },
    async close() {
      closing.abort();
      await following;
    },
  };
}

type OnEvent = (topic: string, subject: string, event: ReturnType<Codec['decode']>) => void;

/** Reads on until told to close, and keeps in `positions` how far it has come. */
export async function follow(
  { log, codec, prefix, onWarning }: Omit<KnownStreamsOptions, 'commands'>,
  positions: Map<string, Position>,
  closing: AbortSignal,
  onEvent: OnEvent,
): Promise<void> {
  if (positions.size === 0) return;
  while (!closing.aborted) {
    const reader = log.reader();
    const stop = () => void reader.close();
    closing.addEventListener('abort', stop);
    try {
      const subscription = reader.subscribe([...positions.values()]);
      // An event that this code can't read leaves its stream as it is known: as if it came late.
      const tell = (record: LogRecord, context: string) => {
        try {
          const event = codec.decode(record);
          onEvent(context, event.meta.subject, event);
        } catch (error) {
          if (!(error instanceof UndecodableError)) throw error;
          if (!(error instanceof UnknownEventError)) onWarning(error.message);
        }
      };
      while (!closing.aborted) {
        for (const { topic, lane, records, next } of await subscription.take()) {
          const context = contextOf(prefix, topic);
          await codec.learn(records);
          for (const record of records) tell(record, context);
          positions.set(`${context}/${lane}`, { topic, lane, next });
        }
      }
    } catch (error) {
      if (closing.aborted) return;
      onWarning(`The topics that rules look at can't be followed: ${(error as Error).message}`);
      await pause(1_000, undefined, { signal: closing }).catch(() => undefined);
    } finally {
      closing.removeEventListener('abort', stop);
      await reader.close();
    }
  }
}

/** A rule as a command for the stream it is about: appends nothing, and fails as the rule does. */
export const assertion = (requirement: Requirement, { name, input }: Command): Command => ({
  aggregate: requirement.aggregate,
  name: `${name}-asserts-${requirement.name}`,
  route: null,
  role: [],
  input,
  stream: (given) => {
    const address = requirement.stream(given);
    if (!address) throw new Problem('internal-error', `${requirement.name} has no stream here.`);
    return address;
  },
  exists: (state, given) => requirement.check(state, given),
  decide: () => [],
});

/** The commands that nodes may send each other: all of them, and an assertion for each rule. */
export const withAssertions = (commands: readonly Command[]): Command[] =>
  commands.flatMap((command) => [
    command,
    ...(command.requires ?? []).map((requirement) => assertion(requirement, command)),
  ]);
