import { afterAll, beforeAll, describe, it } from 'vitest';
import { replace, untilEvenlyShared } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { pick } from '../chaos-requests.ts';
import { trial } from '../chaos-trial.ts';
import { startOwnStack } from '../own-stack.ts';

/** Services are killed without warning, again and again. */

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet('killed', await startOwnStack(), { nodes: 3 });
});
afterAll(() => fleet?.stop());

const lanes = () => Number(fleet.system.settings.LANES);

describe('nothing is lost or doubled after kill -9', () => {
  it('of a node, twice', async () => {
    await trial(fleet, 'kill -9 of a node, twice', async (load) => {
      for (let round = 0; round < 2; round += 1) {
        await untilEvenlyShared(fleet.nodes, lanes());
        await replace(fleet, pick(fleet.random, fleet.nodes), 'SIGKILL');
        await load.served(60);
      }
    });
  });

  it('of two nodes of three at once', async () => {
    await trial(fleet, 'kill -9 of two nodes of three', async (load) => {
      await untilEvenlyShared(fleet.nodes, lanes());
      const spared = pick(fleet.random, fleet.nodes);
      const killed = fleet.nodes.filter((node) => node !== spared);
      await Promise.all(killed.map((node) => node.end('SIGKILL')));
      await load.served(60);
      await Promise.all(killed.map((node) => replace(fleet, node, 'SIGKILL')));
    });
  });

  it('of the projector, 3 times', async () => {
    await trial(fleet, 'kill -9 of the projector, 3 times', async (load) => {
      for (let round = 0; round < 3; round += 1) {
        await replace(fleet, fleet.projectors[0]!, 'SIGKILL');
        await load.served(60);
      }
    });
  });

  it('of technical support, 3 times', async () => {
    await trial(fleet, 'kill -9 of technical support, 3 times', async (load) => {
      for (let round = 0; round < 3; round += 1) {
        await replace(fleet, fleet.reactors[0]!, 'SIGKILL');
        await load.served(60);
      }
    });
  });
});
