import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator } from '../auth/roles.ts';
import { openTokens } from '../auth/tokens.ts';
import { ConfigError } from '../config.ts';
import { serviceAuthorization } from './authorization.ts';
import { type CausedCommand, commandClient, TryAgainError } from './command-client.ts';

type Given = { status: number; body: string; headers?: Record<string, string> };

let given: Given;
let received: { path: string; headers: Record<string, unknown>; body: string };
let url: string;

const server = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  received = { path: req.url ?? '', headers: req.headers, body };
  res.writeHead(given.status, given.headers);
  res.end(given.body);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const event = 'f1d3ff84-4329-5732-862d-f21dc4e57262';
const command: CausedCommand = {
  ...{ path: '/v1/parcels/p1/pick-up', body: {}, key: event, causationid: event },
  ...{ correlationid: 'request-1', traceparent },
};
const never = new AbortController().signal;

async function sent(answer: Given, changes: Partial<CausedCommand> = {}) {
  given = answer;
  let refusals = 0;
  const refused = () => {
    refusals += 1;
  };
  const client = commandClient(url, { header: async () => 'Bearer token', refused });
  const outcome = await client.send({ ...command, ...changes }, never).catch((error) => error);
  return { outcome, refusals };
}
const problem = (status: number, code: string): Given => ({
  status,
  body: JSON.stringify({ code, detail: 'Why.', status }),
});

describe('a command of a reactor', () => {
  it('carries its cause, with the event’s id as its key', async () => {
    const body = JSON.stringify({ unchanged: false, number: 'PU-000001' });
    const { outcome } = await sent({ status: 200, body });
    expect(outcome).toEqual({ kind: 'done', answer: JSON.parse(body) });
    expect(received).toMatchObject({ path: '/v1/parcels/p1/pick-up', body: '{}' });
    expect(received.headers).toMatchObject({
      ...{ authorization: 'Bearer token', 'idempotency-key': event, traceparent },
      ...{ 'x-causation-id': event, 'x-request-id': 'request-1' },
    });
  });

  it('is sent without a request id that no header can hold', async () => {
    const odd = { correlationid: 'zwei\nZeilen – 音', traceparent: undefined };
    const { outcome } = await sent({ status: 200, body: '{"unchanged":true}' }, odd);
    expect(outcome.kind).toBe('done');
    expect(received.headers).not.toHaveProperty('x-request-id');
  });

  it('is sent without a cause that the command API would refuse it for', async () => {
    const foreign = { key: 'made-by-others-7', causationid: 'made-by-others-7' };
    const { outcome } = await sent({ status: 200, body: '{"unchanged":true}' }, foreign);
    expect(outcome.kind).toBe('done');
    expect(received.headers).toMatchObject({ 'idempotency-key': 'made-by-others-7' });
    expect(received.headers).not.toHaveProperty('x-causation-id');
  });

  it.each([
    [404, 'parcel-unknown'],
    [409, 'parcel-lost'],
    [422, 'depot-full'],
    [400, 'invalid-input'],
  ])('is refused for good by %i %s', async (status, code) => {
    const { outcome } = await sent(problem(status, code));
    expect(outcome).toEqual({ kind: 'refused', status, code, detail: 'Why.' });
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'route-unknown'],
    [405, 'method-not-allowed'],
    [408, 'request-timeout'],
    [429, 'rate-limited'],
    [500, 'internal-error'],
    [503, 'lane-unavailable'],
  ])('is sent again after %i %s', async (status, code) => {
    const { outcome, refusals } = await sent(problem(status, code));
    expect(outcome).toBeInstanceOf(TryAgainError);
    expect(outcome.message).toContain(`${status}, ${code}: Why.`);
    expect(refusals).toBe(status === 401 ? 1 : 0);
  });

  it.each([
    ['a proxy’s 404', { status: 404, body: '<html>' }],
    ['a 200 that is none of ours', { status: 200, body: '{"ok":true}' }],
  ])('is sent again after %s', async (_, answer) => {
    expect((await sent(answer)).outcome).toBeInstanceOf(TryAgainError);
  });

  it('is sent again only after the time that the answer asks for', async () => {
    const busy = { ...problem(429, 'rate-limited'), headers: { 'retry-after': '3' } };
    expect((await sent(busy)).outcome.afterMs).toBe(3_000);
  });

  it('is sent again when there was no answer', async () => {
    const client = commandClient('http://127.0.0.1:1', {
      header: async () => 'Bearer token',
      refused: () => {},
    });
    await expect(client.send(command, never)).rejects.toThrow(/127\.0\.0\.1:1 gave no answer/);
  });
});

describe('the token of a service', () => {
  const none = { serviceToken: undefined, serviceTokenFile: undefined, authSecret: undefined };
  const elsewhere = { authIssuer: undefined, authAudience: undefined };
  const secret = 'a secret of at least 32 characters';
  const who = { user: 'couriers', roles: [operator] };

  it('is the one that was set', async () => {
    const settings = { ...none, ...elsewhere, serviceToken: 'set', authSecret: secret };
    expect(await serviceAuthorization(settings, who).header()).toBe('Bearer set');
  });

  it('is the one that its file has now', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'service-token-'));
    const file = join(folder, 'token');
    const settings = { ...none, ...elsewhere, serviceTokenFile: file };
    const authorization = serviceAuthorization(settings, who);
    const client = commandClient(url, authorization);
    await expect(client.send(command, never)).rejects.toThrow(TryAgainError);
    for (const token of ['first', 'second']) {
      writeFileSync(file, `${token}\n`);
      await client.send(command, never).catch(() => {});
      expect(received.headers.authorization).toBe(`Bearer ${token}`);
    }
    rmSync(folder, { recursive: true });
  });

  it('is made with the secret, and kept until it is refused', async () => {
    const own = { authIssuer: 'me', authAudience: 'parcels' };
    const authorization = serviceAuthorization({ ...none, ...own, authSecret: secret }, who);
    const header = await authorization.header();
    const tokens = openTokens({ secret, issuer: 'me', audience: 'parcels' });
    expect(await tokens.verify(header)).toMatchObject({
      userId: 'couriers',
      roles: new Set(['operator', 'service']),
    });
    expect(await authorization.header()).toBe(header);
    authorization.refused();
    expect(await tokens.verify(await authorization.header())).not.toBeNull();
  });

  it('has to be set if the service has no secret to sign it with', () => {
    expect(() => serviceAuthorization({ ...none, ...elsewhere }, who)).toThrow(ConfigError);
  });
});
