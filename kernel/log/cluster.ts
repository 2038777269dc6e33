import { createRequire } from 'node:module';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import {
  type ISocketFactoryArgs,
  Kafka,
  type KafkaConfig,
  logLevel,
  type SASLOptions,
} from 'kafkajs';
import { stopTimersOfIdleConnections } from './idle-connections.ts';
import { type Answer, encoded, type Request } from './requests.ts';
import { Reader } from './wire.ts';

/**
 * The one place that knows kafkajs's inside. This folder uses kafkajs's connections (framing, TLS,
 * SASL, correlation, timeouts), with requests, retries and judgement of its own.
 */
const knownVersion = '2.2.4';
const connectTimeoutMs = 1_000;
const requestTimeoutMs = 3_000;

export type Address = { host: string; port: number };

export type Access = {
  brokers: string[];
  clientId: string;
  ssl?: ConnectionOptions | boolean;
  sasl?: SASLOptions;
};

/** One TCP connection to one broker. Any error makes it useless. */
export type Connection = {
  send<T extends Answer>(request: Request<T>): Promise<T>;
  isConnected(): boolean;
  close(): Promise<void>;
};

export type Connect = (to: Address) => Promise<Connection>;

type Payload = { buf: Buffer; buffer: Buffer };
type InnerConnection = {
  socket?: Socket;
  isConnected(): boolean;
  disconnect(): Promise<unknown>;
  rejectRequests(error: Error): void;
  send(call: {
    request: { apiKey: number; apiName: string; apiVersion: number; encode(): Promise<Payload> };
    response: {
      decode(bytes: Buffer): Promise<{ clientSideThrottleTime: number }>;
      parse(decoded: unknown): Promise<unknown>;
    };
    requestTimeout: number;
    logResponseError: boolean;
  }): Promise<unknown>;
};
type InnerPool = { pool: InnerConnection[] };
type InnerBroker = {
  versions: Record<number, { minVersion: number; maxVersion: number }> | null;
  connectionPool: InnerPool;
  connect(): Promise<void>;
};
type InnerCluster = {
  rootLogger: unknown;
  connectionPoolBuilder: { build(to: Address): Promise<InnerPool> };
  brokerPool: { createBroker(of: { connectionPool: InnerPool; logger: unknown }): InnerBroker };
};

const { version } = createRequire(import.meta.url)('kafkajs/package.json') as { version: string };
if (version !== knownVersion) {
  throw new Error(`kafkajs is ${version}; kernel/log knows the inside of ${knownVersion} only`);
}
stopTimersOfIdleConnections();

/** Without Nagle's algorithm, or the tail of a large request waits for an acknowledgement. */
const openSocket = ({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket => {
  const servername = isIP(host) ? {} : { servername: host };
  const socket = ssl
    ? connectTls({ host, port, ...servername, ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  return socket.setKeepAlive(true, 60_000).setNoDelay(true);
};

/** kafkajs's public client, for administration. It logs nothing: its caller judges errors. */
const kafkaOf = ({ brokers, clientId, ssl, sasl }: Access): Kafka => {
  const config: KafkaConfig = {
    brokers,
    clientId,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    logCreator: () => () => {},
    socketFactory: openSocket,
  };
  if (ssl !== undefined) config.ssl = ssl;
  if (sasl !== undefined) config.sasl = sasl;
  return new Kafka(config);
};

const clusterOf = (kafka: Kafka): InnerCluster => {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (!symbol) throw new Error('kafkajs has no createCluster');
  const inside = kafka as unknown as Record<symbol, (options: object) => InnerCluster>;
  const create = inside[symbol] as (options: object) => InnerCluster;
  return create({ allowAutoTopicCreation: false });
};

/** The versions this folder speaks, by request; a broker tells the range it speaks. */
const spoken: [name: string, key: number, version: number][] = [
  ['Produce', 0, 7],
  ['Fetch', 1, 11],
  ['ListOffsets', 2, 5],
  ['Metadata', 3, 7],
  ['FindCoordinator', 10, 2],
  ['CreateTopics', 19, 4],
  ['InitProducerId', 22, 1],
  ['AddPartitionsToTxn', 24, 1],
  ['EndTxn', 26, 1],
  ['DescribeConfigs', 32, 2],
];

const refuseUnknownVersions = ({ versions }: InnerBroker): void => {
  for (const [name, key, version] of spoken) {
    const range = versions?.[key];
    if (range && range.minVersion <= version && version <= range.maxVersion) continue;
    const found = range ? `${range.minVersion} to ${range.maxVersion}` : 'none';
    throw new Error(`the broker speaks ${name} ${found}; version ${version} is needed`);
  }
};

const connectionOf = (inner: InnerConnection): Connection => ({
  isConnected: () => inner.isConnected(),
  send: async <T extends Answer>(request: Request<T>) => {
    const answer = await inner.send({
      request: {
        apiKey: request.key,
        apiName: request.name,
        apiVersion: request.version,
        encode: async () => {
          const buffer = encoded(request);
          return { buf: buffer, buffer };
        },
      },
      response: {
        decode: async (bytes) => {
          const answer = request.read(new Reader(bytes));
          return { clientSideThrottleTime: answer.throttleMs, answer };
        },
        parse: async (decoded) => (decoded as { answer: T }).answer,
      },
      requestTimeout: Math.max(requestTimeoutMs, (request.waitMs ?? 0) + 1_000),
      logResponseError: false,
    });
    return answer as T;
  },
  close: async () => {
    // Waiting requests are rejected first: kafkajs would stop their timeouts and wait for ever.
    const closed = new Error('connection closed');
    inner.rejectRequests(closed);
    await inner.disconnect();
    // Those that were just being encoded have come since; later ones are refused.
    inner.rejectRequests(closed);
    inner.socket?.destroy();
  },
});

/** Makes connections: authenticated, and only to brokers that know the requests used here. */
export const connector = (access: Access): Connect => {
  const cluster = clusterOf(kafkaOf(access));
  return async (to) => {
    const connectionPool = await cluster.connectionPoolBuilder.build(to);
    const logger = cluster.rootLogger;
    const broker = cluster.brokerPool.createBroker({ connectionPool, logger });
    const inner = connectionPool.pool[0] as InnerConnection;
    const connection = connectionOf(inner);
    try {
      await broker.connect();
      refuseUnknownVersions(broker);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
};
