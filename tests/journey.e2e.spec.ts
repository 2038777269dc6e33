import confluent from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '#kernel/event.ts';
import { examplesOf } from '#kernel/schemas/load-schemas.ts';
import { until } from '#kernel/testing/until.ts';
import { eventSchemas, schemas } from '#schemas/load.ts';
import { type Committed, committedEvents } from './committed-events.ts';
import { spendEvening } from './evening.ts';
import { type Service, type System, startSystem } from './system.ts';
import { openTopic } from './topic-events.ts';

/** A person's whole evening, and what other clients of Kafka read of it. */

let system: System;
let commandApi: Service;
let queryApi: Service;
beforeAll(async () => {
  system = await startSystem('evening');
  commandApi = await system.start('command-api');
  [queryApi] = await Promise.all([
    system.start('query-api'),
    system.start('projectors'),
    system.start('reactors', { COMMAND_API_URL: commandApi.url }),
  ]);
});
afterAll(() => system?.stop());

describe('an evening', () => spendEvening(() => ({ system, commandApi, queryApi })));

/** Appends an example of each of these event types, beside the services. */
async function appendExamples(some: readonly { context: string; type: string }[]): Promise<void> {
  const examples = await examplesOf(schemas);
  for (const { context, type } of some) {
    const example = examples.get(type) as Event;
    const topic = await openTopic(system, context);
    const value = topic.codec.encode(topic.topic, example);
    await topic.append({ lane: 0, key: example.meta.subject, value, headers: {} });
    await topic.close();
  }
}

describe('a consumer with another client of the schema registry', () => {
  type Decoded = { at: string; meta: object; data: object };
  const inOrder = (events: Decoded[]) =>
    events.toSorted((one, other) => (one.at < other.at ? -1 : 1));

  /** Consumes in an ordinary consumer group, read-committed, and decodes with that client. */
  async function consumed(topics: string[], count: number): Promise<Decoded[]> {
    const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', TOPIC_PREFIX = '' } = system.settings;
    const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
    const registry = new confluent.SchemaRegistry({ host: SCHEMA_REGISTRY_URL });
    const consumer = kafka.consumer({ groupId: `${TOPIC_PREFIX}another`, readUncommitted: false });
    const found: Decoded[] = [];
    try {
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ topic, partition, message: { value, offset } }) => {
          const { meta, ...data } = await registry.decode(value as Buffer);
          found.push({ at: `${topic}/${partition}/${offset}`, meta: { ...meta }, data });
        },
      });
      await until(() => found.length >= count);
    } finally {
      await consumer.disconnect();
    }
    return found;
  }

  const typesOf = (committed: readonly Committed[]) =>
    new Set(committed.map(({ event }) => event.type));

  it('decodes every event of every topic, as it was written', async () => {
    const log = await committedEvents(system);
    const happened = typesOf(await log.all());
    // Each type of this system but ReminderDue: one evening is too short for that.
    expect(happened.size).toBeGreaterThanOrEqual(15);
    await appendExamples(eventSchemas.filter(({ type }) => !happened.has(type)));
    const committed = await log.all();
    await log.close();
    const types = eventSchemas.map(({ type }) => type);
    expect([...typesOf(committed)].toSorted()).toEqual(types.toSorted());
    const topics = [...new Set(committed.map(({ topic }) => topic))];
    const ours = committed.map(({ topic, lane, offset, event: { meta, data } }) => {
      return { at: `${topic}/${lane}/${offset}`, meta, data: data as object };
    });
    expect(inOrder(await consumed(topics, ours.length))).toMatchObject(inOrder(ours));
  });
});
