import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('projectors');
});
afterAll(() => system.stop());

const readiness = async ({ url }: Service) => {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, ...((await answer.json()) as { details: Details }) };
};
type Details = { views?: Record<string, { generation: string | null; lanes: object[] }> };

describe('the projectors', () => {
  it('are ready when every view has caught up, and show each lane’s progress', async () => {
    const service = await system.start('projectors');
    const { status, details } = await readiness(service);
    expect(status).toBe(200);
    expect(details.views).toMatchObject({
      'movies@3': { generation: 'movies.g1', caughtUp: true, parked: 0 },
      'rankings@2': { generation: 'rankings.g1', caughtUp: true, parked: 0 },
      'votes@2': { generation: 'votes.g1', caughtUp: true, parked: 0 },
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/projector_lag_events\{.*view="rankings@2",lane="0".*\} 0/);
    await service.end();
  });

  it('share the lanes of each view, and end within a second', async () => {
    const one = await system.start('projectors');
    const two = await system.start('projectors');
    const lanesOf = async (service: Service) => {
      const { details } = await readiness(service);
      const views = Object.values(details.views ?? {});
      return views.map(({ lanes }) => lanes.filter((lane) => 'events' in lane).length);
    };
    await until(async () => {
      const counts = [await lanesOf(one), await lanesOf(two)];
      return counts[0]!.every((count, view) => count > 0 && count + counts[1]![view]! === 3);
    });
    for (const service of [one, two]) {
      const startedAt = performance.now();
      expect(await service.end()).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
  });

  it('are alive and name the part they wait for while it is away', async () => {
    const settings = { ...system.settings, KAFKA_BROKERS: '127.0.0.1:1' };
    const child = spawn(process.execPath, ['projectors/main.ts'], {
      env: settings,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let url = '';
    for await (const line of createInterface(child.stdout)) {
      url = (JSON.parse(line) as { url?: string }).url ?? '';
      if (url) break;
    }
    child.stdout.resume();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toHaveProperty('details.waitsFor');
    child.kill('SIGKILL');
    await ended;
  });
});
