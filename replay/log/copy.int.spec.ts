import confluent from '@kafkajs/confluent-schema-registry';
import kafkajs, { CompressionTypes, type IHeaders, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openCodec, schemaIdOf } from '#kernel/codec/codec.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { Log, LogRecord } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { unzstd, zstd } from '#kernel/log/zstd.ts';
import {
  empty,
  encodeKey,
  erasedKeyOf,
  keyTimes,
  keyTopicSettings,
  personKeysTopic,
} from '#kernel/personal/key-topic.ts';
import { deploySchemas } from '#kernel/schemas/deploy.ts';
import { examplesOf } from '#kernel/schemas/load-schemas.ts';
import { readAll } from '#kernel/testing/log-world.ts';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { contexts, eventSchemas, schemas } from '#schemas/load.ts';
import { examples as ranking } from '#schemas/ranking/examples.ts';
import { startOwnStack } from '#tests/own-stack.ts';
import { parsed, replay, startReplay } from '#tests/replay-process.ts';
import { openVoteLog, someVotes, type VoteLog } from '#tests/vote-log.ts';

const examples = await examplesOf(schemas);

/** Another cluster, and another registry, which assigns other schema ids. */
let there: Stack;
let target: Log;
const open: VoteLog[] = [];

beforeAll(async () => {
  there = await startOwnStack({ elsewhere: { mongo: inject('stack').mongo } });
  target = openLog({ brokers: there.endpoints.kafka.split(','), clientId: 'test' });
});
afterAll(async () => {
  for (const world of open) await world.close();
  await target.close();
  await there.stop();
});

const newLog = async (): Promise<VoteLog> => {
  const world = await openVoteLog('copied');
  open.push(world);
  return world;
};
const to = () => ['--to', there.endpoints.kafka, '--registry', there.endpoints.schemaRegistry];
const copy = (world: VoteLog, ...words: string[]) => replay(world, 'copy', ...to(), ...words);

/** The records of a topic without their schema ids: lane by lane, in order. */
async function contentOf(log: Log, topic: string): Promise<string[]> {
  const lanes = (await log.stableOffsets(topic)).map((_, lane) => ({ topic, lane, next: 0 }));
  const chunks = await readAll(log, lanes);
  const records = chunks.flatMap((chunk) => chunk.records).sort((a, b) => a.lane - b.lane);
  return records.map(textOf);
}
const textOf = ({ lane, key, timestamp, value }: LogRecord): string =>
  `${lane} ${key} ${timestamp} ${value?.subarray(5).toString('base64')}`;

async function appendExamples({ log, codec, prefix, lanes }: VoteLog): Promise<void> {
  const producer = await log.producer(transactionalId(prefix, 'examples'));
  for (const event of [...examples.values()]) {
    const { context } = eventSchemas.find(({ type }) => type === event.type)!;
    const key = event.meta.subject;
    const at = { topic: topicName(prefix, context), lane: laneOf(key, lanes), key };
    const value = codec.encode(at.topic, event);
    const headers = { traceparent: `of ${event.type}` };
    await producer.append([{ ...at, value, headers, timestamp: event.meta.time }]);
  }
  await producer.close();
}

const isVoteCast = ({ type }: { type: string }) => type === 'VoteCast';

/** Appends a vote of an older schema, without `previousCastAt`. */
async function appendOfYesterday(world: VoteLog): Promise<void> {
  const today = eventSchemas.find(isVoteCast)!;
  const fields = today.schema.fields.filter(({ name }) => name !== 'previousCastAt');
  const options = {
    registryUrl: inject('stack').schemaRegistry,
    topicPrefix: world.prefix,
    schemas: [{ ...today, schema: { ...today.schema, fields } }],
  };
  await deploySchemas(options);
  const codec = await openCodec(options);
  const { previousCastAt: _, ...data } = ranking.VoteCast.data;
  const bytes = codec.encode(topicName(world.prefix, 'ranking'), { ...ranking.VoteCast, data });
  await world.append([{ movieId: 'm87', bytes }]);
}

type Received = { lane: number; key: string; at: string; event: object; headers: IHeaders };

