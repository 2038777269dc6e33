import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '#local-stack/stack.ts';
import { pick } from './chaos-load.ts';
import type { Service, ServiceName, System } from './system.ts';

/** What a system has to bear, one after the other: each ends with all parts there again. */

export type Fleet = {
  stack: Stack;
  system: System;
  nodes: Service[];
  projectors: Service[];
  /** The longest that a graceful stop took. */
  longestStopMs: number;
};

/** Longer than a lease. */
const sleepMs = 5_000;
const awayMs = 1_500;

type Fault = (fleet: Fleet, random: () => number) => Promise<unknown>;

export const faults = {
  'kill -9 a node': ({ system, nodes }, random) =>
    replaced(system, 'command-api', nodes, random, 'SIGKILL'),
  'a node sleeps past its leases': ({ nodes }, random) => sleeps(pick(random, nodes)),
  'kill -9 mongod': ({ stack }) => restarted(stack.mongods[0]),
  'stop a node': async (fleet, random) => {
    const startedAt = performance.now();
    const stopped = () => {
      fleet.longestStopMs = Math.max(fleet.longestStopMs, performance.now() - startedAt);
    };
    await replaced(fleet.system, 'command-api', fleet.nodes, random, 'SIGTERM', stopped);
  },
  'kill -9 the broker': ({ stack }) => restarted(stack.brokers[0]),
  'kill -9 a projector': ({ system, projectors }, random) =>
    replaced(system, 'projectors', projectors, random, 'SIGKILL'),
  'a projector sleeps past its leases': ({ projectors }, random) =>
    sleeps(pick(random, projectors)),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export const inject = (name: FaultName, fleet: Fleet, random: () => number) =>
  (faults[name] as Fault)(fleet, random);

async function replaced(
  system: System,
  name: ServiceName,
  services: Service[],
  random: () => number,
  signal: 'SIGKILL' | 'SIGTERM',
  ended: () => void = () => undefined,
): Promise<void> {
  const service = pick(random, services);
  // Clients learn of a node that leaves as they would of one that died: by its silence.
  await service.end(signal);
  ended();
  services.splice(services.indexOf(service), 1);
  services.push(await system.start(name));
}

async function sleeps({ pid }: Service): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await pause(sleepMs);
  process.kill(pid, 'SIGCONT');
}

async function restarted(part: Stack['mongods'][number] | undefined): Promise<void> {
  await part?.kill();
  await pause(awayMs);
  await part?.start();
}
