import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Command } from '../aggregate.ts';
import { LaneMovedError } from '../writer/lane-writer.ts';
import { forwarding, type Sender } from './forwarding.ts';

const sender: Sender = {
  caller: { userId: 'u', roles: new Set() },
  trace: { correlationid: 'c', causationid: null, traceparent: '' },
  authorization: 'Bearer x',
};

const envelope = { idempotencyKey: 'key', expectedVersion: null };

it('an answer that was cut off ends in an error after which the lane is asked again', async () => {
  const owner = createServer((_req, res) => {
    res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1_000 });
    res.write('{"stream":');
    setImmediate(() => res.destroy());
  });
  await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve));
  const { port } = owner.address() as AddressInfo;
  const forward = forwarding({ name: 'scan' } as Command, {}, envelope, sender);
  const { signal } = new AbortController();
  const answer = forward({ id: 'other', url: `http://127.0.0.1:${port}`, term: 1 }, signal);
  await expect(answer).rejects.toBeInstanceOf(LaneMovedError);
  await new Promise((resolve) => owner.close(resolve));
});
