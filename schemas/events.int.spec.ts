import { randomUUID } from 'node:crypto';
import { deploySchemas, examplesOf } from '@event-sourced/kernel/schemas';
import { beforeAll, expect, inject, it } from 'vitest';
import { type Codec, openCodec } from '#kernel/codec/codec.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { eventSchemas, schemas } from './load.ts';

const examples = await examplesOf(schemas);

const registryUrl = inject('stack').schemaRegistry;
const topicPrefix = `events-${randomUUID().slice(0, 8)}.`;
let codec: Codec;
beforeAll(async () => {
  await deploySchemas({ registryUrl, topicPrefix, schemas: eventSchemas });
  codec = await openCodec({ registryUrl, topicPrefix, schemas: eventSchemas });
});

it.each([...examples.values()])('$type comes back through the registry', async (example) => {
  const { context } = eventSchemas.find(({ type }) => type === example.type)!;
  const topic = topicName(topicPrefix, context);
  const value = codec.encode(topic, example);
  const record = { topic, lane: 0, offset: 0, key: null, timestamp: 0, headers: {}, value };
  await codec.learn([record]);
  const { type, data, meta } = codec.decode(record);
  expect({ type, data, meta }).toStrictEqual(example);
});
