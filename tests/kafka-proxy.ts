import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A proxy between clients and one broker that harms the answers to one kind of request. */

const apiKeys = { Produce: 0, AddPartitionsToTxn: 24, EndTxn: 26 } as const;
export type ApiName = keyof typeof apiKeys;

/**
 * What happens to an answer: it is dropped, it is delayed, or the connection is cut instead. The
 * broker has executed the request in each case.
 */
export type Harm = 'drop' | 'delay' | 'cut';

export type KafkaProxy = {
  port: number;
  /** Harms one in `every` answers of this kind. */
  harm(api: ApiName, harm: Harm, every: number): void;
  heal(): void;
  /** The number of harmed answers. */
  readonly harmed: number;
  close(): Promise<void>;
};

const delayMs = 1_500;

export async function startKafkaProxy(port: number, brokerPort: number): Promise<KafkaProxy> {
  const sockets = new Set<Socket>();
  let rule: { key: number; harm: Harm; every: number } | null = null;
  let seen = 0;
  let harmed = 0;

  /** How to harm the answer to a request of this kind; null lets it pass. */
  const harmTo = (key: number | undefined): Harm | null => {
    if (rule?.key !== key) return null;
    seen += 1;
    if (seen % rule!.every !== 0) return null;
    harmed += 1;
    return rule!.harm;
  };

  const server = createServer((client) => {
    const broker = connect(brokerPort, '127.0.0.1');
    for (const socket of [client, broker]) {
      sockets.add(socket.setNoDelay(true));
      socket.once('close', () => sockets.delete(socket));
    }
    join(client, broker, harmTo);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    harm(api, harm, every) {
      rule = { key: apiKeys[api], harm, every };
      seen = 0;
      harmed = 0;
    },
    heal() {
      rule = null;
    },
    get harmed() {
      return harmed;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Passes requests on, and answers too unless they are to be harmed. */
function join(
  client: Socket,
  broker: Socket,
  harmTo: (key: number | undefined) => Harm | null,
): void {
  const end = () => {
    client.destroy();
    broker.destroy();
  };
  for (const socket of [client, broker]) socket.once('close', end).on('error', end);
  const asked = new Map<number, number>();
  const request = framed((frame) => {
    // A frame has its size, the kind of request, a version, and the number that the answer repeats.
    asked.set(frame.readInt32BE(8), frame.readInt16BE(4));
    broker.write(frame);
  });
  // Answers keep their order, as Kafka's do: a delayed answer delays those after it.
  let sending = Promise.resolve();
  const answer = framed((frame) => {
    const number = frame.readInt32BE(4);
    const harm = harmTo(asked.get(number));
    asked.delete(number);
    sending = sending.then(async () => {
      if (harm === 'delay') await pause(delayMs);
      if (harm === 'cut') end();
      else if (harm !== 'drop' && !client.destroyed) client.write(frame);
    });
  });
  client.on('data', request);
  broker.on('data', answer);
}

/** Cuts a stream of bytes into Kafka's frames: four bytes say how long the rest is. */
function framed(each: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const size = 4 + rest.readInt32BE(0);
      if (rest.length < size) return;
      each(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  };
}
