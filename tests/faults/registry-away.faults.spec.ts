import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { isAnswered } from '../chaos-load.ts';
import { trial } from '../chaos-trial.ts';
import { startOwnStack } from '../own-stack.ts';
import type { Service } from '../system.ts';

/** Services need the schema registry when they start, for ids and schemas, and not afterwards. */

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet('registry', await startOwnStack());
});
afterAll(() => fleet?.stop());

const readiness = async ({ operationsUrl }: Service) => {
  const answer = await fetch(`${operationsUrl}/readyz`);
  const { details } = (await answer.json()) as { details: { waitsFor?: string } };
  return { status: answer.status, waitsFor: details.waitsFor };
};

it('services go on without the registry, and new ones report that they wait for it', async () => {
  const { registry } = fleet.stack;
  const { system } = fleet;
  const settings = { COMMAND_API_URL: fleet.nodes[0]!.url };
  const started: Service[] = [];
  await trial(fleet, 'kill -9 of the schema registry', async (load) => {
    await registry!.kill();
    const at = performance.now();
    await load.served(300);
    expect(load.sent.filter(({ startedAt }) => startedAt > at).every(isAnswered)).toBe(true);
    for (const name of ['command-api', 'projectors', 'reactors'] as const) {
      const service = await system.spawn(name, settings);
      started.push(service);
      await until(async () => /schema registry/.test((await readiness(service)).waitsFor ?? ''));
      expect(await readiness(service)).toMatchObject({
        status: 503,
        waitsFor: expect.stringMatching(/^The schema registry at .* no answer .*REGISTRY_URL/),
      });
    }
    const refused = await fetch(`${started[0]?.url}/v1/movies/m1/vote`, { method: 'PUT' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    await registry!.start();
    await until(async () => {
      const all = await Promise.all(started.map(readiness));
      return all.every(({ status }) => status === 200);
    });
    await load.served();
  });
});
