import { MongoClient } from 'mongodb';
import { freePort } from '#local-stack/base/ports.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { seeded } from '../bench/random.ts';
import { addMovies, movieIds, type Sent, startLoad } from './chaos-load.ts';
import { fillReminders } from './filled-lists.ts';
import { type Service, type System, type SystemOptions, startSystem } from './system.ts';

/** A whole system on a stack that tests may damage, and all requests that were sent to it. */
export type Fleet = {
  stack: Stack;
  system: System;
  nodes: Service[];
  projectors: Service[];
  reactors: Service[];
  mongo: MongoClient;
  seed: number;
  random: () => number;
  movies: string[];
  tickets: string[];
  sent: Sent[];
  stop(): Promise<void>;
};

export type FleetOptions = SystemOptions & {
  nodes?: number;
  projectors?: number;
  reactors?: number;
  /** Settings of the command API's nodes only. */
  nodeSettings?: Record<string, string>;
};

/** FAULT_SEED repeats the choices of a run. */
export const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

/** The first client's list is nearly full, so that the load reaches its limit. */
const reminders = 990;

/** Starts each service on a port of its own, which the service's replacement takes over. */
export async function startFleet(
  label: string,
  stack: Stack,
  options: FleetOptions = {},
): Promise<Fleet> {
  const system = await startSystem(label, stack.endpoints, options);
  const mongo = new MongoClient(stack.endpoints.mongo, { promoteBuffers: true });
  const stop = async () => {
    await system.stop();
    await mongo.close();
    await stack.stop();
  };
  try {
    await mongo.connect();
    await fillReminders(system, 'user0', reminders);
    const fleet: Fleet = {
      ...{ stack, system, mongo, stop, ...(await startServices(system, options)) },
      ...{ seed, random: seeded(seed), movies: movieIds, tickets: [], sent: [] },
    };
    fleet.sent.push(...(await addMovies(system, fleet.nodes[0]!.url)));
    return fleet;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServices(
  system: System,
  { nodes: count = 2, projectors: projecting = 1, reactors: reacting = 1, ...more }: FleetOptions,
) {
  const many = (name: Service['name'], count: number, settings: Record<string, string> = {}) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const port = `${name.toUpperCase().replace('-', '_')}_PORT`;
        return system.start(name, { ...settings, [port]: String(await freePort()) });
      }),
    );
  const nodes = await many('command-api', count, more.nodeSettings);
  const [projectors, reactors] = await Promise.all([
    many('projectors', projecting),
    many('reactors', reacting, { COMMAND_API_URL: nodes[0]!.url }),
  ]);
  return { nodes, projectors, reactors };
}

/** Starts clients that send commands to a fleet. */
export const loadOf = ({ system, nodes, movies, tickets, random }: Fleet, clients = 16) =>
  startLoad({
    ...{ system, movies, tickets, clients },
    nodes: () => nodes.map(({ url }) => url),
    seed: Math.floor(random() * 1_000_000),
  });
