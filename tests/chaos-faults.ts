import { setTimeout as pause } from 'node:timers/promises';
import { until } from '#kernel/testing/until.ts';
import type { ManagedProcess } from '#local-stack/base/process.ts';
import type { Fleet } from './chaos-fleet.ts';
import { pick } from './chaos-requests.ts';
import type { Service } from './system.ts';

/** Faults that a system has to survive. Each is over when all parts run again. */

/** Longer than a lease. */
const sleepMs = 5_000;
const awayMs = 1_500;

type Fault = (fleet: Fleet, random: () => number) => Promise<unknown>;

export const faults = {
  'kill -9 a node': (fleet, random) => replace(fleet, pick(random, fleet.nodes), 'SIGKILL'),
  'a node sleeps past its leases': ({ nodes }, random) => putToSleep(pick(random, nodes)),
  'kill -9 mongod': ({ stack }) => restart(stack.mongods[0]!),
  'stop a node': (fleet, random) => replace(fleet, pick(random, fleet.nodes), 'SIGTERM'),
  'kill -9 the broker': ({ stack }) => restart(stack.brokers[0]!),
  'kill -9 a projector': (fleet, random) =>
    replace(fleet, pick(random, fleet.projectors), 'SIGKILL'),
  'a projector sleeps past its leases': ({ projectors }, random) =>
    putToSleep(pick(random, projectors)),
  'kill -9 technical support': (fleet, random) =>
    replace(fleet, pick(random, fleet.reactors), 'SIGKILL'),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export const inject = (name: FaultName, fleet: Fleet, random: () => number) =>
  (faults[name] as Fault)(fleet, random);

/** Ends a service and starts another at its address. */
export async function replace(
  { system, nodes, projectors, reactors }: Fleet,
  service: Service,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<void> {
  await service.end(signal);
  const all = [nodes, projectors, reactors].find((some) => some.includes(service)) as Service[];
  all[all.indexOf(service)] = await system.start(service.name, service.more);
}

/** Pauses a process with SIGSTOP until its leases have expired; SIGCONT resumes it. */
export async function putToSleep({ pid }: Service): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await pause(sleepMs);
  process.kill(pid, 'SIGCONT');
}

/** Kills a part with kill -9 and, after a while, starts it on the same data. */
export async function restart(part: ManagedProcess): Promise<void> {
  await part.kill();
  await pause(awayMs);
  await part.start();
}

/** The lanes that a node has open. */
export async function lanesOf({ operationsUrl }: Service): Promise<number[]> {
  const answer = await fetch(`${operationsUrl}/readyz`);
  const { details } = (await answer.json()) as Readiness;
  return (details.lanes ?? []).filter(({ open }) => open).map(({ lane }) => lane);
}
type Readiness = { details: { lanes?: { lane: number; open: boolean }[] } };

/** The node that owns a lane. */
export async function ownerOf(lane: number, nodes: readonly Service[]): Promise<Service> {
  let owner: Service | undefined;
  await until(async () => {
    const lanes = await Promise.all(nodes.map(lanesOf));
    owner = nodes[lanes.findIndex((some) => some.includes(lane))];
    return owner !== undefined;
  });
  return owner as Service;
}

/** Waits until the lanes are evenly shared: lanes on the move would hide a fault's effect. */
export async function untilEvenlyShared(nodes: readonly Service[], lanes: number): Promise<void> {
  const fair = Math.floor(lanes / nodes.length);
  await until(async () => {
    const shares = (await Promise.all(nodes.map(lanesOf))).map((some) => some.length);
    const all = shares.reduce((sum, share) => sum + share, 0);
    return all === lanes && shares.every((share) => share >= fair);
  });
}
