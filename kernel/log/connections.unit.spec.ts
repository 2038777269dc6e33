import { describe, expect, it } from 'vitest';
import type { Connection } from './cluster.ts';
import { Connections, LostAnswerError, NotSentError } from './connections.ts';
import { metadataRequest } from './requests.ts';

const broker = { host: 'broker', port: 9092 };
const request = metadataRequest(null);

/** Connections that fail so, one after the other; later ones answer. */
function connections(...failures: string[]) {
  let opened = 0;
  const wires = new Connections(async () => {
    const failure = failures[opened];
    opened += 1;
    const send = async () => {
      if (failure) throw new Error(failure);
      return { topics: [] };
    };
    return { isConnected: () => true, send, close: async () => {} } as unknown as Connection;
  });
  return { send: () => wires.send(broker, request), opened: () => opened };
}

describe('a request', () => {
  it('goes over another connection if the broker has closed the known one', async () => {
    const { send, opened } = connections('Not connected');
    expect(await send()).toEqual({ topics: [] });
    expect(opened()).toBe(2);
  });

  it('is not sent if that one is, too', async () => {
    const { send, opened } = connections('Not connected', 'Not connected');
    await expect(send()).rejects.toThrow(NotSentError);
    expect(opened()).toBe(2);
  });

  it('that may have left is not repeated', async () => {
    const { send, opened } = connections('Closed connection');
    await expect(send()).rejects.toThrow(LostAnswerError);
    expect(opened()).toBe(1);
  });
});
