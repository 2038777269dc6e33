import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenlyShared, lanesOf, restarted } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { isAnswered } from '../chaos-load.ts';
import { trial } from '../chaos-trial.ts';
import { startOwnStack } from '../own-stack.ts';
import { until } from '../system.ts';

/** MongoDB holds what can be rebuilt: while it is away, lanes stay where they are. */

let fleet: Fleet;
const shares = () => Promise.all(fleet.nodes.map(lanesOf));
const terms = async () => {
  const db = fleet.mongo.db(fleet.system.settings.MONGO_DATABASE);
  const leases = await db.collection('leases').find({ role: 'writer' }).sort({ lane: 1 }).toArray();
  return leases.map(({ owner, term }) => ({ owner, term }));
};

describe('the only mongod', () => {
  beforeAll(async () => {
    fleet = await startFleet('one-mongod', await startOwnStack());
  });
  afterAll(() => fleet?.stop());

  it('killed and started again: owners keep their lanes and serve what they remember', async () => {
    const [mongod] = fleet.stack.mongods;
    await trial(fleet, 'kill -9 of mongod', async (load) => {
      await evenlyShared(fleet.nodes, Number(fleet.system.settings.LANES));
      const before = await terms();
      await mongod!.kill();
      const at = performance.now();
      const decided = () =>
        load.sent.filter((one) => isAnswered(one) && one.startedAt > at && one.answer);
      const lanes = () => new Set(decided().map(({ lane }) => lane));
      await until(() => decided().length >= 30 && lanes().size === 3);
      // Longer than a lease.
      await until(() => performance.now() - at > 4_000);
      expect((await shares()).flat().sort()).toEqual([0, 1, 2]);
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

  it('kill -9 of the primary', async () => {
    await trial(fleet, 'kill -9 of the primary of three mongods', async (load) => {
      const { primary } = await fleet.mongo.db('admin').command({ hello: 1 });
      const process = fleet.stack.mongods.find(({ url }) => url.includes(String(primary)));
      await restarted(process!);
      await load.served();
    });
  });
});