// kafkajs has no zstd codec of its own.
kafkajs.CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => zstd(buffer),
  decompress: async (buffer: Buffer) => unzstd(buffer),
});

/** Reads with standard clients that know nothing of this system. */
async function received(topics: string[], count: number): Promise<Received[]> {
  const { kafka, schemaRegistry } = there.endpoints;
  const brokers = kafka.split(',');
  const registry = new confluent.SchemaRegistry({ host: schemaRegistry });
  const client = new Kafka({ brokers, clientId: 'foreign', logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `foreign-${topics[0]}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  const found: Received[] = [];
  await consumer.run({
    eachMessage: async ({ partition, message: { key, value, timestamp, headers = {} } }) => {
      const event = (await registry.decode(value!)) as object;
      found.push({ lane: partition, key: String(key), at: timestamp, event, headers });
    },
  });
  await until(() => found.length >= count, { limitMs: 60_000 });
  await consumer.disconnect();
  return found;
}

// Processes and a second stack take a while on a busy machine. Each test has topics of its own and
// waits most of the time, so the tests run concurrently.
describe.concurrent('a copy', { timeout: 180_000 }, () => {
  it('is read by clients of any make, with all attributes of CloudEvents', async () => {
    const world = await newLog();
    await appendExamples(world);
    const done = await copy(world, '--cloudevents', '--json');
    const all = [...examples.values()];
    expect(done).toMatchObject({ code: 0, errors: '' });
    expect(parsed(done)).toMatchObject([{ copied: all.length, leftOut: 0, undecodable: 0 }]);

    const topics = contexts.map((context) => topicName(world.prefix, context));
    const found = await received(topics, all.length);
    expect(found).toHaveLength(all.length);
    for (const { type, meta, data } of all) {
      const one = found.find(({ headers }) => String(headers.traceparent) === `of ${type}`)!;
      const { context, schema } = eventSchemas.find((known) => known.type === type)!;
      expect(one).toMatchObject({ key: meta.subject, lane: laneOf(meta.subject, world.lanes) });
      expect(Number(one.at)).toBe(meta.time);
      expect(JSON.parse(JSON.stringify(one.event))).toEqual(
        JSON.parse(JSON.stringify({ meta, ...(data as object) })),
      );
      const headers = Object.entries(one.headers).map(([name, value]) => [name, String(value)]);
      expect(Object.fromEntries(headers)).toMatchObject({
        ...{ ce_specversion: '1.0', ce_id: meta.id, ce_source: meta.source },
        ...{ ce_type: `${schema.namespace}.${schema.name}`, ce_subject: meta.subject },
        ce_time: new Date(meta.time).toISOString(),
        ce_dataschema: expect.stringContaining(`${there.endpoints.schemaRegistry}/schemas/ids/`),
        'copied-from': expect.stringContaining(`/${world.prefix}${context}/${one.lane}/`),
      });
    }
  });

  it('has the keys of people’s text, and what is erased here is erased there', async () => {
    const world = await newLog();
    await appendExamples(world);
    const topic = personKeysTopic(world.prefix);
    const settings = keyTopicSettings(keyTimes);
    const one = { lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true };
    await world.log.ensureTopics([topic], { ...one, settings });
    const put = (key: string, value: Buffer | null) =>
      world.log.put({ topic, lane: 0, key, value, timestamp: Date.now() });
    const bytes = (text: string) => Buffer.from(text);
    await put('key-1', encodeKey({ master: 'm', bytes: bytes('one') }));
    await put('key-2', encodeKey({ master: 'm', bytes: bytes('two') }));
    const keysThere = async () => {
      const chunks = await readAll(target, [{ topic, lane: 0, next: 0 }]);
      return chunks.flatMap((chunk) => chunk.records).map(({ key }) => `${key}`);
    };
    expect(parsed(await copy(world, '--json'))).toMatchObject([{ keys: 2 }]);
    expect((await keysThere()).sort()).toEqual(['key-1', 'key-2']);
    await put(erasedKeyOf('key-1'), empty);
    await put('key-1', null);
    expect(parsed(await copy(world, '--json'))).toMatchObject([{ copied: 0, keys: 1 }]);
    expect((await keysThere()).at(-1)).toBe('erased:key-1');
  });

  it('can be served like its source, whichever schema an event has', async () => {
    const world = await newLog();
    await appendExamples(world);
    await appendOfYesterday(world);
    expect(await copy(world)).toMatchObject({ code: 0 });
    const codec = await openCodec({
      registryUrl: there.endpoints.schemaRegistry,
      topicPrefix: world.prefix,
      schemas: eventSchemas,
    });
    const lanes = [0, 1].map((lane) => ({
      topic: topicName(world.prefix, 'ranking'),
      lane,
      next: 0,
    }));
    const records = (await readAll(target, lanes)).flatMap((chunk) => chunk.records);
    await codec.learn(records);
    const casts = records.map((record) => codec.decode(record)).filter(isVoteCast);
    const { data } = ranking.VoteCast;
    expect(casts.map((event) => event.data)).toEqual(
      expect.arrayContaining([data, { ...data, previousCastAt: null }]),
    );
    expect(casts).toHaveLength(2);
    const ids = records.map(({ value }) => schemaIdOf(value));
    expect(new Set(ids).size).toBe(3);
  });

  it('that is interrupted or killed resumes where it was: no event doubled or missed', async () => {
    const world = await newLog();
    const votes = someVotes(40_000, 200);
    for (let from = 0; from < votes.length; from += 2_000) {
      await world.append(votes.slice(from, from + 2_000));
    }
    const topic = topicName(world.prefix, 'ranking');
    const offsets = async () => {
      const ends = await target.stableOffsets(topic).catch(() => []);
      return ends.reduce((sum, end) => sum + end, 0);
    };
    for (const signal of ['SIGINT', 'SIGKILL', 'SIGKILL'] as const) {
      const before = await offsets();
      const ended = startReplay(world, 'copy', ...to());
      await until(async () => (await offsets()) > before + 2_000);
      ended.child.kill(signal);
      expect((await ended.ended).code).toBe(signal === 'SIGINT' ? 130 : null);
    }
    const last = await copy(world, '--json');
    const [{ copied }] = parsed<{ copied: number }>(last) as [{ copied: number }];
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(votes.length);
    expect(await contentOf(target, topic)).toEqual(await contentOf(world.log, topic));

    await world.append(someVotes(10, 10, 40_000));
    expect(parsed(await copy(world, '--json'))).toMatchObject([{ copied: 10 }]);
    expect(await contentOf(target, topic)).toEqual(await contentOf(world.log, topic));
  });

  it('takes only events that the filters name, and resumes only with the same ones', async () => {
    const world = await newLog();
    await world.append(someVotes(50, 5));
    const words = ['--user', 'user7', '--prefix', `${world.prefix}of-7.`];
    expect((await copy(world, ...words)).lines.at(-1)).toBe(
      '1 event copied, 49 left out by the filters',
    );
    await world.append([{ movieId: 'm2', userId: 'user7', at: 99 }, ...someVotes(5, 5)]);
    expect((await copy(world, ...words)).lines.at(-1)).toMatch(/^1 event copied/);
    const topic = `${world.prefix}of-7.ranking`;
    expect(await contentOf(target, topic)).toHaveLength(2);
    const { code, errors } = await copy(world, '--prefix', `${world.prefix}of-7.`);
    expect({ code, errors }).toEqual({
      code: 2,
      errors: expect.stringMatching(/was copied with other filters.*--prefix/),
    });
  });

  it('stops at an undecodable record, or leaves it out with --skip-undecodable', async () => {
    const world = await newLog();
    const poison = { movieId: 'm1', bytes: Buffer.from('not Avro') };
    const unknown = { movieId: 'm1', bytes: Buffer.from('007ffffff00102', 'hex') };
    await world.append([...someVotes(5, 5), poison, unknown, ...someVotes(5, 5, 5)]);
    const { code, errors } = await copy(world);
    expect(code).toBe(2);
    expect(errors).toMatch(/offset \d+: not in the Confluent wire format.*--skip-undecodable/);
    const done = await copy(world, '--skip-undecodable');
    expect(done.code).toBe(1);
    expect(done.errors.split('\n')).toEqual([
      expect.stringMatching(
        /^left out: .*ranking\/\d offset \d+: not in the Confluent wire format/,
      ),
      expect.stringMatching(
        /^left out: .*ranking\/\d offset \d+: its schema is not in the registry/,
      ),
      '',
    ]);
    expect(await contentOf(target, topicName(world.prefix, 'ranking'))).toHaveLength(10);
  });

  it('changes nothing in a dry run', async () => {
    const world = await newLog();
    await world.append(someVotes(20, 5));
    const dry = await copy(world, '--dry-run', '--topic', 'ranking');
    expect(dry.lines).toEqual([
      `topic ${world.prefix}ranking would be created`,
      `schema ${world.prefix}ranking-moviebackend.ranking.VoteCast would be registered`,
      '20 events would be copied, 0 left out by the filters',
    ]);
    await expect(target.stableOffsets(topicName(world.prefix, 'ranking'))).rejects.toThrow(
      'UNKNOWN_TOPIC',
    );
    const { schemaRegistry } = there.endpoints;
    const subjects = (await (await fetch(`${schemaRegistry}/subjects`)).json()) as string[];
    expect(subjects.filter((subject) => subject.startsWith(world.prefix))).toEqual([]);

    await copy(world, '--topic', 'ranking');
    await world.append(someVotes(3, 3, 20));
    const ends = await target.stableOffsets(topicName(world.prefix, 'ranking'));
    expect((await copy(world, '--dry-run', '--topic', 'ranking')).lines).toEqual([
      '3 events would be copied, 0 left out by the filters',
    ]);
    expect(await target.stableOffsets(topicName(world.prefix, 'ranking'))).toEqual(ends);
  });

  const topicThere = { replication: 1, minInSyncReplicas: 1 };

  it('is refused if lanes differ, or if the target has another writer', async () => {
    const world = await newLog();
    await world.append(someVotes(20, 5));
    const prefix = `${world.prefix}other.`;
    const topic = topicName(prefix, 'ranking');
    await target.ensureTopics([topic], { ...topicThere, lanes: 3 });
    expect(await copy(world, '--prefix', prefix)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(
        /has 3 lanes at the target, and 2 here: keys would move.*--prefix/,
      ),
    });

    expect(await copy(world)).toMatchObject({ code: 0 });
    const producer = await target.producer(transactionalId(prefix, 'other'));
    const one = { topic: topicName(world.prefix, 'ranking'), lane: 0, key: 'm1', timestamp: 1 };
    await producer.append([{ ...one, value: Buffer.from('their own') }]);
    await producer.close();
    expect(await copy(world)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/has events that are no copies, at offset \d+.*--prefix/),
    });
  });

  it('is refused onto its own topics, and allowed to others on the same cluster', async () => {
    const world = await newLog();
    await world.append(someVotes(20, 5));
    const { kafka, schemaRegistry } = inject('stack');
    const here = ['copy', '--to', kafka, '--registry', schemaRegistry];
    expect(await replay(world, ...here)).toMatchObject({
      code: 2,
      errors: expect.stringContaining('Source and target topics are the same.'),
    });
    const beside = `${world.prefix}beside.`;
    expect(await replay(world, ...here, '--prefix', beside)).toMatchObject({ code: 0 });
    expect(await contentOf(world.log, `${beside}ranking`)).toEqual(
      await contentOf(world.log, topicName(world.prefix, 'ranking')),
    );
  });

  it.each([
    [[], "required option '--to <brokers>' not specified"],
    [['--to', 'kafka', '--registry', 'http://localhost'], '--to kafka has to be like host:9092'],
    [['--to', 'kafka:1', '--registry', 'localhost'], '--registry localhost is not an http://'],
  ])('is refused with exit code 2 for %j', async (words, message) => {
    const { code, errors } = await replay(open[0] ?? (await newLog()), 'copy', ...words);
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining(message) });
  });
});
