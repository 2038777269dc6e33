import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { connectLog } from '#kernel/service/connecting.ts';
import { kafkaAccess } from '#kernel/service/kafka-access.ts';
import { settings } from '#schemas/config.ts';
import { type UserName, users } from '../access/rights.ts';
import type { SecuredParts } from './secured-parts.ts';
import type { System } from './system.ts';

/** The tests that acts which a user has no right to are refused. */
export function refuseTheRest(running: () => Secured): void {
  refusedByKafka(running);
  refusedByMongodb(running);
  refusedByRegistry(running);
}

type Secured = { parts: SecuredParts; system: System };

function refusedByKafka(running: () => Secured): void {
  const parts = () => running().parts;
  const system = () => running().system;
  const names = users.map(([name]) => name);
  const settingsFor = (name: UserName, more: Record<string, string> = {}) =>
    settings.read({ ...parts().settingsOf(name), ...more });
  const topic = () => `${system().settings.TOPIC_PREFIX}support`;

  /** @returns why nothing could be written to a topic that all users see. */
  async function written(config: ReturnType<typeof settingsFor>): Promise<string> {
    const access = kafkaAccess(config.kafkaBrokers ?? '', config);
    const log = openLog({ ...access, clientId: 'intruder' });
    const record = { topic: topic(), lane: 0, key: 'm1', value: Buffer.from('x'), timestamp: 1 };
    try {
      await log.put(record);
      return 'written';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await log.close();
    }
  }

  it.each(names.filter((name) => name !== 'command-api'))('%s can’t write events', async (name) => {
    expect(await written(settingsFor(name))).toContain('TOPIC_AUTHORIZATION_FAILED');
  });

  it('nobody without the right password gets into Kafka', async () => {
    const wrong = settingsFor('command-api', { KAFKA_SASL_PASSWORD: 'wrong' });
    const address = { brokers: wrong.kafkaBrokers ?? '', clientId: 'intruder' };
    await expect(connectLog(address, wrong)).rejects.toThrow('authentication failed');
  });
}

function refusedByMongodb(running: () => Secured): void {
  const parts = () => running().parts;
  const system = () => running().system;
  it.each<[UserName, 'find' | 'insert', string]>([
    ['query-api', 'insert', 'write_state'],
    ['query-api', 'insert', 'leases'],
    ['query-api', 'insert', 'rankings.g1'],
    ['command-api', 'insert', 'rankings.g1'],
    ['command-api', 'find', 'rankings.g1'],
    ['command-api', 'insert', 'read_models'],
    ['reactors', 'insert', 'write_state'],
    ['reactors', 'insert', 'rankings.g1'],
    ['reactors', 'insert', 'checkpoints'],
  ])('%s can’t %s %s', async (name, act, collection) => {
    const client = await MongoClient.connect(parts().settingsOf(name).MONGO_URL);
    try {
      const found = client.db(system().settings.MONGO_DATABASE).collection(collection);
      const done = act === 'find' ? found.findOne() : found.insertOne({});
      await expect(done).rejects.toMatchObject({ codeName: 'Unauthorized' });
    } finally {
      await client.close();
    }
  });

  it('nobody without a login gets into MongoDB', async () => {
    const client = await MongoClient.connect(parts().endpoints.mongo);
    try {
      const found = client.db(system().settings.MONGO_DATABASE).collection('leases').findOne();
      await expect(found).rejects.toMatchObject({ codeName: 'Unauthorized' });
    } finally {
      await client.close();
    }
  });
}

function refusedByRegistry(running: () => Secured): void {
  const parts = () => running().parts;
  it.each<[UserName, number]>([
    ['projectors', 403],
    ['deploy', 422],
  ])('%s gets %s from the registry for a schema that is none', async (name, status) => {
    const url = new URL(parts().settingsOf(name).SCHEMA_REGISTRY_URL);
    const asked = (login: string) => statusOf(url, login, parts().certificate.cert);
    expect(await asked(`${url.username}:${url.password}`)).toBe(status);
    expect(await asked(`${url.username}:wrong`)).toBe(401);
  });
}

/** What the registry answers to a registration. */
async function statusOf({ hostname, port, pathname }: URL, auth: string, ca: string) {
  const path = `${pathname}/subjects/x/versions`;
  const sent = request({ hostname, port, path, auth, ca, method: 'POST' }).end('{}');
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}
