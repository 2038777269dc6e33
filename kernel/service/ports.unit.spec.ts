import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { defineSettings } from '../config.ts';
import { openPorts, type Ports, type PortsOptions } from './ports.ts';

const open: Ports[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((ports) => ports.close()));
});

async function opened(
  port = 0,
  operationsPort: number | undefined = 0,
  tokens: PortsOptions['tokens'] = () => undefined,
): Promise<Ports> {
  const ports = await openPorts({
    ...{ name: 'example', config: defineSettings({}).read({}) },
    ...{
      port,
      operationsPort,
      document: undefined,
      nodeId: 'n1',
      streams: 0,
      tokens,
    },
    ...{ logger: pino({ level: 'silent' }), registry: new Registry() },
    ready: () => ({ ready: false, details: { waitsFor: 'mongodb://db.internal:27017' } }),
  });
  open.push(ports);
  return ports;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const ports = await opened();
  await ports.close();
  open.splice(0);
  return Number(new URL(ports.url).port);
}

async function shown(url: string, path: string) {
  const answer = await fetch(url + path);
  return { status: answer.status, text: await answer.text() };
}

describe('the port for clients', () => {
  it('says whether the service is ready, and nothing about the system behind it', async () => {
    const { url, operationsUrl, ...ports } = await opened();
    expect(await shown(url, '/healthz')).toEqual({ status: 200, text: '{"alive":true}' });
    expect(await shown(url, '/readyz')).toEqual({ status: 503, text: '{"ready":false}' });
    const early = await shown(url, '/v1/parcels');
    expect(early).toMatchObject({ status: 503, text: expect.stringContaining('part-away') });
    expect(early.text).not.toContain('db.internal');
    ports.operations.get('/internal', (_req, res) => void res.json('for nodes'));
    ports.open();
    for (const path of ['/metrics', '/internal']) {
      expect((await shown(url, path)).status).toBe(404);
      expect((await shown(operationsUrl, path)).status).toBe(200);
    }
  });

  it('answers 503 to a request that came just before its route was there', async () => {
    let atRequest = () => {};
    const { url, routes, ...ports } = await opened(0, 0, () => void process.nextTick(atRequest));
    atRequest = () => {
      atRequest = () => {};
      routes.delete('/v1/parcels/:id', (_req, res) => void res.json('gone'));
      ports.open();
    };
    const remove = () => fetch(`${url}/v1/parcels/p1`, { method: 'DELETE' });
    const [early, then] = [await remove(), await remove()];
    expect([early.status, then.status]).toEqual([503, 200]);
    const other = await fetch(`${url}/v1/parcels/p1`, { method: 'PUT' });
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'DELETE']);
  });
});

describe('the port for operations', () => {
  it('shows details and measurements of both ports', async () => {
    const { url, operationsUrl } = await opened();
    await shown(url, '/readyz');
    const readiness = await shown(operationsUrl, '/readyz');
    expect(readiness).toMatchObject({ status: 503, text: expect.stringContaining('db.internal') });
    const { text } = await shown(operationsUrl, '/metrics');
    expect(text).toMatch(/http_request_duration_seconds_count\{.*route="\/readyz".*\} 2/);
  });

  it('may be the one for clients', async () => {
    const port = await freePort();
    const { url, operationsUrl } = await opened(port, port);
    expect(operationsUrl).toBe(url);
    expect((await shown(url, '/metrics')).status).toBe(200);
  });
});
