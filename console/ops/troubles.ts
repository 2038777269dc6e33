import { spoken, whole } from './amounts.ts';
import type { Lanes, Projection, Projections, Reactor, Reactors } from './system.ts';

/** What is wrong in the system. */

export type Trouble = {
  what: string;
  says: string;
  isBad: boolean;
  to: string;
  search?: Readonly<Record<string, string>>;
};

/** What is wrong, the worst first. */
export function troublesOf(
  projectionsNow: Projections | undefined,
  lanesNow: Lanes | undefined,
  reactorsNow: Reactors | undefined,
): Trouble[] {
  const found = [
    ...(projectionsNow?.items ?? []).flatMap(troublesOfView),
    ...(lanesNow ? troublesOfLanes(lanesNow) : []),
    ...(reactorsNow?.items ?? []).flatMap(troublesOfReactor),
  ];
  return found.sort((a, b) => Number(b.isBad) - Number(a.isBad));
}

const letters = { to: '/ops/dead-letters' };

function troublesOfView(view: Projection): Trouble[] {
  const { name, state, lastError, parked, secondsBehind, stalledSeconds } = view;
  const to = `/ops/projections/${name}`;
  const about = { what: view.view, to };
  const found: Trouble[] = [];
  const error = lastError ? `: ${lastError}` : '';
  if (state === 'stopped') found.push({ ...about, isBad: true, says: `stopped${error}` });
  if (state === 'unserved') found.push({ ...about, isBad: true, says: 'has no served generation' });
  if (state === 'stalled') {
    found.push({ ...about, isBad: true, says: `stalled for ${spoken(stalledSeconds)}${error}` });
  }
  if (state === 'behind') {
    found.push({ ...about, isBad: false, says: `${spoken(secondsBehind)} behind${error}` });
  }
  if (parked > 0) {
    found.push({
      ...{ ...letters, search: { view: view.view } },
      ...{ what: view.view, isBad: true, says: parkedOf(parked) },
    });
  }
  return found;
}

const takenNow = 'is being taken by a node';

function troublesOfLanes({ items, nodes }: Lanes): Trouble[] {
  const to = '/ops/lanes';
  const isWriter = ({ roles }: Lanes['nodes'][number]) => roles.join(', ');
  return [
    ...items.flatMap(({ lane, trouble, open, inDoubt }) => [
      ...(trouble ? [{ what: `Lane ${lane}`, to, isBad: true, says: trouble }] : []),
      ...(open || trouble ? [] : [{ what: `Lane ${lane}`, to, isBad: false, says: takenNow }]),
      ...(inDoubt > 0
        ? [{ what: `Lane ${lane}`, to, isBad: false, says: `${inDoubt} transactions in doubt` }]
        : []),
    ]),
    ...nodes
      .filter(({ reached, ready }) => !reached || !ready)
      .map((node) => ({
        ...{ what: `${isWriter(node)} at ${node.url}`, to, isBad: true },
        says: node.trouble ?? (node.reached ? 'not ready' : 'gives no answer'),
      })),
  ];
}

const parkedOf = (parked: number): string =>
  parked === 1 ? 'one event parked' : `${whole(parked)} events parked`;

function troublesOfReactor({ name, state, parked, lastError }: Reactor): Trouble[] {
  const what = `Reactor ${name}`;
  const bad = { what, to: '/ops/lanes', isBad: true };
  const error = lastError ? `: ${lastError}` : '';
  return [
    ...(state === 'live' || state === 'behind'
      ? []
      : [{ ...bad, says: `${state.replace('-', ' ')}${error}` }]),
    ...(parked > 0
      ? [
          {
            ...{ what, isBad: true, says: parkedOf(parked) },
            ...{ ...letters, search: { view: `reactor:${name}` } },
          },
        ]
      : []),
  ];
}
