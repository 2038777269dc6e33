import { afterAll, beforeAll, describe, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { freePorts } from '#local-stack/base/ports.ts';
import { replace } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { trial } from '../chaos-trial.ts';
import {
  type ApiName,
  type Harm,
  type KafkaProxy,
  type Rates,
  startKafkaProxy,
} from '../kafka-proxy.ts';
import { startOwnStack } from '../own-stack.ts';

/** Answers of the broker are lost: a process can't tell whether its request was executed. */

const harms: [harm: Harm, what: string][] = [
  ['drop', 'are dropped'],
  ['delay', 'come late'],
  ['cut', 'are cut off with their connection'],
];

/** Kafka's protocols of transactions, and of how many requests one is answered so. */
const protocols: [version: number, ofTransactions: Rates][] = [
  [1, { AddPartitionsToTxn: 100, Produce: 100, EndTxn: 100 }],
  [2, { Produce: 100, EndTxn: 100 }],
];
/** Of a process that starts, takes lanes, and reads these. */
const ofStarts: Rates = { Fetch: 30, ListOffsets: 10, FindCoordinator: 8, InitProducerId: 8 };

describe.each(protocols)('in protocol %s, answers', (version, ofTransactions) => {
  let proxy: KafkaProxy;
  let fleet: Fleet;
  beforeAll(async () => {
    const [listen, advertised] = (await freePorts(2)) as [number, number];
    proxy = await startKafkaProxy({ listen, advertised });
    const door = { protocol: 'PLAINTEXT' as const, ports: [{ listen, advertised }] };
    const kafkaFeatures = [`transaction.version=${version}`];
    const stack = await startOwnStack({ door, kafkaFeatures });
    const settings = { KAFKA_BROKERS: `127.0.0.1:${advertised}` };
    fleet = await startFleet(`lost-answers-${version}`, stack, { settings });
  });
  afterAll(async () => {
    await fleet?.stop();
    await proxy?.close();
  });

  /** Harms one in so many answers of each kind while something is done, until some of each were. */
  async function harming(harm: Harm, act: () => Promise<unknown>) {
    proxy.harm(harm, ofTransactions);
    try {
      do await act();
      while (!areHarmed(ofTransactions, 2));
    } finally {
      proxy.heal();
    }
  }

  const areHarmed = (rates: Rates, atLeast: number) =>
    proxy.harmed(...(Object.keys(rates) as ApiName[])) >= atLeast;

  /**
   * Harms nodes that start until an answer of each kind was harmed, or one isn't ready for long. Of
   * answers that go on being lost, so many may be that no node ever becomes ready; now it has to.
   */
  async function harmingStarts(harm: Harm) {
    const rates = { ...ofTransactions, ...ofStarts };
    proxy.harm(harm, rates);
    for (let isEnough = false; !isEnough; ) {
      let isReady = false;
      const start = replace(fleet, fleet.nodes[0]!, 'SIGKILL').finally(() => {
        isReady = true;
      });
      const harmed = until(() => isReady || areHarmed(rates, 1), { limitMs: 20_000 });
      await harmed.catch(() => {});
      isEnough = !isReady || areHarmed(rates, 1);
      if (isEnough) proxy.heal();
      await start;
    }
  }

  it.each(harms)('to the requests of transactions: %s', async (harm, what) => {
    await trial(fleet, `answers in protocol ${version} ${what}`, (load) =>
      harming(harm, () => load.served()),
    );
  });

  it.each(harms)('to all requests while a node starts: %s', async (harm, what) => {
    await trial(fleet, `answers at a start in protocol ${version} ${what}`, () =>
      harmingStarts(harm),
    );
  });
});
