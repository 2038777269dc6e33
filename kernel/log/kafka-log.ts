import { type Access, type Address, connector } from './cluster.ts';
import { Connections } from './connections.ts';
import { FirstProtocol } from './first-protocol.ts';
import { type FencedProducer, InDoubtError, type Log, LogUnavailableError } from './log.ts';
import { Metadata } from './metadata.ts';
import { firstOffset, lastStableOffset, offsetsOf } from './offsets.ts';
import type { ProducerName } from './producer-name.ts';
import { LaneReader } from './reader.ts';
import { throttledReports } from './reports.ts';
import { retried, retryLimitMs } from './retry.ts';
import { namesOf } from './topic-names.ts';
import { checkTopics, ensureTopics } from './topics.ts';
import { type Names, Transactions } from './transaction.ts';
import { TransactionCoordinator, transactionTimeoutMs } from './transaction-coordinator.ts';

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

/** The log on a Kafka cluster. Nothing is connected until it is used; `close` closes all of it. */
export function openLog(options: LogOptions): Log {
  const connect = connector(options);
  const report = throttledReports(options.onWarning);
  const own = new Connections(connect);
  const metadata = new Metadata(options.brokers.map(addressOf), own, report);
  const users = new Set<{ close(): Promise<void> }>();

  const using = <T extends { close(): Promise<void> }>(user: T): T => {
    users.add(user);
    return user;
  };

  const producer = async (transactionalId: string): Promise<FencedProducer> => {
    const wires = using(new Connections(connect));
    try {
      const deadline = performance.now() + retryLimitMs;
      const taking = namesOf(transactionalId).map(async (name): Promise<ProducerName> => {
        const coordinator = new TransactionCoordinator(name, wires, metadata);
        const identity = await coordinator.init(transactionTimeoutMs, deadline);
        return new FirstProtocol(identity, coordinator);
      });
      const transactions = new Transactions((await Promise.all(taking)) as Names, wires, metadata);
      return {
        append: (...call) => transactions.append(...call),
        barrier: (lanes) => transactions.barrier(lanes),
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
    stableOffsets: (topic) => offsetsOf(metadata, topic, lastStableOffset),
    firstOffsets: (topic) => offsetsOf(metadata, topic, firstOffset),
    ensureTopics: (topics, wanted) => ensureTopics(metadata, topics, wanted),
    checkTopics: (topics, wanted) => checkTopics(metadata, topics, wanted),
    topics: async () => {
      const all = await metadata.allTopics();
      return new Map(all.map(({ topic, lanes }) => [topic, lanes.length]));
    },
    id: () =>
      retried('the cluster id', async () => {
        if (metadata.clusterId === null) await metadata.refresh();
        return metadata.clusterId ?? '';
      }),
    close: async () => {
      await Promise.all([...users].map((user) => user.close()));
      await own.close();
    },
  };
}
