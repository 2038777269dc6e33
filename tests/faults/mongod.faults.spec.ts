import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laneOf } from '#kernel/log/lane-of.ts';
import { lanesOf, restart, untilEvenlyShared } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { movieIds, type Sent, sendOnce } from '../chaos-load.ts';
import { requestOf, roles } from '../chaos-requests.ts';
import { trial } from '../chaos-trial.ts';
import { startOwnStack } from '../own-stack.ts';

/** MongoDB holds only data that can be rebuilt: while it is away, nodes keep their lanes. */

let fleet: Fleet;
const terms = async () => {
  const db = fleet.mongo.db(fleet.system.settings.MONGO_DATABASE);
  const leases = await db
    .collection('leases')
    .find({ role: 'node-writer' })
    .sort({ lane: 1 })
    .toArray();
  return leases.map(({ owner, term }) => ({ owner, term }));
};

const lanes = 3;
/** Longer than a lease. */
const awayMs = 5_000;

/** Votes of one user on a movie of each lane: streams that their owners have in memory. */
async function hotVotes() {
  const { system, nodes } = fleet;
  const movies = Array.from({ length: lanes }, (_, lane) => {
    return movieIds.find((id) => laneOf(id, lanes) === lane) as string;
  });
  const headers = await system.as('hot', ...roles);
  const client = { user: 'hot', lanes, versions: new Map<string, number>(), random: () => 0.9 };
  let turn = 0;
  return async (): Promise<Sent[]> => {
    turn += 1;
    const vote = turn % 2 === 1 ? 'like' : 'dislike';
    const requests = movies.map((movieId) => requestOf('vote', { movieId, vote }, client));
    const node = nodes[turn % nodes.length]!.url;
    const sent = await Promise.all(requests.map((request) => sendOnce(request, node, headers)));
    fleet.sent.push(...sent);
    return sent;
  };
}

describe('the only mongod', () => {
  beforeAll(async () => {
    fleet = await startFleet('one-mongod', await startOwnStack());
  });
  afterAll(() => fleet?.stop());

  it('may be killed: owners keep their lanes and serve the streams in their memory', async () => {
    const [mongod] = fleet.stack.mongods;
    await trial(fleet, 'kill -9 of mongod', async (load) => {
      await untilEvenlyShared(fleet.nodes, lanes);
      const [before, vote] = [await terms(), await hotVotes()];
      await vote();
      await mongod!.kill();
      const answers: Sent[] = [];
      for (const end = performance.now() + awayMs; performance.now() < end; ) {
        answers.push(...(await vote()));
      }
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const longest = Math.max(...answers.map(({ startedAt, endedAt }) => endedAt - startedAt));
      console.log(`${answers.length} votes without a mongod, the longest took ${longest | 0} ms`);
      expect((await Promise.all(fleet.nodes.map(lanesOf))).flat().sort()).toEqual([0, 1, 2]);
      await mongod!.start();
      await load.served();
      expect(await terms()).toEqual(before);
    });
  });
});

describe('three mongods', () => {
  beforeAll(async () => {
    fleet = await startFleet('three-mongods', await startOwnStack({ mongods: 3 }));
  });
  afterAll(() => fleet?.stop());

  it('lose nothing after kill -9 of the primary', async () => {
    await trial(fleet, 'kill -9 of the primary of three mongods', async (load) => {
      const { primary } = await fleet.mongo.db('admin').command({ hello: 1 });
      const process = fleet.stack.mongods.find(({ url }) => url.includes(String(primary)));
      await restart(process!);
      await load.served();
    });
  });
});
