import { type Access, type Address, connector } from './cluster.ts';
import { Connections, type Wires } from './connections.ts';
import { FirstProtocol } from './first-protocol.ts';
import { type FencedProducer, InDoubtError, type Log, LogUnavailableError } from './log.ts';
import { Metadata } from './metadata.ts';
import { firstOffset, lastStableOffset, offsetsOf } from './offsets.ts';
import type { ProducerName } from './producer-name.ts';
import { put } from './put.ts';
import { LaneReader } from './reader.ts';

import { throttledReports } from './reports.ts';
import { featuresRequest } from './requests-flexible.ts';
import { retried, retryLimitMs } from './retry.ts';
import { SecondProtocol } from './second-protocol.ts';
import { namesOf } from './topic-names.ts';
import { checkTopics, ensureTopics } from './topics.ts';
import { Transactions } from './transaction.ts';
import { takeInTurn } from './transaction-coordinator.ts';

export type LogOptions = Access & {
  /** Gets a message for each failure that is retried: at once, then every ten seconds. */
  onWarning?: (message: string) => void;
};

/** @param broker host:port, the host in brackets if it is an IPv6 address. */
const addressOf = (broker: string): Address => {
  const [, v6, name, port] = /^(?:\[([^\]]+)\]|([^[\]:]+)):(\d+)$/.exec(broker) ?? [];
  const host = v6 ?? name;
  if (!host || !port) throw new Error(`${broker} is not host:port`);
  return { host, port: Number(port) };
};

/** Whether the whole cluster has agreed on the second protocol of transactions. */
const hasSecondProtocol = (metadata: Metadata): Promise<boolean> =>
  retried('which transactions Kafka has', async () => {
    const { levels } = await metadata.ask(featuresRequest());
    return (levels.get('transaction.version') ?? 0) >= 2;
  });

/** Fences older producers of both names of an id. @throws InDoubtError, LogUnavailableError */
async function takeNames(id: string, wires: Wires, metadata: Metadata): Promise<ProducerName[]> {
  const deadline = performance.now() + retryLimitMs;
  const [isSecond, taken] = await Promise.all([
    hasSecondProtocol(metadata),
    takeInTurn(namesOf(id), wires, metadata, deadline),
  ]);
  const Protocol = isSecond ? SecondProtocol : FirstProtocol;
  return taken.map(({ identity, coordinator }) => new Protocol(identity, coordinator));
}

/** The log on a Kafka cluster. Nothing is connected until it is used; `close` closes all of it. */
export function openLog(options: LogOptions): Log {
  const connect = connector(options);
  const report = throttledReports(options.onWarning);
  const own = new Connections(connect);
  /** Brokers answer a connection's requests in turn, and a Produce waits for replicas. */
  const puts = new Connections(connect);
  const metadata = new Metadata(options.brokers.map(addressOf), own, report);
  const users = new Set<{ close(): Promise<void> }>();

  const using = <T extends { close(): Promise<void> }>(user: T): T => {
    users.add(user);
    return user;
  };

  const producer = async (transactionalId: string): Promise<FencedProducer> => {
    const wires = using(new Connections(connect));
    try {
      const names = await takeNames(transactionalId, wires, metadata);
      const transactions = new Transactions(names, wires, metadata);
      return {
        append: (...call) => transactions.append(...call),
        barrier: (...call) => transactions.barrier(...call),
        close: () => {
          users.delete(wires);
          return transactions.close();
        },
      };
    } catch (error) {
      users.delete(wires);
      await wires.close();
      if (!(error instanceof InDoubtError)) throw error;
      throw new LogUnavailableError(`taking ${transactionalId}: ${error.message}`, {
        cause: error,
      });
    }
  };

  return {
    reader: () => {
      const reader = new LaneReader(metadata, new Connections(connect), report);
      const close = async (): Promise<void> => {
        users.delete(user);
        await reader.close();
      };
      const user = using({ close });
      return { subscribe: (positions, until) => reader.subscribe(positions, until), close };
    },
    producer,
    put: (record) => put(record, puts, metadata),
    stableOffsets: (topic, limitMs) => offsetsOf(metadata, topic, lastStableOffset, limitMs),
    firstOffsets: (topic) => offsetsOf(metadata, topic, firstOffset),
    ensureTopics: (topics, wanted) => ensureTopics(metadata, topics, wanted),
    checkTopics: (topics, wanted) => checkTopics(metadata, topics, wanted),
    topics: async () => {
      // Once: what asks for them is a request of a client.
      const all = await retried('the topics', () => metadata.allTopics(), 0);
      return new Map(all.map(({ topic, lanes }) => [topic, lanes.length]));
    },
    id: () =>
      retried('the cluster id', async () => {
        if (metadata.clusterId === null) await metadata.refresh();
        return metadata.clusterId ?? '';
      }),
    close: async () => {
      await Promise.all([...users].map((user) => user.close()));
      await puts.close();
      await own.close();
    },
  };
}
