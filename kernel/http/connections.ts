import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** The connections of a server, each with the requests that it waits for answers to. */
export type Connections = {
  /** From now on each answer says `Connection: close`, so that its client sends no more here. */
  closeAfterAnswers(): void;
  /** Takes no new connections, answers the requests that have arrived, then closes. */
  close(): Promise<void>;
};

/** For how long after `close` requests may still arrive, and be answered. */
export type DrainLimits = { arriveMs: number; answerMs: number };

/** Node counts a connection that has sent nothing yet as busy, so requests are counted here. */
export function watchConnections(server: Server, limits: DrainLimits): Connections {
  const open = new Map<Socket, ServerResponse[]>();
  let closes = false;
  server.on('connection', (socket: Socket) => {
    open.set(socket, []);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, answer: ServerResponse) => {
    // A set would leave a chain of outgrown tables, which keeps garbage for long.
    const waiting = open.get(socket) ?? [];
    waiting.push(answer);
    answer.on('close', () => waiting.splice(waiting.indexOf(answer), 1));
    if (closes) answer.setHeader('Connection', 'close');
  });
  const destroyWhere = (isLost: (waiting: readonly ServerResponse[]) => boolean) => {
    for (const [socket, waiting] of open) if (isLost(waiting)) socket.destroy();
  };
  const closeAfterAnswers = () => {
    closes = true;
    for (const answer of [...open.values()].flat()) {
      if (!answer.headersSent) answer.setHeader('Connection', 'close');
    }
  };
  return {
    closeAfterAnswers,
    async close() {
      closeAfterAnswers();
      // A busy process may have requests to read that came long ago: one turn of the event loop
      // accepts connections, the next one reads what they have sent.
      for (let turn = 0; turn < 2; turn += 1) await setImmediate();
      const closed = new Promise((resolve) => server.close(resolve));
      destroyWhere((waiting) => waiting.length === 0);
      // A connection becomes idle when its answer is sent, which may be later.
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      const unarrived = setTimeout(
        () => destroyWhere((waiting) => !waiting.some(({ req }) => req.complete)),
        limits.arriveMs,
      );
      const late = setTimeout(() => server.closeAllConnections(), limits.answerMs);
      await closed;
      clearInterval(idle);
      for (const timer of [unarrived, late]) clearTimeout(timer);
    },
  };
}
