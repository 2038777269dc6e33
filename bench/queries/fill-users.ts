import { openCodec } from '#kernel/codec/codec.ts';
import { eventId, personalText } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { metaOf } from '#schemas/example-meta.ts';
import type { RemindersEvent, SupportEvent } from '#schemas/generated/events.ts';
import { eventSchemas } from '#schemas/load.ts';
import { examples } from '#schemas/support/examples.ts';
import { voteCast } from '../vote-cast.ts';
import { heavyUser, type UsersToFill } from './routes.ts';

/** Appends votes, reminders and plays of one user who has very many, and a long ticket. */

const itemsAtOnce = 2_000;
const messages = 200;
const from = Date.parse('2026-01-01T00:00:00Z');

const { prefix, votes, reminders, plays } = JSON.parse(process.argv[2]!) as UsersToFill;
const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '' } = process.env;
const lanes = Number(process.env.LANES);
const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-fill-users' });
const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
const producer = await log.producer(transactionalId(prefix, 'bench-fill-users'));

type AnyEvent = Parameters<typeof codec.encode>[1];

function record(context: string, key: string, event: AnyEvent): RecordToAppend {
  const topic = topicName(prefix, context);
  const value = codec.encode(topic, event);
  return { topic, lane: laneOf(key, lanes), key, value, timestamp: event.meta.time };
}

/** A vote, and at first a reminder and a play, each on another movie than all before. */
function itemsOf(number: number): RecordToAppend[] {
  const [userId, movieId] = [heavyUser, `m${number}`];
  const at = from + number * 60_000;
  const meta = (sequence: number) => metaOf(`reminders/${userId}`, sequence, at, userId);
  const set: RemindersEvent = {
    type: 'ReminderSet',
    meta: meta(number + Math.min(number - 1, reminders)),
    data: {
      ...{ userId, movieId, note: null, setAt: at, changedAt: null, batch: null },
      remindAt: number % 4 === 0 ? null : Date.UTC(2100) + ((number * 7_919) % reminders) * 60_000,
    },
  };
  const playId = eventId(`plays/${userId}`, number);
  const watched: RemindersEvent = {
    type: 'MovieWatched',
    meta: meta(number + Math.min(number, reminders)),
    data: { userId, movieId, playId, watchedAt: at, recordedAt: at, batch: null },
  };
  const cast = voteCast({
    ...{ movieId, userId, vote: number % 3 === 0 ? 'dislike' : 'like', castAt: at, version: 1 },
    ...{ previous: 'none', previousCastAt: null },
  });
  return [
    record('ranking', movieId, cast),
    ...(number <= reminders ? [record('reminders', userId, set)] : []),
    ...(number <= plays ? [record('reminders', userId, watched)] : []),
  ];
}

function ticketEvents(): SupportEvent[] {
  const { TicketOpened, TicketMessageAdded } = examples;
  const { subject } = TicketOpened.meta;
  const added = Array.from({ length: messages }, (_, at): SupportEvent => {
    const addedAt = TicketOpened.data.openedAt + (at + 1) * 60_000;
    const message = personalText(`Message ${at + 1}: it is still the same.`);
    const meta = metaOf(subject, at + 2, addedAt, 'alice');
    return { ...TicketMessageAdded, meta, data: { ...TicketMessageAdded.data, message, addedAt } };
  });
  return [TicketOpened, ...added];
}

for (let first = 1; first <= votes; first += itemsAtOnce) {
  const count = Math.min(itemsAtOnce, votes + 1 - first);
  await producer.append(Array.from({ length: count }, (_, at) => itemsOf(first + at)).flat());
}
await producer.append(ticketEvents().map((event) => record('support', event.data.ticketId, event)));
await producer.close();
await log.close();
