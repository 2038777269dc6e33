import { isIPv6 } from 'node:net';
import { messageOf } from '../message-of.ts';
import type { Address, Connect, Connection } from './cluster.ts';
import type { Answer, Request } from './requests.ts';

/** The request never left, so it had no effect. */
export class NotSentError extends Error {
  override name = 'NotSentError';
}

/** The request will never be sent: this side has closed. */
export class ClosedError extends NotSentError {
  override name = 'ClosedError';
}

/** The request may have left but no answer came: it may have had its effect, or may yet. */
export class LostAnswerError extends Error {
  override name = 'LostAnswerError';
}

/** What kafkajs says in place of sending on a connection that the broker has closed. */
const refused = 'Not connected';

class RefusedError extends NotSentError {}

/** The network, for readers and producers; tests put a stub here. */
export type Wires = {
  /** @throws NotSentError, LostAnswerError; nothing else. Never repeats a request. */
  send<T extends Answer>(to: Address, request: Request<T>): Promise<T>;
  close(): Promise<void>;
};

export const textOf = ({ host, port }: Address): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;

/** One connection per broker, made when first needed and forgotten after any error. */
export class Connections implements Wires {
  readonly #connect: Connect;
  readonly #open = new Map<string, Promise<Connection>>();
  #closed = false;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  async send<T extends Answer>(to: Address, request: Request<T>): Promise<T> {
    try {
      return await this.#sendOnce(to, request);
    } catch (error) {
      // The broker has closed the connection, as it does with idle ones.
      if (error instanceof RefusedError) return this.#sendOnce(to, request);
      throw error;
    }
  }

  async #sendOnce<T extends Answer>(to: Address, request: Request<T>): Promise<T> {
    const connection = await this.#connected(to);
    try {
      return await connection.send(request);
    } catch (cause) {
      this.#forget(textOf(to), connection);
      const said = `${request.name} to ${textOf(to)} got no answer: ${messageOf(cause)}`;
      if (messageOf(cause) === refused) throw new RefusedError(said, { cause });
      throw new LostAnswerError(said, { cause });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(async (connecting) => (await connecting).close()));
  }

  /** Closes the connections to brokers that are not in the list. */
  keepOnly(addresses: Address[]): void {
    const kept = new Set(addresses.map(textOf));
    for (const [address, connecting] of this.#open) {
      if (!kept.has(address)) connecting.then((open) => this.#forget(address, open), ignore);
    }
  }

  async #connected(to: Address): Promise<Connection> {
    const address = textOf(to);
    if (this.#closed) throw new ClosedError('the log is closed');
    const known = this.#open.get(address);
    if (known) {
      const connection = await known;
      if (connection.isConnected()) return connection;
      this.#forget(address, connection);
    }
    return this.#open.get(address) ?? this.#connectTo(to, address);
  }

  #connectTo(to: Address, address: string): Promise<Connection> {
    const connecting = this.#connect(to).then(
      async (connection) => {
        if (!this.#closed) return connection;
        await connection.close();
        throw new ClosedError('the log is closed');
      },
      (cause: unknown) => {
        if (this.#open.get(address) === connecting) this.#open.delete(address);
        if (this.#closed) throw new ClosedError('the log is closed', { cause });
        throw new NotSentError(`no connection to ${address}: ${messageOf(cause)}`, { cause });
      },
    );
    this.#open.set(address, connecting);
    return connecting;
  }

  #forget(address: string, connection: Connection): void {
    this.#open.get(address)?.then((open) => {
      if (open === connection) this.#open.delete(address);
    }, ignore);
    connection.close().catch(ignore);
  }
}

const ignore = (): void => {};
