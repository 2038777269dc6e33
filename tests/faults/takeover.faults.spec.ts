import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { ask, doneOf, up } from '../answers.ts';
import { ownerOf, untilEvenlyShared } from '../chaos-faults.ts';
import { fillLane, idInLane } from '../filled-lane.ts';
import { startOwnStack } from '../own-stack.ts';
import { type Service, type System, startSystem } from '../system.ts';

/** The time that a lane is without an owner doesn't depend on the length of its past. */

const leaseMs = 3_000;
const lane = 0;
const lanes = 3;
const rounds = 3;
const movieId = idInLane('taken', lane, lanes);
let stack: Stack;
let mongo: MongoClient;

type StateRow = { _id: string; next?: { ranking?: number } };

/** Two nodes, and a lane with that number of events. */
type World = { events: number; system: System; nodes: Service[]; votes: number };
const worlds: World[] = [];
const systems: System[] = [];

beforeAll(async () => {
  stack = await startOwnStack();
  mongo = await new MongoClient(stack.endpoints.mongo).connect();
  for (const events of [1_000, 1_000_000]) worlds.push(await worldWith(events));
}, 300_000);
afterAll(async () => {
  await Promise.all(systems.map((system) => system.stop()));
  await mongo?.close();
  await stack?.stop();
});

async function worldWith(events: number): Promise<World> {
  const system = await startSystem(`takeover-${events}`, stack.endpoints);
  systems.push(system);
  await fillLane(system, lane, events);
  // The first node has to read all of the lane's past, once.
  const first = await system.spawn('command-api');
  const startedAt = performance.now();
  const state = mongo.db(system.settings.MONGO_DATABASE).collection<StateRow>('write_state');
  await until(
    async () => {
      const row = await state.findOne({ _id: { $regex: `^lane:${lane}@` } });
      return (row?.next?.ranking ?? 0) >= events;
    },
    { limitMs: 200_000 },
  );
  const took = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${events} events read and their state written down for the first time in ${took} s`);
  const headers = await system.as('carol', 'catalogue');
  doneOf(await ask(first.url, `PUT /v1/movies/${movieId}`, { body: up, headers }));
  return { events, system, nodes: [first, await system.start('command-api')], votes: 0 };
}

/** Ends the lane's owner. @returns how long it took until the other node answered for the lane. */
async function silenceAfter(signal: 'SIGKILL' | 'SIGTERM', world: World): Promise<number> {
  const { system, nodes } = world;
  await untilEvenlyShared(nodes, lanes);
  const headers = await system.as('alice', 'viewer');
  const vote = (node: Service) => {
    world.votes += 1;
    const body = { vote: world.votes % 2 === 1 ? 'like' : 'dislike' };
    return ask(node.url, `PUT /v1/movies/${movieId}/vote`, { body, headers });
  };
  const owner = await ownerOf(lane, nodes);
  const other = nodes.find((node) => node !== owner) as Service;
  doneOf(await vote(owner), { version: world.votes });
  const endedAt = performance.now();
  const ended = owner.end(signal);
  const answer = await vote(other);
  const silenceMs = performance.now() - endedAt;
  doneOf(answer, { version: world.votes });
  await ended;
  world.nodes = [other, await system.start('command-api')];
  return silenceMs;
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Alternates between the two worlds, so that both run under the same conditions. */
async function medians(signal: 'SIGKILL' | 'SIGTERM'): Promise<[number, number]> {
  const silences = worlds.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, world] of worlds.entries()) {
      silences[at]?.push(await silenceAfter(signal, world));
    }
  }
  for (const [at, { events }] of worlds.entries()) {
    const told = silences[at]?.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(', ');
    console.log(`${signal} of the owner of a lane of ${events} events: ${told} without service`);
  }
  return [median(silences[0] as number[]), median(silences[1] as number[])];
}

describe('a lane', () => {
  it('of a killed node answers within the lease and 2 s, however long its past', async () => {
    const [few, many] = await medians('SIGKILL');
    expect(few).toBeLessThan(leaseMs + 2_000);
    expect(many).toBeLessThan(leaseMs + 2_000);
    expect(Math.abs(many - few)).toBeLessThan(1_500);
  });

  it('of a stopped node is handed over in less than a second', async () => {
    const [few, many] = await medians('SIGTERM');
    expect(few).toBeLessThan(1_000);
    expect(many).toBeLessThan(1_000);
  });
});
