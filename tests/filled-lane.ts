import { openCodec } from '#kernel/codec/codec.ts';
import { type Event, eventId } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { eventSchemas } from '#schemas/load.ts';
import type { System } from './system.ts';

const recordsAtOnce = 20_000;
const streams = 200;

/** An id that falls into a lane. */
export function idInLane(label: string, lane: number, lanes: number): string {
  let n = 0;
  while (laneOf(`${label}-${n}`, lanes) !== lane) n += 1;
  return `${label}-${n}`;
}

/** Writes `count` votes to a lane, in a few large transactions, before any node runs. */
export async function fillLane({ settings }: System, lane: number, count: number): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', TOPIC_PREFIX = '', LANES } = settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const where = { registryUrl: SCHEMA_REGISTRY_URL, topicPrefix: TOPIC_PREFIX };
  const codec = await openCodec({ ...where, schemas: eventSchemas });
  const producer = await log.producer(transactionalId(TOPIC_PREFIX, 'test'));
  const topic = topicName(TOPIC_PREFIX, 'ranking');
  const movieId = idInLane('past', lane, Number(LANES));
  for (let from = 0; from < count; from += recordsAtOnce) {
    const some = Math.min(recordsAtOnce, count - from);
    const records = Array.from({ length: some }, (_, at): RecordToAppend => {
      const value = codec.encode(topic, voteCast(movieId, from + at));
      return { topic, lane, key: movieId, value, timestamp: from + at };
    });
    await producer.append(records);
  }
  await producer.close();
  await log.close();
}

/** The vote at an index: users vote in turn, and each changes the vote every time. */
function voteCast(movieId: string, at: number): Event {
  const userId = `voter${at % streams}`;
  const round = Math.floor(at / streams);
  const subject = `ranking/${movieId}/${userId}`;
  const id = eventId(subject, round + 1);
  const voteOf = (round: number) => (round % 2 === 0 ? 'like' : 'dislike');
  const previous = round === 0 ? 'none' : voteOf(round - 1);
  const previousCastAt = round === 0 ? null : at - streams;
  return {
    type: 'VoteCast',
    data: {
      movieId,
      userId,
      vote: voteOf(round),
      previous,
      previousCastAt,
      castAt: at,
      changedAt: null,
    },
    meta: {
      ...{ id, source: '/test', subject, time: at, sequence: round + 1, correlationid: id },
      ...{ causationid: null, actor: userId, commandid: id, requesthash: '' },
    },
  };
}
