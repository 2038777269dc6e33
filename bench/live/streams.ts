import { connect, type Socket } from 'node:net';

/** Streams of server-sent events over bare sockets, so that one process reads ten thousand. */

export type StreamToOpen = {
  url: string;
  headers: Record<string, string>;
  /** Called with whole messages: one, or several that came at once. */
  told(text: string, atMs: number): void;
};

/** A clock that all threads and processes of the machine share, in milliseconds. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Sockets are read one after the other, so they can share what they read into. */
const into = Buffer.allocUnsafe(64 * 1024);
const headEnd = '\r\n\r\n';
const messageEnd = '\n\n';

/**
 * Opens a stream, and waits for its first message.
 * @throws Error with the status if it is refused.
 */
export function openStream({ url, headers, told }: StreamToOpen): Promise<Socket> {
  const { hostname: host, port, pathname, search } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let rest = '';
    const take = (text: string, atMs: number) => {
      rest += text;
      if (!isOpen) {
        const end = rest.indexOf(headEnd);
        if (end === -1) return;
        const status = rest.slice(0, rest.indexOf('\r\n'));
        if (!status.includes(' 200 ')) return void socket.destroy(new Error(`${url}: ${status}`));
        isOpen = true;
        rest = rest.slice(end + headEnd.length);
      }
      const end = rest.lastIndexOf(messageEnd);
      if (end === -1) return;
      const whole = rest.slice(0, end + messageEnd.length);
      rest = rest.slice(end + messageEnd.length);
      told(whole, atMs);
      resolve(socket);
    };
    const callback = (size: number, bytes: Uint8Array) => {
      take((bytes as Buffer).toString('latin1', 0, size), nowMs());
      return true;
    };
    const socket = connect({ host, port: Number(port), onread: { buffer: into, callback } });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${url} was closed before its first message.`)));
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`);
  });
}

/** Each message of a text that has whole ones. */
export function* messagesIn(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(messageEnd, from) + messageEnd.length;
    yield text.slice(from, end);
    from = end;
  }
}
