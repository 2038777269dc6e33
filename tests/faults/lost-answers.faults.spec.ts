import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { freePorts } from '#local-stack/base/ports.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { trial } from '../chaos-trial.ts';
import { type ApiName, type Harm, type KafkaProxy, startKafkaProxy } from '../kafka-proxy.ts';
import { startOwnStack } from '../own-stack.ts';

/** Answers of the broker are lost: a node can't tell whether its request was executed. */

const harms: Record<Harm, string> = {
  drop: 'are dropped',
  delay: 'come late',
  cut: 'are cut off with their connection',
};
const everyNth = 15;
const atLeast = 5;

/** Kafka's protocols of transactions, and the requests of which they consist. */
const protocols: [version: number, apis: ApiName[]][] = [
  [1, ['AddPartitionsToTxn']],
  [2, ['Produce', 'EndTxn']],
];

describe.each(protocols)('in protocol %s, answers', (version, apis) => {
  let proxy: KafkaProxy;
  let fleet: Fleet;
  beforeAll(async () => {
    const [listen, advertised] = (await freePorts(2)) as [number, number];
    proxy = await startKafkaProxy(advertised, listen);
    const door = { protocol: 'PLAINTEXT' as const, ports: [{ listen, advertised }] };
    const kafkaFeatures = [`transaction.version=${version}`];
    const stack = await startOwnStack({ door, kafkaFeatures });
    const nodeSettings = { KAFKA_BROKERS: `127.0.0.1:${advertised}` };
    fleet = await startFleet(`lost-answers-${version}`, stack, { nodeSettings });
  });
  afterAll(async () => {
    await fleet?.stop();
    await proxy?.close();
  });

  const cases = apis.flatMap((api) =>
    (Object.keys(harms) as Harm[]).map((harm) => ({ api, harm, what: harms[harm] })),
  );
  it.each(cases)('to $api: they $what', async ({ api, harm, what }) => {
    await trial(fleet, `answers to ${api} ${what}`, async () => {
      proxy.harm(api, harm, everyNth);
      await until(() => proxy.harmed >= atLeast);
      proxy.heal();
    });
    expect(proxy.harmed).toBeGreaterThanOrEqual(atLeast);
  });
});
