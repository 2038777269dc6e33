import { setTimeout as pause } from 'node:timers/promises';
import type { Event } from '../event.ts';
import { LogUnavailableError, type Offset, type Position } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { follow, type KnownStreamsOptions } from '../writer/known-streams.ts';
import { reachMs } from './reaching.ts';

export type FollowedTopic = {
  /**
   * Resolves once everything is known that could be read when this was called.
   * @throws LogUnavailableError after `limitMs`, 5 s by default.
   */
  caughtUp(limitMs?: number): Promise<void>;
  /** Resolves once the event at this offset is known. @throws LogUnavailableError */
  reached(lane: number, offset: Offset): Promise<void>;
  close(): Promise<void>;
};

const lookEveryMs = 2;

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
  const nextOf = (lane: number) => positions.get(`${context}/${lane}`)?.next ?? 0;
  const until = async (isThere: () => boolean, deadline = performance.now() + reachMs) => {
    while (!isThere()) {
      const isOver = closing.signal.aborted || performance.now() > deadline;
      if (isOver) throw new LogUnavailableError(`${topic} can't be followed just now`);
      await pause(lookEveryMs);
    }
  };
  return {
    async caughtUp(limitMs = reachMs) {
      const deadline = performance.now() + limitMs;
      const ends = await options.log.stableOffsets(topic, limitMs);
      await until(() => ends.every((end, lane) => nextOf(lane) >= end), deadline);
    },
    reached: (lane, offset) => until(() => nextOf(lane) > offset),
    async close() {
      closing.abort();
      await following;
    },
  };
}
