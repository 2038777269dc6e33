import { openCodec } from '#kernel/codec.ts';
import { type Event, eventId } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RecordToAppend } from '#kernel/log/log.ts';
import { eventSchemas } from '#schemas/load.ts';
import { seeded } from '../random.ts';
import type { Rig } from '../rig.ts';

const movies = 1_000;
const users = 50_000;
const recordsAtOnce = 20_000;
const firstAt = Date.parse('2026-01-01T00:00:00Z');
const halfAYearMs = 182 * 86_400_000;

/** Writes so many votes, the same in every run, in a few large transactions. */
export async function fill({ settings }: Rig, count: number): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '', LANES } = settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-fill' });
  try {
    const codec = await openCodec({ registryUrl, schemas: eventSchemas });
    const producer = await log.producer('bench-fill');
    let records: RecordToAppend[] = [];
    for (const { key, event } of votes(count)) {
      const lane = laneOf(key, Number(LANES));
      const value = codec.encode('ranking', event);
      records.push({ topic: 'ranking', lane, key, value, timestamp: event.meta.time });
      if (records.length < recordsAtOnce) continue;
      await producer.append(records);
      records = [];
    }
    await producer.append(records);
    await producer.close();
  } finally {
    await log.close();
  }
}

type Ballot = { vote: 'like' | 'dislike'; castAt: number; version: number };

function* votes(count: number): Generator<{ key: string; event: Event }> {
  const random = seeded(1);
  const ballots = new Map<string, Ballot>();
  for (let at = 0; at < count; at += 1) {
    const movieId = `m${1 + Math.floor(random() ** 2 * movies)}`;
    const userId = `user${Math.floor(random() ** 2 * users)}`;
    const subject = `ranking/${movieId}/${userId}`;
    const before = ballots.get(subject);
    const liked = random() < 0.7 ? 'like' : 'dislike';
    const other = before?.vote === 'like' ? 'dislike' : 'like';
    const castAt = firstAt + Math.floor((at / count) * halfAYearMs);
    const ballot: Ballot = {
      vote: before ? other : liked,
      castAt,
      version: (before?.version ?? 0) + 1,
    };
    ballots.set(subject, ballot);
    yield { key: movieId, event: voteCast(movieId, userId, ballot, before) };
  }
}

function voteCast(movieId: string, userId: string, ballot: Ballot, before?: Ballot): Event {
  const { vote, castAt, version } = ballot;
  const subject = `ranking/${movieId}/${userId}`;
  const id = eventId(subject, version);
  const previous = before?.vote ?? 'none';
  return {
    type: 'VoteCast',
    data: { movieId, userId, vote, previous, previousCastAt: before?.castAt ?? null, castAt },
    meta: {
      id,
      source: '/command-api',
      subject,
      time: castAt,
      sequence: version,
      correlationid: id,
      causationid: null,
      actor: userId,
      commandid: id,
      requesthash: 'n4bQgYhMfWWaL-qgxVrQFQ',
    },
  };
}
