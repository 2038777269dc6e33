import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { startOwnStack } from '#tests/own-stack.ts';
import { countBrokers } from './kafka/kafka-probe.ts';
import type { Stack } from './stack.ts';

describe('the shared stack', () => {
  it('has one broker that serves requests', async () => {
    expect(await countBrokers(portOf(inject('stack').kafka))).toBe(1);
  });

  it('has a registry that refuses incompatible schemas unless told otherwise', async () => {
    const answer = await fetch(`${inject('stack').schemaRegistry}/config`);
    expect(await answer.json()).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
  });

  it('has a MongoDB with transactions', async () => {
    const client = new MongoClient(inject('stack').mongo);
    await client.withSession((session) =>
      session.withTransaction(() =>
        client.db(`stack-spec-${process.pid}`).collection('tried').insertOne({}, { session }),
      ),
    );
    await client.db(`stack-spec-${process.pid}`).dropDatabase();
    await client.close();
  });
});

describe('a stack of three brokers and three mongods', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startOwnStack({ brokers: 3, mongods: 3, elsewhere: someRegistry });
  });
  afterAll(() => stack.stop());

  it('goes on without a killed broker, and takes it back', async () => {
    const [first, second] = stack.brokers;
    await first!.kill();
    await vi.waitFor(async () => expect(await brokersSeenBy(second!.url)).toBe(2), patiently);
    await first!.start();
    await vi.waitFor(async () => expect(await brokersSeenBy(second!.url)).toBe(3), patiently);
  });

  it('keeps a write that a majority has acknowledged when the primary is killed', async () => {
    const client = new MongoClient(stack.endpoints.mongo);
    const tried = client.db('spec').collection('tried');
    await tried.insertOne({ name: 'before' }, { writeConcern: { w: 'majority' } });
    const { primary } = await client.db('admin').command({ hello: 1 });
    const killed = stack.mongods.find(({ url }) => url.includes(String(primary)));
    await killed!.kill();
    const count = () => tried.countDocuments({}, { readPreference: 'primary' });
    await vi.waitFor(async () => expect(await count()).toBe(1), patiently);
    await client.close();
    await killed!.start();
  });
});

const patiently = { timeout: 20_000, interval: 100 };
const someRegistry = { schemaRegistry: 'http://127.0.0.1:1' };
const portOf = (address: string) => Number(address.split(':')[1]);
const brokersSeenBy = (url: string) => countBrokers(portOf(url));
