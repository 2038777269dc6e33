import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { MongoNetworkError } from 'mongodb';

/**
 * Lets operations fail that MongoDB's driver (7.9) would wait for until the process ends. When a
 * server goes away, its sockets are destroyed some steps before they emit `close`. A write in
 * between is refused without an error, and the driver waits for `drain`, which a closed socket
 * never emits. With this the socket emits an error when it closes.
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

/** Whether a writer waits for the next `drain`; a listener to every `drain` doesn't count. */
const isAwaited = (socket: Socket): boolean =>
  socket.listenerCount('error') > 0 &&
  socket.rawListeners('drain').some((listener) => 'listener' in listener);
