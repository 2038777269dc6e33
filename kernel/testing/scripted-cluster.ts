import type { Address } from '../log/cluster.ts';
import type { Wires } from '../log/connections.ts';
import { FirstProtocol } from '../log/first-protocol.ts';
import type { RecordToAppend, TopicLane } from '../log/log.ts';
import type { Routes } from '../log/metadata.ts';
import type { ProducerName } from '../log/producer-name.ts';
import type { Request } from '../log/requests.ts';
import { SecondProtocol } from '../log/second-protocol.ts';
import { Transactions } from '../log/transaction.ts';
import { TransactionCoordinator } from '../log/transaction-coordinator.ts';

/** A cluster whose answers a test scripts, and a producer of the names a and b in it. */

type Body = {
  transactionalId: string;
  /** Of the transaction that an EndTxn of the second protocol ends. */
  epoch: number;
  lanes: TopicLane[];
  batches: (TopicLane & { firstSequence: number })[];
};
type Sent = { name: string; to: number; body: Body };
type LaneAnswer = TopicLane & { error: number; baseOffset: number };

/** An answer that isn't a success at once. */
export type Scripted = {
  error?: number;
  answer?: unknown;
  throws?: Error;
  /** Names each lane twice. */
  duplicate?: boolean;
  after?: Promise<void>;
};

/** Brokers 1 and 2 lead even and odd lanes, until a lane is moved. */
class Brokers {
  readonly sent: Sent[] = [];
  /** Answers for one broker, for one name or for all; without one, requests succeed. */
  readonly scripts = new Map<string, Scripted[]>();
  readonly moves = new Map<number, number>();
  readonly nextOffset = new Map<string, number>();
  readonly #leaders = new Map<number, number>();

  readonly wires = {
    send: async (to: Address, request: Request<{ throttleMs: number }>) => {
      const { name } = request;
      const body = request.body as Body;
      this.sent.push({ name, to: to.port, body });
      const places = [`${name}@${to.port}`, `${name} of ${body.transactionalId}`, name];
      const script = places.map((place) => this.scripts.get(place)).find((found) => found);
      const scripted = script?.shift();
      await scripted?.after;
      return this.#answerTo(name, body, scripted);
    },
    close: async () => {},
  } as Wires;

  readonly routes: Routes = {
    leader: ({ lane }) => {
      const node = this.#leaders.get(lane) ?? (lane % 2) + 1;
      return { node, epoch: 1, host: 'broker', port: node };
    },
    refresh: async () => {
      for (const [lane, to] of this.moves) this.#leaders.set(lane, to);
    },
    coordinator: async () => ({ host: 'broker', port: 3 }),
    askOne: (to, request) => this.wires.send(to, request),
  };

  #answerTo(name: string, body: Body, scripted: Scripted = {}): unknown {
    if (scripted.throws) throw scripted.throws;
    if (scripted.answer) return scripted.answer;
    const error = scripted.error ?? 0;
    if (name === 'InitProducerId') {
      return { throttleMs: 0, error, producerId: body.transactionalId === 'a' ? 7n : 8n, epoch: 1 };
    }
    if (name === 'DescribeTransactions') return { throttleMs: 0, error, state: 'CompleteAbort' };
    if (name === 'EndTxn') return { throttleMs: 0, error, producerId: 9n, epoch: body.epoch + 1 };
    if (name === 'AddPartitionsToTxn') {
      return { throttleMs: 0, lanes: body.lanes.map((lane) => ({ ...lane, error })) };
    }
    const lanes = body.batches.map(({ topic, lane }): LaneAnswer => {
      const baseOffset = error === 0 ? (this.nextOffset.get(`${topic}/${lane}`) ?? 100) : -1;
      return { topic, lane, error, baseOffset };
    });
    return { throttleMs: 0, lanes: scripted.duplicate ? [...lanes, ...lanes] : lanes };
  }
}

/** @param protocol the one of Kafka's two that the producer speaks. */
export async function scriptedCluster(protocol: 1 | 2 = 1) {
  const brokers = new Brokers();
  const { sent, scripts, moves, nextOffset, wires, routes } = brokers;
  const deadline = performance.now() + 1_000;
  const Protocol = protocol === 1 ? FirstProtocol : SecondProtocol;
  const names = ['a', 'b'].map(async (name): Promise<ProducerName> => {
    const coordinator = new TransactionCoordinator(name, wires, routes);
    return new Protocol(await coordinator.init(10_000, deadline), coordinator);
  });
  const producer = new Transactions(await Promise.all(names), wires, routes);
  sent.length = 0;
  return {
    producer,
    /** The requests since the producer was started. */
    sent,
    names: () => sent.map(({ name }) => name),
    /** For each request, its name in Kafka's protocol and the producer's. */
    turns: () => sent.map(({ name, body }) => `${name} of ${body.transactionalId}`),
    produced: () =>
      sent
        .filter(({ name }) => name === 'Produce')
        .map(({ to, body: { transactionalId: by, batches } }) => {
          return { by, to, lanes: batches.map(({ lane, firstSequence }) => [lane, firstSequence]) };
        }),
    script: (where: string, ...answers: Scripted[]) => scripts.set(where, answers),
    /** Known from the next refresh of the metadata on. */
    move: (lane: number, to: number) => moves.set(lane, to),
    offset: (at: string, offset: number) => nextOffset.set(at, offset),
  };
}

export const record = (lane: number): RecordToAppend => ({
  topic: 'parcels',
  lane,
  key: 'm1',
  value: Buffer.from('added'),
  timestamp: 1,
});
