import { connect } from 'node:net';

const METADATA = 3;
const VERSION = 5;

/** Metadata request v5 for no topic: header, empty topic list, no topic creation. */
const request = (() => {
  const bytes = Buffer.alloc(4 + 10 + 5);
  bytes.writeInt32BE(bytes.length - 4, 0);
  bytes.writeInt16BE(METADATA, 4);
  bytes.writeInt16BE(VERSION, 6);
  bytes.writeInt32BE(1, 8); // correlation id
  bytes.writeInt16BE(-1, 12); // no client id
  bytes.writeInt32BE(0, 14); // no topics
  return bytes;
})();

/**
 * The number of live brokers that the broker on this port knows of. An answer also shows that the
 * broker serves requests; an open port alone doesn't show that.
 */
export function countBrokers(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer: Buffer = Buffer.alloc(0);
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      // Size, correlation id, throttle time, then the number of brokers.
      if (answer.length < 16) return;
      resolve(answer.readInt32BE(12));
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}
