import { afterAll, beforeAll, it } from 'vitest';
import { type FaultName, faults, inject } from './chaos-faults.ts';
import { type Fleet, startFleet } from './chaos-fleet.ts';
import type { Load } from './chaos-load.ts';
import { trial } from './chaos-trial.ts';
import { startOwnStack } from './own-stack.ts';

/**
 * Nodes, projectors, technical support, broker and mongod are killed, stopped and put to sleep, one
 * after the other and into each other, while clients send. CHAOS_SECONDS makes it longer than a
 * glance, FAULT_SEED repeats its choices. `npm run test:faults` has each fault by itself.
 */

const seconds = Number(process.env.CHAOS_SECONDS ?? 12);
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet('chaos', await startOwnStack(), { projectors: 2 });
});
afterAll(() => fleet?.stop());

/** Every fault in an order by the seed, again and again, until time is up. */
async function wreak(load: Load): Promise<void> {
  const { random } = fleet;
  const untilMs = performance.now() + seconds * 1_000;
  let left: FaultName[] = [];
  while (performance.now() < untilMs) {
    if (left.length === 0) left = Object.keys(faults) as FaultName[];
    const [fault] = left.splice(Math.floor(random() * left.length), 1) as [FaultName];
    await inject(fault, fleet, random);
    // Now and then the next one hits a system that has not got over this one.
    if (random() < 0.75) await load.served(200);
  }
}

const limitMs = 150_000 + seconds * 2_000;

it('loses nothing, doubles nothing and answers honestly', { timeout: limitMs }, async () => {
  await trial(fleet, `chaos of ${seconds} s`, wreak);
});
