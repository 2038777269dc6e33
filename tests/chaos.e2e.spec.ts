import { afterAll, beforeAll, it } from 'vitest';
import { type FaultName, faults, inject } from './chaos-faults.ts';
import { type Fleet, startFleet } from './chaos-fleet.ts';
import type { Load } from './chaos-load.ts';
import { trial } from './chaos-trial.ts';
import { startOwnStack } from './own-stack.ts';

/**
 * Nodes, projectors, technical support, broker and mongod are killed, stopped and paused, in turn
 * and at times before the last fault is over, while clients send commands. CHAOS_SECONDS makes the
 * run longer, FAULT_SEED repeats its choices. `npm run test:faults` has each fault by itself.
 */

const seconds = Number(process.env.CHAOS_SECONDS ?? 12);
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet('chaos', await startOwnStack(), { projectors: 2 });
});
afterAll(() => fleet?.stop());

/** Injects every fault in a random order, again and again, until the time is up. */
async function injectFaults(load: Load): Promise<void> {
  const { random } = fleet;
  const untilMs = performance.now() + seconds * 1_000;
  let left: FaultName[] = [];
  while (performance.now() < untilMs) {
    if (left.length === 0) left = Object.keys(faults) as FaultName[];
    const [fault] = left.splice(Math.floor(random() * left.length), 1) as [FaultName];
    await inject(fault, fleet, random);
    // Now and then the next fault hits a system that has not recovered from this one.
    if (random() < 0.75) await load.served(200);
  }
}

const limitMs = 150_000 + seconds * 2_000;

it('a system under faults loses nothing, doubles nothing and answers truly', {
  timeout: limitMs,
}, async () => {
  await trial(fleet, `chaos of ${seconds} s`, injectFaults);
});
