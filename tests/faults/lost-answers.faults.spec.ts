import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { freePorts } from '#local-stack/base/ports.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { trial } from '../chaos-trial.ts';
import { type ApiName, type Harm, type KafkaProxy, startKafkaProxy } from '../kafka-proxy.ts';
import { startOwnStack } from '../own-stack.ts';

/** Answers of the broker are lost: a node can't tell whether its request was executed. */

let proxy: KafkaProxy;
let fleet: Fleet;

beforeAll(async () => {
  const [listen, advertised] = (await freePorts(2)) as [number, number];
  proxy = await startKafkaProxy(advertised, listen);
  const door = { protocol: 'PLAINTEXT' as const, ports: [{ listen, advertised }] };
  const stack = await startOwnStack({ door });
  const nodeSettings = { KAFKA_BROKERS: `127.0.0.1:${advertised}` };
  fleet = await startFleet('lost-answers', stack, { nodeSettings });
});
afterAll(async () => {
  await fleet?.stop();
  await proxy?.close();
});

const harms: Record<Harm, string> = {
  drop: 'are dropped',
  delay: 'come late',
  cut: 'are cut off with their connection',
};
const everyNth = 15;
const atLeast = 5;

describe.each<ApiName>(['Produce', 'AddPartitionsToTxn', 'EndTxn'])('answers to %s', (api) => {
  it.each(Object.entries(harms) as [Harm, string][])('%s: they %s', async (harm, what) => {
    await trial(fleet, `answers to ${api} ${what}`, async () => {
      proxy.harm(api, harm, everyNth);
      await until(() => proxy.harmed >= atLeast);
      proxy.heal();
    });
    expect(proxy.harmed).toBeGreaterThanOrEqual(atLeast);
  });
});
