import { createServer } from 'node:net';

// Below the range that outgoing connections take their ports from, so that a broker that was
// killed finds its port still free when it starts again.
const FIRST = 15_000;
const LAST = 32_000;
const given = new Set<number>();

/** Whether a process on this machine could listen on the port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

/** Keeps ports from being given out: somebody else is going to listen on them. */
export function reserve(ports: Iterable<number>): void {
  for (const port of ports) given.add(port);
}

/** A port that no process listens on; never the same port twice in this process. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port');
}

export const freePorts = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, freePort));
