import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { type Page, startTraffic } from '../live-traffic.ts';
import { startOwnStack } from '../own-stack.ts';
import { replay } from '../replay-tool.ts';
import type { Service } from '../system.ts';
import { startVotingSystem, type VotingSystem } from '../voting-system.ts';

/** A new release is deployed node by node, while users vote and read. */

let stack: Stack;
beforeAll(async () => {
  stack = await startOwnStack();
});
afterAll(() => stack?.stop());

let world: VotingSystem;
beforeEach(async () => {
  world = await startVotingSystem('upgrade', 12, { parts: stack.endpoints });
  await world.seen();
});
afterEach(() => world?.close());

const nextRelease = pathToFileURL(join(import.meta.dirname, '..', 'next-release.ts'));
const nextVersion = { NODE_OPTIONS: `--import=${nextRelease}` };

type Readiness = { details: { readModels?: boolean } };
const readiness = async ({ operationsUrl }: Service) => {
  const answer = await fetch(`${operationsUrl}/readyz`);
  const { details } = (await answer.json()) as Readiness;
  return { status: answer.status, readModels: details.readModels };
};

it('a rolling upgrade of a view fails no request, and no answer is stale', async () => {
  const { system, queries: old, projectors: oldProjectors } = world;
  const nodes = [old.url];
  const versionOf = ({ items, count }: Page) => {
    const shouted = items.filter(({ title }) => title === title.toUpperCase());
    if (count !== 12 || items.length !== 12) return 'part of a page';
    return { 0: 'the old version', 12: 'the new version' }[shouted.length] ?? 'a mixed page';
  };
  const traffic = startTraffic(world, {
    nodes: () => nodes,
    readsPerSecond: 50,
    kindOf: (page, node) =>
      `${versionOf(page)} at ${node === old.url ? 'the old node' : 'the new node'}`,
  });
  await traffic.seen(10);

  // The new node's version of the view isn't built yet, so the node is not ready.
  const young = await system.spawn('query-api', nextVersion);
  const waiting = { status: 503, readModels: false };
  await until(async () => (await readiness(young)).readModels === false);
  expect(await readiness(young)).toEqual(waiting);
  await system.start('projectors', nextVersion);
  await until(async () => (await readiness(young)).status === 200);
  nodes.push(young.url);
  await traffic.seen(50);

  // The old query node ends before the old projectors, or its view would no longer be updated.
  nodes.shift();
  await traffic.seen(10);
  expect(await old.end()).toBe(0);
  expect(await oldProjectors.end()).toBe(0);
  await traffic.seen(50);

  const { kinds, longestMs, ...wrong } = await traffic.stop();
  console.log(kinds, `longest read with a token ${Math.round(longestMs)} ms`);
  expect(wrong).toEqual({ failures: [], stale: [] });
  expect(Object.keys(kinds).sort()).toEqual([
    'the new version at the new node',
    'the old version at the old node',
  ]);
  const tool = { ...system, settings: { ...system.settings, ...nextVersion } };
  const { code, out, err } = await replay(tool, 'verify', '--all');
  expect(`${code} ${out}${err}`).toMatch(
    /^0 .*\nrankings@3: 12 documents of .*(.* are right\n?)+$/s,
  );
}, 120_000);
