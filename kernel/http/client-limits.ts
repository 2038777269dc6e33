import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What one client after the other may cost a server in connections and time. */
export type ClientLimits = {
  /** Connections beyond these are closed at once; no limit if unset. */
  maxConnections?: number;
  patience?: Partial<typeof defaultPatience>;
  onWarning?(message: string): void;
};

/** How long slow clients are waited for, in ms. */
const defaultPatience = {
  /** For all headers, from the request's first byte. */
  headersMs: 10_000,
  /** For the whole request. Only the longest uploads need it; `jsonBody` waits less. */
  requestMs: 300_000,
  /** While a client neither sends nor takes a byte, not even a first one. */
  silenceMs: 30_000,
  /** How often connections are looked at for being late with headers or requests. */
  lookEveryMs: 1_000,
};

const begunLast = Symbol('the answer that was begun last');
type Serving = Duplex & { [begunLast]?: ServerResponse };

/** @param answer is called for a request that is late or not HTTP, and has no answer yet. */
export function limitedServer(
  { maxConnections, patience, onWarning }: ClientLimits,
  answer: (error: NodeJS.ErrnoException, socket: Duplex) => void,
  classes: Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> = {},
): Server {
  const { headersMs, requestMs, silenceMs, lookEveryMs } = { ...defaultPatience, ...patience };
  const server = createServer({
    ...classes,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: lookEveryMs,
    // Longer than clients keep a connection, so that they never send into one being closed.
    keepAliveTimeout: 65_000,
    // `checkForm` looks for it: Node would answer with a bare 400.
    requireHostHeader: false,
  });
  server.timeout = silenceMs;
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  let warnedAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    if (performance.now() - warnedAt < 60_000) return;
    warnedAt = performance.now();
    onWarning?.(`All ${maxConnections} connections are taken; further ones are closed at once.`);
  });
  // A weak map would cost a fiftieth of a short answer.
  server.on('request', ({ socket }: { socket: Serving }, res: ServerResponse) => {
    socket[begunLast] = res;
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Serving) => {
    // Clients open connections in advance. A request that comes just now must not get a 408.
    const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (isLate && socket instanceof Socket && socket.bytesRead === 0) return;
    const begun = socket[begunLast];
    const isHalfSent = begun?.headersSent && !begun.writableFinished;
    if (isHalfSent || !socket.writable) socket.destroy();
    else answer(error, socket);
  });
  return server;
}
