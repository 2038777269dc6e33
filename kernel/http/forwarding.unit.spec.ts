import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { signToken } from '../auth/tokens.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { LaneMovedError } from '../writer/lane-writer.ts';
import type { Outcome, Request } from '../writer/request.ts';
import { forwardedCommands } from './forwarded-commands.ts';
import { forwarding, type Sender } from './forwarding.ts';
import { listen } from './listen.ts';
import type { Submitter } from './submitter.ts';

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

it('a bulk command that is forwarded stays one, and others don’t become one', async () => {
  const command = {
    ...{ name: 'scan', role: operator, input: z.unknown(), aggregate: { topic: 'parcels' } },
  } as unknown as Command;
  const prepared: (boolean | undefined)[] = [];
  const submitter = {
    prepare: async (...[, , { bulk }]: Parameters<Submitter['prepare']>) => {
      prepared.push(bulk);
      return {} as Request;
    },
  } as Submitter;
  const lanes = { decide: async () => ({}) as Outcome };
  const more = (app: Express) =>
    void app.use(forwardedCommands({ commands: [command], submitter, lanes }));
  const owner = await listen(exampleApp({ more }), { host: '127.0.0.1', port: 0 });
  const token = await signToken({ user: 'u', roles: [operator], secret, ttlSeconds: 60 });
  const known = { ...sender, authorization: `Bearer ${token}` };
  for (const bulk of [true, false, undefined]) {
    const forward = forwarding(
      command,
      {},
      { ...envelope, ...(bulk !== undefined && { bulk }) },
      known,
    );
    await forward({ id: 'other', url: owner.url, term: 1 }, new AbortController().signal);
  }
  expect(prepared).toEqual([true, false, false]);
  await owner.close();
});
