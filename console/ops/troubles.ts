import { spoken, whole } from './amounts.ts';
import type {
  Lanes,
  Projection,
  Projections,
  Reactor,
  Reactors,
  Reader,
  Readers,
} from './system.ts';

/** What is wrong in the system. */

/** The role of the replay worker that does the jobs; others stand by. */
export const workerRole = 'replay-worker';

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
  readersNow: Readers | undefined,
): Trouble[] {
  const found = [
    ...(lanesNow ? missing(lanesNow) : []),
    ...(projectionsNow?.items ?? []).flatMap(troublesOfView),
    ...(lanesNow ? troublesOfLanes(lanesNow) : []),
    ...(reactorsNow?.items ?? []).flatMap(troublesOfReactor),
    ...(readersNow?.items ?? []).flatMap(troublesOfReader),
  ];
  return found.sort((a, b) => Number(b.isBad) - Number(a.isBad));
}

/** What each service has leases for, and what doesn't go on without any process of it. */
const services: readonly { roles: string[]; what: string; says: string }[] = [
  { roles: ['writer'], what: 'No command-api', says: 'is there: no command is taken' },
  {
    ...{ roles: ['projector', 'builder'], what: 'No projectors' },
    says: 'are there: the views stand still',
  },
  {
    ...{ roles: ['reactor', 'clock', 'worker'], what: 'No reactors' },
    says: 'are there: nothing is done because of events',
  },
  { roles: [workerRole], what: 'No replay worker', says: 'is there: jobs wait until one is' },
];

/** A process that is gone has no lease any more, so that it is no node that gives no answer. */
const missing = ({ nodes }: Lanes): Trouble[] =>
  services
    .filter(({ roles }) => !nodes.some((node) => node.roles.some((role) => roles.includes(role))))
    .map(({ what, says }) => ({ what, says, isBad: true, to: '/ops/lanes' }));

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

const takenNow = 'being taken by a node';

function troublesOfLanes({ items, nodes }: Lanes): Trouble[] {
  const to = '/ops/lanes';
  return [
    ...inCommon(
      items.flatMap(({ lane, trouble, open, inDoubt }) => [
        ...(trouble ? [{ lane, isBad: true, says: trouble }] : []),
        ...(open || trouble ? [] : [{ lane, isBad: false, says: takenNow }]),
        ...(inDoubt > 0 ? [{ lane, isBad: false, says: inDoubtOf(inDoubt) }] : []),
      ]),
    ).map((one) => ({ ...one, to })),
    ...nodes
      .filter(({ reached, ready }) => !reached || !ready)
      .map((node) => ({
        ...{ what: `${node.roles.join(', ')} at ${node.url}`, to, isBad: true },
        says: node.trouble ?? (node.reached ? 'not ready' : 'gives no answer'),
      })),
  ];
}

type OfLane = { lane: number; isBad: boolean; says: string };

/** What is wrong with many lanes alike is one trouble. */
const inCommon = (found: readonly OfLane[]): Omit<Trouble, 'to'>[] =>
  [...Map.groupBy(found, ({ says }) => says)].map(([says, all]) => ({
    what: `${all.length === 1 ? 'Lane' : 'Lanes'} ${all.map(({ lane }) => lane).join(', ')}`,
    ...{ isBad: all[0]!.isBad, says },
  }));

const inDoubtOf = (transactions: number): string =>
  transactions === 1 ? 'one transaction in doubt' : `${whole(transactions)} transactions in doubt`;

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

/** What is wrong with a process of query-api; null if nothing is. */
export function saysOfReader({ state, secondsBehind, ...reader }: Reader): string | null {
  const why = reader.trouble ? `: ${reader.trouble}` : '';
  switch (state) {
    case 'gone':
      return `was not heard of for ${spoken(reader.silentSeconds)}, and hasn’t said that it stops`;
    case 'away':
      return `gives no answer${why}`;
    case 'not-ready':
      return `not ready${why}`;
    case 'behind':
      return `${spoken(secondsBehind ?? 0)} behind with what it keeps in memory`;
    case 'slow':
      return `slow: it took ${whole(reader.answerMs ?? 0)} ms to tell about itself`;
    case 'live':
      return null;
  }
}

function troublesOfReader(reader: Reader): Trouble[] {
  const says = saysOfReader(reader);
  if (says === null) return [];
  const isBad = reader.state !== 'behind' && reader.state !== 'slow';
  return [{ what: `query-api at ${reader.url}`, to: '/ops/lanes', isBad, says }];
}
