import { openCodec } from '#kernel/codec/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { eventSchemas } from '#schemas/load.ts';
import { examples } from '#schemas/support/examples.ts';

/** Writes tickets with six events each, so that tickets can be looked for too. */

export type TicketsToFill = { prefix: string; tickets: number };

const ticketsAtOnce = 100;

const { prefix, tickets } = JSON.parse(process.argv[2]!) as TicketsToFill;
const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '' } = process.env;
const lanes = Number(process.env.LANES);
const topic = topicName(prefix, 'support');
const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-fill' });
const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
const producer = await log.producer(transactionalId(prefix, 'bench-fill-tickets'));

const recordsOf = (ticketId: string) =>
  Object.values(examples).map(({ type, meta, data }) => {
    const event = {
      ...{ type, data: { ...data, ticketId } },
      meta: { ...meta, subject: `support/${ticketId}`, correlationid: ticketId },
    };
    const value = codec.encode(topic, event);
    const place = { topic, lane: laneOf(ticketId, lanes), key: ticketId };
    return { ...place, value, timestamp: Date.parse('2026-05-01') };
  });

for (let from = 1; from <= tickets; from += ticketsAtOnce) {
  const ids = Array.from({ length: ticketsAtOnce }, (_, at) => `ticket${from + at}`);
  await producer.append(ids.flatMap(recordsOf));
}
await producer.close();
await log.close();
