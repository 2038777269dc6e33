import * as codes from './error-codes.ts';
import { type Offset, TopicError } from './log.ts';
import type { Leader, Metadata } from './metadata.ts';
import { listOffsetsRequest, type TopicMetadata } from './requests.ts';
import { RetriableError, retried, retryLimitMs } from './retry.ts';

export const lastStableOffset = -1;
export const firstOffset = -2;

/** A topic that is unknown for so long does not exist. */
const missingAfterMs = 3_000;

/** A topic with a leader for every lane. @throws TopicError when there is no such topic. */
export const ledTopic = async (
  metadata: Metadata,
  topic: string,
  missingAfter = missingAfterMs,
  limitMs = retryLimitMs,
): Promise<TopicMetadata> => {
  const since = performance.now();
  const led = async () => {
    await metadata.refresh([topic]);
    const known = metadata.topic(topic);
    const error = known?.error ?? codes.unknownTopicOrPartition;
    if (error === codes.ok && known) {
      const leaderless = known.lanes.some((_, lane) => !metadata.leader({ topic, lane }));
      if (!leaderless && known.lanes.length > 0) return known;
      throw new RetriableError(topic, codes.leaderNotAvailable);
    }
    const missing = performance.now() - since > missingAfter;
    if (missing || !codes.leaderErrors.has(error)) {
      throw new TopicError(`${topic}: ${codes.nameOf(error)}; create it with the deploy step`);
    }
    throw new RetriableError(topic, error);
  };
  return retried(`the leaders of ${topic}`, led, limitMs);
};

/** One offset per lane, told by the lanes' leaders; a deposed leader's answer is refused. */
export const offsetsOf = (
  metadata: Metadata,
  topic: string,
  at: typeof lastStableOffset | typeof firstOffset,
  limitMs = retryLimitMs,
): Promise<Offset[]> => {
  const deadline = performance.now() + limitMs;
  const asked = async () => {
    const leftMs = deadline - performance.now();
    const { lanes } = await ledTopic(metadata, topic, missingAfterMs, leftMs);
    const led = lanes.map(({ lane }) => {
      const leader = metadata.leader({ topic, lane });
      if (!leader) throw new RetriableError(topic, codes.leaderNotAvailable);
      return { topic, lane, leader, epoch: leader.epoch };
    });
    const byLeader = Map.groupBy(led, ({ leader }) => leader.node);
    const answers = await Promise.all(
      [...byLeader.values()].map((group) => {
        const { leader } = group[0] as { leader: Leader };
        return metadata.askOne(leader, listOffsetsRequest(group, at));
      }),
    );
    const offsets: Offset[] = [];
    for (const { lane, error, offset } of answers.flatMap((answer) => answer.offsets)) {
      if (codes.leaderErrors.has(error)) throw new RetriableError(`${topic}/${lane}`, error);
      if (error !== codes.ok) throw new TopicError(`${topic}/${lane}: ${codes.nameOf(error)}`);
      offsets[lane] = offset;
    }
    if (led.some(({ lane }) => offsets[lane] === undefined)) {
      throw new RetriableError(topic, codes.leaderNotAvailable);
    }
    return offsets;
  };
  return retried(`the offsets of ${topic}`, asked, limitMs);
};
