import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import type { Member } from '../leases/leases.ts';
import { until } from '../testing/until.ts';
import { identityRouter, Peers, unreachedBecause } from './peers.ts';

const servers: Server[] = [];
const watches: Peers[] = [];
afterEach(async () => {
  await Promise.all(watches.splice(0).map((peers) => peers.close()));
  for (const server of servers.splice(0)) server.close();
});

/** A process that answers as this node, or as an older release if there is no id. */
async function node(id: string | null): Promise<Member> {
  const app = express();
  if (id) app.use(identityRouter(id));
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { id: id ?? 'old', url: `http://127.0.0.1:${port}` };
}

/** Nobody listens there any more. */
async function gone(id: string): Promise<Member> {
  const member = await node(id);
  servers.pop()?.close();
  return member;
}

const own = { id: 'own', url: 'http://127.0.0.1:1' };

async function watched(...peers: Member[]) {
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  const watch = new Peers({ own, peers: () => peers, graceMs: 0, onWarning });
  watches.push(watch);
  return { watch, warnings };
}

describe('a URL', () => {
  it('leads to the member that answers there', async () => {
    const one = await node('one');
    expect(await unreachedBecause(one)).toBeNull();
    expect(await unreachedBecause({ ...one, id: 'two' })).toBe('another process answers there');
    expect(await unreachedBecause(await gone('three'))).toMatch(/ECONNREFUSED/);
  });

  it('of an older release counts, which can’t tell who it is', async () => {
    const old = await node(null);
    expect(await unreachedBecause(old)).toBeNull();
    // But this process is of this release: its port for clients answers the same.
    const asSelf = await unreachedBecause(old, { isSelf: true });
    expect(asSelf).toBe('it answers 404; is that the operations port?');
  });
});

describe('a node', () => {
  it('names a peer that it does not reach, though either may be at fault', async () => {
    const { watch, warnings } = await watched(await gone('one'));
    await until(() => watch.troubles().length === 1);
    expect(watch.troubles()[0]?.trouble).toMatch(/ECONNREFUSED/);
    expect(watch.isProbablyAtFault()).toBe(false);
    expect(warnings).toHaveLength(1);
  });

  it('is at fault if it reaches none of several peers', async () => {
    const { watch } = await watched(await gone('one'), await gone('two'));
    await until(() => watch.troubles().length === 2);
    expect(watch.isProbablyAtFault()).toBe(true);
  });

  it('is not at fault if it reaches some of its peers', async () => {
    const { watch } = await watched(await gone('one'), await gone('two'), await node('three'));
    await until(() => watch.troubles().length === 2);
    expect(watch.isProbablyAtFault()).toBe(false);
  });

  it('is at fault if another one has its URL', async () => {
    const { watch } = await watched({ id: 'one', url: own.url });
    await until(() => watch.isProbablyAtFault());
    expect(watch.troubles()[0]?.trouble).toBe('it has the same NODE_URL as this node');
  });
});
