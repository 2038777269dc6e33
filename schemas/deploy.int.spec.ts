import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  deploySchemas,
  deployTopics,
  type EventSchema,
  isEmpty,
} from '@event-sourced/kernel/schemas';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { eventSchemas, schemas } from './load.ts';

const { kafka, schemaRegistry: registryUrl } = inject('stack');
const log = openLog({ brokers: kafka.split(','), clientId: 'deploy-spec' });
afterAll(() => log.close());

const newPrefix = () => `deploy-${randomUUID().slice(0, 8)}.`;
const topicOptions = { lanes: 2, replication: 1, minInSyncReplicas: 1 };

describe('topics', () => {
  it('are created by the first run, and left as they are by the second', async () => {
    const options = { ...topicOptions, topicPrefix: newPrefix() };
    const lines = await deployTopics(log, schemas, options);
    expect(lines).toContain(`topic ${options.topicPrefix}movies: 2 lanes`);
    expect(await deployTopics(log, schemas, options)).toEqual(lines);
    await log.checkTopics([topicName(options.topicPrefix, 'movies')], { lanes: 2 });
  });

  it('with another number of lanes are refused', async () => {
    const topicPrefix = newPrefix();
    await deployTopics(log, schemas, { ...topicOptions, topicPrefix });
    await expect(
      deployTopics(log, schemas, { ...topicOptions, topicPrefix, lanes: 3 }),
    ).rejects.toThrow(expect.objectContaining({ name: 'TopicError' }));
  });

  it('are empty until an event is committed, even if transactions were aborted', async () => {
    const topicPrefix = newPrefix();
    const topic = topicName(topicPrefix, 'movies');
    await deployTopics(log, schemas, { ...topicOptions, topicPrefix });
    expect(await isEmpty(log, topic)).toBe(true);
    const producer = await log.producer(transactionalId(topicPrefix, 'lane-1'));
    await producer.barrier([{ topic, lane: 1 }]);
    expect(await isEmpty(log, topic)).toBe(true);
    await producer.append([{ topic, lane: 1, key: 'm1', value: Buffer.from('x'), timestamp: 1 }]);
    await producer.close();
    await expect.poll(() => isEmpty(log, topic)).toBe(false);
  });
});

describe('schemas', () => {
  it('are registered once', async () => {
    const options = { registryUrl, topicPrefix: newPrefix(), schemas: eventSchemas };
    const first = await deploySchemas(options);
    expect(first).toHaveLength(eventSchemas.length);
    expect(first.every((line) => line.endsWith(', registered'))).toBe(true);
    const second = await deploySchemas(options);
    expect(second).toEqual(first.map((line) => line.replace(', registered', '')));
  });

  it('that are incompatible are each refused by name, and the others registered', async () => {
    const topicPrefix = newPrefix();
    await deploySchemas({ registryUrl, topicPrefix, schemas: eventSchemas });
    const broken = eventSchemas.map((event) =>
      event.type.startsWith('Vote') ? withoutField(event, 'userId') : event,
    );
    const error = await deploySchemas({ registryUrl, topicPrefix, schemas: broken }).catch(
      (reason) => reason,
    );
    expect(error.errors.map(({ message }: Error) => message)).toEqual([
      expect.stringMatching(/VoteCast: incompatible: .*userId.*have a default/),
      expect.stringMatching(/VoteRetracted: incompatible: .*userId/),
    ]);
  });

  it('must be compatible with every older version, not only the latest', async () => {
    const topicPrefix = newPrefix();
    const first = eventSchemas.find(({ type }) => type === 'MovieRetired') as EventSchema;
    const deploy = (schema: EventSchema) =>
      deploySchemas({ registryUrl, topicPrefix, schemas: [schema] });
    await deploy(withField(first, { name: 'reason', type: 'string', default: '' }));
    await deploy(first);
    const changed = withField(first, { name: 'reason', type: 'int', default: 0 });
    await expect(deploy(changed)).rejects.toThrow('not registered');
  });
});

const withoutField = (event: EventSchema, name: string): EventSchema => ({
  ...event,
  schema: { ...event.schema, fields: event.schema.fields.filter((field) => field.name !== name) },
});
const withField = (
  event: EventSchema,
  field: EventSchema['schema']['fields'][number],
): EventSchema => ({
  ...event,
  schema: { ...event.schema, fields: [...event.schema.fields, field] },
});

describe('the command', () => {
  const run = (env: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'deploy.ts'), ...args], {
      encoding: 'utf8',
      env: { KAFKA_BROKERS: kafka, SCHEMA_REGISTRY_URL: registryUrl, ...env },
    });

  it('deploys, and tells an empty log by its exit code', async () => {
    const topicPrefix = newPrefix();
    const env = { TOPIC_PREFIX: topicPrefix, LANES: '2' };
    expect(run(env)).toMatchObject({ status: 0, stderr: '' });
    expect(run(env, '--is-empty')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const producer = await log.producer(transactionalId(topicPrefix, 'lane-0'));
    const topic = topicName(topicPrefix, 'movies');
    await producer.append([{ topic, lane: 0, key: 'm1', value: Buffer.from('x'), timestamp: 1 }]);
    await producer.close();
    await expect.poll(() => run(env, '--is-empty').status).toBe(3);
  });

  it('names in one line the part that it can’t reach', () => {
    const noKafka = run({ KAFKA_BROKERS: '', DATA_DIR: '/nowhere' });
    expect(noKafka).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Kafka .*\n$/) });
    const away = { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', TOPIC_PREFIX: newPrefix() };
    const noRegistry = run(away);
    expect(noRegistry).toMatchObject({ status: 1, stderr: expect.stringMatching(/^The .*\n$/) });
  });
});
