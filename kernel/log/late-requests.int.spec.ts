import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  event,
  openWorld,
  readAll,
  recordsOf,
  start,
  textOf,
  type World,
} from '../testing/log-world.ts';
import { connector } from './cluster.ts';
import { Connections, type Wires } from './connections.ts';
import { FirstProtocol } from './first-protocol.ts';
import { InDoubtError } from './log.ts';
import { Metadata } from './metadata.ts';
import { SecondProtocol } from './second-protocol.ts';
import { namesOf } from './topic-names.ts';
import { Transactions } from './transaction.ts';
import { TransactionCoordinator, transactionTimeoutMs } from './transaction-coordinator.ts';

/** Requests of a former owner that reach Kafka when a lane has its next owner already. */

const brokers = inject('stack').kafka.split(',');
let world: World;
beforeAll(() => {
  world = openWorld({ brokers, size: 1 });
});
afterAll(() => world.close());

const protocols = { first: FirstProtocol, second: SecondProtocol };
type Protocol = keyof typeof protocols;

/** A producer whose requests of one kind can be held up on their way. */
async function slowProducer(id: string, protocol: Protocol, heldUp: string) {
  const real = new Connections(connector({ brokers, clientId: 'slow' }));
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: isHeld, resolve: held } = Promise.withResolvers<void>();
  let holds = false;
  const wires: Wires = {
    send: async (to, request) => {
      if (holds && request.name === heldUp) {
        held();
        await released;
      }
      return real.send(to, request);
    },
    close: () => real.close(),
  };
  const [host, port] = brokers[0]!.split(':') as [string, string];
  const metadata = new Metadata([{ host, port: Number(port) }], real, () => {});
  const names = namesOf(id).map(async (name) => {
    const coordinator = new TransactionCoordinator(name, wires, metadata);
    const identity = await coordinator.init(transactionTimeoutMs, performance.now() + 10_000);
    return new protocols[protocol](identity, coordinator);
  });
  const producer = new Transactions(await Promise.all(names), wires, metadata);
  const hold = () => {
    holds = true;
    return isHeld;
  };
  return { producer, hold, release };
}

const cases = (['first', 'second'] as const).flatMap((protocol) =>
  ['Produce', 'EndTxn'].flatMap((request) =>
    ['first', 'second'].map((name, before) => ({ protocol, request, name, before })),
  ),
);

test.each(cases)(
  'a late $request under the $name name has no effect: $protocol protocol',
  async ({ protocol, request, before }) => {
    const topic = await world.topic(1);
    const id = `late-${randomUUID()}`;
    const { producer, hold, release } = await slowProducer(id, protocol, request);
    const first = Array.from({ length: before }, () => 'in time');
    for (const text of first) await producer.append([event(topic, 0, text)]);
    const isHeld = hold();
    const late = producer.append([event(topic, 0, 'late')]).catch((error: unknown) => error);
    await isHeld;
    const next = await world.log.producer(id);
    await next.barrier([{ topic, lane: 0 }]);
    await next.append([event(topic, 0, 'by the next owner')]);
    release();
    expect(await late).toBeInstanceOf(InDoubtError);
    expect(((await late) as InDoubtError).fenced).toBe(true);
    await next.append([event(topic, 0, 'again')]);
    // Up to the last stable offset, which an open transaction would hold back.
    const [end] = await next.barrier([{ topic, lane: 0 }]);
    const read = recordsOf(await readAll(world.log, start(topic, 0), [end!]));
    expect(read.map(textOf)).toEqual([...first, 'by the next owner', 'again']);
    await producer.close();
  },
);
