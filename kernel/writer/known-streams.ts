import { setTimeout as pause } from 'node:timers/promises';
import type { Command, Requirement } from '../aggregate.ts';
import type { Codec } from '../codec/codec.ts';
import type { Log, Position } from '../log/log.ts';
import { Problem } from '../problems.ts';

/**
 * What rules need to know of streams in other lanes, kept by following their topics. It lags a
 * little behind, so it may allow, but never forbids: whoever is told no here asks the lane.
 */
export type KnownStreams = {
  /** @throws Problem as the rule says, by what is known here so far. */
  check(requirement: Requirement, id: string, input: unknown): void;
  close(): Promise<void>;
};

export type KnownStreamsOptions = {
  commands: readonly Command[];
  log: Log;
  codec: Codec;
  lanes: number;
  prefix: string;
  onTrouble(message: string): void;
};

/** All rules of all commands, each once. */
export const requirementsOf = (commands: readonly Command[]): Requirement[] => [
  ...new Map(
    commands.flatMap(({ requires = [] }) => requires.map((rule) => [rule.name, rule])),
  ).values(),
];

export function followKnownStreams(options: KnownStreamsOptions): KnownStreams {
  const requirements = requirementsOf(options.commands);
  const byTopic = Map.groupBy(requirements, ({ aggregate }) => aggregate.topic);
  const known = new Map<string, unknown>();
  const closing = new AbortController();
  const positions = new Map<string, Position>();
  for (const topic of byTopic.keys()) {
    for (let lane = 0; lane < options.lanes; lane += 1) {
      positions.set(`${topic}/${lane}`, { topic: options.prefix + topic, lane, next: 0 });
    }
  }
  const following = follow(options, positions, closing.signal, (topic, subject, event) => {
    // Rules of one topic tell the same of an event; the first one speaks for them.
    const rule = byTopic.get(topic)?.[0];
    if (rule) known.set(subject, rule.after(event));
  });
  return {
    check({ aggregate, check }, id, input) {
      check(known.get(`${aggregate.topic}/${id}`) ?? aggregate.initial, input);
    },
    async close() {
      closing.abort();
      await following;
    },
  };
}

type Told = (topic: string, subject: string, event: ReturnType<Codec['decode']>) => void;

async function follow(
  { log, codec, prefix, onTrouble }: KnownStreamsOptions,
  positions: Map<string, Position>,
  closing: AbortSignal,
  told: Told,
): Promise<void> {
  if (positions.size === 0) return;
  while (!closing.aborted) {
    const reader = log.reader();
    const stop = () => void reader.close();
    closing.addEventListener('abort', stop);
    try {
      const subscription = reader.subscribe([...positions.values()]);
      while (!closing.aborted) {
        for (const { topic, lane, records, next } of await subscription.take()) {
          const context = topic.slice(prefix.length);
          await codec.learn(records);
          for (const record of records) {
            const event = codec.decode(record);
            told(context, event.meta.subject, event);
          }
          positions.set(`${context}/${lane}`, { topic, lane, next });
        }
      }
    } catch (error) {
      if (closing.aborted) return;
      onTrouble(`What other lanes know can't be followed: ${(error as Error).message}`);
      await pause(1_000, undefined, { signal: closing }).catch(() => undefined);
    } finally {
      closing.removeEventListener('abort', stop);
      await reader.close();
    }
  }
}

/** A rule as a command of the stream it is about: appends nothing, and fails as the rule does. */
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

/** All commands that nodes may send each other. */
export const withAssertions = (commands: readonly Command[]): Command[] =>
  commands.flatMap((command) => [
    command,
    ...(command.requires ?? []).map((requirement) => assertion(requirement, command)),
  ]);
