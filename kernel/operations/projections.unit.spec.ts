import { expect, it } from 'vitest';
import type { ViewLag } from '../projector/lag.ts';
import type { Reading } from '../query.ts';
import { projectionsQuery } from './projections.ts';

/** What operators are told of the views. */

type Shown = { view: string; state: string; parked: number };

const lagOf = (name: string, { parked = 0, secondsBehind = 0, stalledSeconds = 0 }): ViewLag => ({
  ...{ view: `${name}@1`, generation: `${name}.g1`, caughtUp: secondsBehind === 0, parked },
  lanes: [{ lane: 0, eventsBehind: 0, secondsBehind, stalledSeconds }],
});

it('those in trouble come first, also for parked events, then those that are behind', async () => {
  const lags = [
    ...[lagOf('parcels', {}), lagOf('weights', { parked: 2 })],
    ...[lagOf('depots', { secondsBehind: 5 }), lagOf('routes', { secondsBehind: 60, parked: 1 })],
    lagOf('claims', { secondsBehind: 60, stalledSeconds: 60 }),
  ];
  const models = lags.map(({ view, generation }) => ({ _id: view, active: generation }));
  const snapshot = {
    ...{ at: 0, lags, models, before: null, asOfs: [], leases: [], nodes: [], checkpoints: [] },
  };
  const system = { snapshot: async () => snapshot, trendOf: () => [], lanes: 1 };
  const asked = { operations: { system } } as unknown as Reading;
  const { items } = (await projectionsQuery.answer({}, asked)) as { items: Shown[] };
  expect(items.map(({ view, state, parked }) => `${view} ${state} ${parked}`)).toEqual([
    ...['claims@1 stalled 0', 'routes@1 behind 1', 'weights@1 live 2'],
    ...['depots@1 behind 0', 'parcels@1 live 0'],
  ]);
});
