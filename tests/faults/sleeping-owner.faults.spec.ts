import { afterAll, beforeAll, expect, it } from 'vitest';
import { laneOf } from '#kernel/log/lane-of.ts';
import { until } from '#kernel/testing/until.ts';
import { judge } from '../chaos-checks.ts';
import { ownerOf, putToSleep, untilEvenlyShared } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { isAnswered, sendOnce } from '../chaos-load.ts';
import { pick, requestOf, roles } from '../chaos-requests.ts';
import { trial } from '../chaos-trial.ts';
import { committedEvents } from '../committed-events.ts';
import { startOwnStack } from '../own-stack.ts';
import type { Service } from '../system.ts';

/** A node sleeps past its leases, as on a paused machine, and wakes up still believing in them. */

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet('sleeping', await startOwnStack());
});
afterAll(() => fleet?.stop());

const movieId = 'm0';
const lane = () => laneOf(movieId, Number(fleet.system.settings.LANES));

/** A user's vote, sent to one node. */
async function vote(node: Service, user: string, vote: 'like' | 'dislike') {
  const headers = await fleet.system.as(user, ...roles);
  const client = { user, lanes: 3, versions: new Map<string, number>(), random: () => 0.9 };
  const one = await sendOnce(requestOf('vote', { movieId, vote }, client), node.url, headers);
  fleet.sent.push(one);
  return one;
}

it('a node that sleeps past its leases loses and doubles nothing under load', async () => {
  await trial(fleet, 'a node sleeps past its leases, twice', async (load) => {
    for (let round = 0; round < 2; round += 1) {
      await untilEvenlyShared(fleet.nodes, 3);
      await putToSleep(pick(fleet.random, fleet.nodes));
      await load.served();
    }
  });
});

it('a node that wakes up answers no command from its outdated state', async () => {
  await untilEvenlyShared(fleet.nodes, 3);
  const owner = await ownerOf(lane(), fleet.nodes);
  const other = fleet.nodes.find((node) => node !== owner)!;
  const users = Array.from({ length: 20 }, (_, n) => `sleeper${n}`);
  const first = await Promise.all(users.map((user) => vote(owner, user, 'like')));
  expect(first.every(({ answer }) => answer?.version === 1)).toBe(true);

  // These are in flight when the node falls asleep: half of them change the vote, half nothing.
  const inFlight = users.map((user, n) => vote(owner, user, n % 2 === 0 ? 'dislike' : 'like'));
  process.kill(owner.pid, 'SIGSTOP');
  const takenOver = users.map(async (user) => {
    await until(async () => (await vote(other, user, 'dislike')).status === 200);
  });
  await Promise.all(takenOver);
  // These reach the node before it wakes up, and its memory of these votes is outdated.
  const asked = users.map((user) => vote(owner, user, 'like'));
  process.kill(owner.pid, 'SIGCONT');
  const answers = await Promise.all([...inFlight, ...asked]);

  const events = await committedEvents(fleet.system);
  const log = await events.all();
  await events.close();
  const own = fleet.sent.filter(({ user }) => user.startsWith('sleeper'));
  const { lost, doubled, contradictory, stale, ...counts } = judge(own, log);
  console.log(`a sleeping owner, seed ${fleet.seed}:`, counts);
  expect({ lost, doubled, contradictory, stale }).toEqual({
    ...{ lost: [], doubled: [], contradictory: [], stale: [] },
  });
  // Votes after the takeover change something: no answer rests on version 1, which was replaced.
  const woken = answers.slice(users.length).filter(isAnswered);
  expect(woken.length).toBeGreaterThan(0);
  for (const { answer } of woken) expect(answer?.version).toBeGreaterThan(1);
});
