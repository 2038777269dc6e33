import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A proxy between clients and one broker that harms the answers to some kinds of requests. */

const apiKeys = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  FindCoordinator: 10,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  EndTxn: 26,
} as const;
export type ApiName = keyof typeof apiKeys;

/**
 * What happens to an answer: it is dropped, it is delayed, or the connection is cut instead. The
 * broker has executed the request in each case.
 */
export type Harm = 'drop' | 'delay' | 'cut';

/** One in so many answers of each of these kinds. */
export type Rates = { [api in ApiName]?: number };

export type KafkaProxy = {
  harm(harm: Harm, rates: Rates): void;
  heal(): void;
  /** The least number of harmed answers of these kinds, since the last `harm`. */
  harmed(...apis: ApiName[]): number;
  close(): Promise<void>;
};

/** The port that a broker listens on, and the one that its clients are told to use. */
type Door = { listen: number; advertised: number };

const delayMs = 1_500;

export async function startKafkaProxy({ listen, advertised }: Door): Promise<KafkaProxy> {
  const sockets = new Set<Socket>();
  let rule: { harm: Harm; rates: ReadonlyMap<number, number> } | null = null;
  const seen = new Map<number, number>();
  const harmed = new Map<number, number>();
  const counted = (counts: Map<number, number>, key: number): number => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };

  /** How to harm the answer to a request of this kind; null lets it pass. */
  const harmTo = (key: number): Harm | null => {
    const every = rule?.rates.get(key);
    if (!rule || !every || counted(seen, key) % every !== 0) return null;
    counted(harmed, key);
    return rule.harm;
  };

  const server = createServer((client) => {
    const broker = connect(listen, '127.0.0.1');
    for (const socket of [client, broker]) {
      sockets.add(socket.setNoDelay(true));
      socket.once('close', () => sockets.delete(socket));
    }
    join(client, broker, harmTo);
  });
  await new Promise<void>((resolve) => server.listen(advertised, '127.0.0.1', resolve));
  return {
    harm(harm, rates) {
      const given = Object.entries(rates) as [ApiName, number][];
      rule = { harm, rates: new Map(given.map(([api, every]) => [apiKeys[api], every])) };
      seen.clear();
      harmed.clear();
    },
    heal() {
      rule = null;
    },
    harmed(...apis) {
      return Math.min(...apis.map((api) => harmed.get(apiKeys[api]) ?? 0));
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Passes requests on, and answers too unless they are to be harmed. */
function join(client: Socket, broker: Socket, harmTo: (key: number) => Harm | null): void {
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
    const harm = harmTo(asked.get(number) ?? -1);
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
