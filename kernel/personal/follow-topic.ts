import { setTimeout as pause } from 'node:timers/promises';
import type { Event } from '../event.ts';
import type { Position } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { follow, type KnownStreamsOptions } from '../writer/known-streams.ts';

export type FollowedTopic = {
  /** Resolves once everything is known that could be read when this was called. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
};

const lookEveryMs = 5;

/** Tells each event of a context, from its first one on. */
export function followTopic(
  options: Omit<KnownStreamsOptions, 'commands'>,
  context: string,
  onEvent: (event: Event) => void,
): FollowedTopic {
  const topic = topicName(options.prefix, context);
  const positions = new Map<string, Position>();
  for (let lane = 0; lane < options.lanes; lane += 1) {
    positions.set(`${context}/${lane}`, { topic, lane, next: 0 });
  }
  const closing = new AbortController();
  const following = follow(options, positions, closing.signal, (_topic, _subject, event) => {
    onEvent(event);
  });
  const isBehind = (ends: readonly number[]) =>
    ends.some((end, lane) => (positions.get(`${context}/${lane}`)?.next ?? 0) < end);
  return {
    async caughtUp() {
      const ends = await options.log.stableOffsets(topic);
      while (!closing.signal.aborted && isBehind(ends)) await pause(lookEveryMs);
    },
    async close() {
      closing.abort();
      await following;
    },
  };
}
