import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { MongoNetworkError } from 'mongodb';

/**
 * Lets operations fail that MongoDB's driver (7.9) would wait for until the process ends. When a
 * server goes away, its sockets are destroyed some steps before they are told so by `close`. What
 * is written in between is refused without an error, and the driver waits for `drain`, which a
 * socket that has closed never emits. With this it is told so after all.
 */
export function failWritesToClosedSockets(): void {
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    socket.once('close', () => {
      if (!isAwaited(socket)) return;
      socket.emit('error', new MongoNetworkError('The connection was closed before it was used.'));
    });
  });
}

/** Whether somebody waits for one `drain` or an error; whoever listens to all of them does not. */
const isAwaited = (socket: Socket): boolean =>
  socket.listenerCount('error') > 0 &&
  socket.rawListeners('drain').some((listener) => 'listener' in listener);
