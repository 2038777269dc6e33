import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { signToken } from '../auth/tokens.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { type Listening, listen } from './listen.ts';
import { RateCounter } from './rate-limits.ts';

const open: Listening[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serving(options: Parameters<typeof exampleApp>[0] = {}) {
  const rateLimits = { perUser: 2, perService: 4, perAddress: 3 };
  const app = exampleApp({ rateLimits, ...options });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  open.push(server);
  const ask = (headers: Record<string, string> = {}, path = '/parcels') =>
    fetch(`${server.url}${path}`, { headers });
  /** The statuses of so many requests, one after the other. */
  const statuses = async (count: number, ...given: Parameters<typeof ask>) => {
    const all: number[] = [];
    for (let n = 0; n < count; n += 1) all.push((await ask(...given)).status);
    return all;
  };
  return { ask, statuses };
}

const as = async (user: string, ...roles: string[]) => {
  const token = await signToken({ user, roles, secret, ttlSeconds: 60 });
  return { authorization: `Bearer ${token}` };
};

describe('requests without a token', () => {
  it('are counted for their address, and answers say how many are left', async () => {
    const { ask, statuses } = await serving();
    const { headers } = await ask();
    expect(headers.get('ratelimit')).toMatch(/^"address";r=2;t=\d+$/);
    expect(headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
    expect(await statuses(2)).toEqual([200, 200]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'rate-limited' });
    expect((await ask({}, '/nowhere')).status).toBe(429);
    expect((await ask({}, '/healthz')).status).toBe(200);
  });

  it('are counted for the client that a trusted proxy names', async () => {
    const { statuses } = await serving({ trustedProxies: ['loopback'] });
    const from = (address: string) => ({ 'x-forwarded-for': `6.6.6.6, ${address}` });
    expect(await statuses(4, from('1.1.1.1'))).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, from('2.2.2.2'))).toEqual([200]);
    expect(await statuses(3, from('2001:db8:0:1::1'))).toEqual([200, 200, 200]);
    expect(await statuses(1, from('2001:db8:0:2::1')), 'the same network').toEqual([429]);
    expect(await statuses(1, from('2001:db8:1::1')), 'another network').toEqual([200]);
  });

  it('are counted for one client whatever address it claims to be', async () => {
    const { ask } = await serving();
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
      await ask({ 'x-forwarded-for': address });
    }
    expect((await ask({ 'x-forwarded-for': '4.4.4.4' })).status).toBe(429);
  });
});

describe('requests with a token', () => {
  it('are counted for their user, whatever others at the address send', async () => {
    const { ask, statuses } = await serving();
    const alice = await as('alice');
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    expect(await statuses(3, alice)).toEqual([200, 200, 429]);
    expect(await statuses(1, await as('alice', 'operator')), 'with a new token').toEqual([429]);
    const { status, headers } = await ask(await as('bob'));
    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toMatch(/^"user";r=1;/);
  });

  it('of a service have a budget of their own', async () => {
    const { statuses } = await serving();
    expect(await statuses(5, await as('r', 'service'))).toEqual([200, 200, 200, 200, 429]);
    expect(await statuses(1, await as('r'))).toEqual([200]);
  });

  const more: NonNullable<Parameters<typeof exampleApp>[0]>['more'] = (app) =>
    app.get('/internal/parcels', (req, res) => {
      req.costs?.(req.query.items ? 2 : 1);
      res.json('done');
    });

  it('that another node forwards are counted there only', async () => {
    // The operations port has no limits.
    const { statuses } = await serving({ more, rateLimits: undefined });
    expect(await statuses(9, await as('alice'), '/internal/parcels')).toEqual(Array(9).fill(200));
  });

  it('that go to nodes by the port for clients are counted apart, by the same limits', async () => {
    const { statuses } = await serving({ more });
    const [alice, reactor] = [await as('alice'), await as('r', 'service')];
    const path = '/internal/parcels';
    expect(await statuses(3, alice, path)).toEqual([200, 200, 429]);
    expect(await statuses(3, alice)).toEqual([200, 200, 429]);
    expect(await statuses(5, reactor, path)).toEqual([200, 200, 200, 200, 429]);
    expect(await statuses(2, await as('bob'), `${path}?items=many`)).toEqual([200, 429]);
    expect(await statuses(1, alice, '/internal/nothing')).toEqual([429]);
  });
});

describe('wrong tokens', () => {
  it('are counted for their address, and after too many no new token is looked at', async () => {
    const { statuses } = await serving();
    const alice = await as('alice');
    expect(await statuses(1, alice)).toEqual([200]);
    const wrong = { authorization: 'Bearer e30.e30.e30' };
    expect(await statuses(4, wrong)).toEqual([401, 401, 401, 429]);
    expect(await statuses(1, await as('mallory'), '/nowhere'), 'a guess').toEqual([429]);
    expect(await statuses(1, alice), 'a token that was good before').toEqual([200]);
    expect(await statuses(1), 'without a token').toEqual([200]);
  });
});

it('clients beyond a number are forgotten, those silent longest first', () => {
  const counter = new RateCounter('user', 100_000);
  const answer = new ServerResponse(new IncomingMessage(new Socket())) as Response;
  for (let n = 0; n < 30_000; n += 1) {
    counter.count(String(n), answer);
    counter.count('busy', answer);
  }
  expect(counter.hits('busy')).toBe(30_000);
  expect([counter.hits('29999'), counter.hits('1')]).toEqual([1, 0]);
});
