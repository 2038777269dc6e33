import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { contexts, eventSchemas } from '../../schemas/load.ts';
import { webhooksDocument } from './webhooks.ts';

/** Writes the AsyncAPI documents of events and webhooks here: see `npm run generate`. */

const ref = (path: string) => ({ $ref: `#/${path}` });
const entries = <T>(names: readonly string[], value: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, value(name)]));
const typesOf = (topic: string) => eventSchemas.filter(({ context }) => context === topic);

export const document = {
  asyncapi: '3.0.0',
  info: {
    title: 'Events',
    version: '1',
    description:
      'The events of the log, one Kafka topic for each context. Names of topics begin with ' +
      'TOPIC_PREFIX. Values have the Confluent wire format: a zero, four bytes of schema id, and ' +
      'Avro; subjects are TOPIC-RECORD NAME. All events are committed in transactions, so read ' +
      'with read_committed.',
  },
  defaultContentType: 'application/vnd.apache.avro',
  channels: entries(contexts, (topic) => ({
    address: topic,
    messages: entries(
      typesOf(topic).map(({ type }) => type),
      (type) => ref(`components/messages/${type}`),
    ),
    bindings: { kafka: { topic, topicConfiguration: { 'cleanup.policy': ['delete'] } } },
  })),
  operations: entries(contexts, (topic) => ({
    action: 'send',
    summary: `The events of ${topic}`,
    channel: ref(`channels/${topic}`),
  })),
  components: {
    messages: Object.fromEntries(
      eventSchemas.map(({ type, schema }) => [
        type,
        {
          name: type,
          title: type,
          ...(schema.doc !== undefined && { summary: schema.doc }),
          headers: ref('components/schemas/Headers'),
          payload: {
            schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0',
            schema,
          },
          bindings: {
            kafka: { key: { type: 'string' }, schemaIdLocation: 'payload' },
          },
        },
      ]),
    ),
    schemas: {
      Headers: {
        type: 'object',
        properties: {
          traceparent: {
            type: 'string',
            description: 'The request that led to the event, by W3C Trace Context.',
          },
        },
      },
    },
  },
};

export const file = join(import.meta.dirname, 'events.json');

export const text = `${JSON.stringify(document, null, 2)}\n`;

export const webhooksFile = join(import.meta.dirname, 'webhooks.json');

export const webhooksText = `${JSON.stringify(webhooksDocument, null, 2)}\n`;

if (import.meta.main) {
  for (const [to, written] of [
    [file, text],
    [webhooksFile, webhooksText],
  ] as const) {
    writeFileSync(to, written);
    console.log(relative(process.cwd(), to));
  }
}
