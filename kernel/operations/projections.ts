import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { Moment, momentOf } from '../moment.ts';
import type { ViewLag } from '../projector/lag.ts';
import { query } from '../query.ts';
import type { NodeReport } from './nodes.ts';
import { behindOf, rateOf, type SystemSnapshot } from './system-watch.ts';

const Lane = z.object({
  lane: z.int(),
  owner: z.string().nullable(),
  url: z.string().nullable(),
  positions: z.record(z.string(), z.int()).meta({ description: 'The next offset of each topic.' }),
  eventsBehind: z.int(),
  secondsBehind: z.number(),
  stalledSeconds: z.number(),
  stopped: z.boolean(),
  error: z.string().nullable(),
});

const Point = z.object({
  at: Moment,
  eventsBehind: z.int(),
  secondsBehind: z.number(),
  eventsPerSecond: z.number(),
});

/** Trouble first. */
const states = ['stopped', 'stalled', 'unserved', 'behind', 'building', 'live'] as const;

const Projection = z.object({
  view: z.string().meta({ description: 'With its version, as in `parcels@2`.' }),
  name: z.string(),
  state: z.enum(states),
  active: z.string().nullable(),
  previous: z.string().nullable(),
  kept: z.array(z.string()),
  building: z
    .object({ generation: z.string(), lanes: z.int(), of: z.int(), owner: z.string().nullable() })
    .nullable()
    .meta({ description: 'Not complete; without an owner nobody builds it at the moment.' }),
  switchedAt: Moment.nullable(),
  eventsBehind: z.int(),
  secondsBehind: z.number(),
  stalledSeconds: z.number(),
  eventsPerSecond: z.number(),
  parked: z.int(),
  lastError: z.string().nullable(),
  lanes: z.array(Lane),
  trend: z.array(Point).meta({ description: 'A quarter of an hour, a point every 5 s.' }),
});
type Projection = z.input<typeof Projection>;

const AsOf = z.object({
  name: z.string(),
  time: Moment,
  builtAt: Moment.nullable(),
  views: z.array(z.object({ view: z.string(), generation: z.string() })),
});

export const projectionsQuery = query({
  name: 'ops-projections',
  summary: 'Every view: its generations, how far it is behind, and its lanes; trouble first',
  route: 'GET /v1/ops/projections',
  views: [],
  for: operator,
  input: z.object({}),
  example: {},
  output: z.object({ at: Moment, items: z.array(Projection), asOfs: z.array(AsOf) }),
  async answer(_, { operations: { system } }) {
    const snapshot = await system.snapshot();
    const items = snapshot.lags.map((lag) => ({
      ...shown(lag, snapshot, system.lanes),
      trend: system.trendOf(lag.view).map(({ at, ...point }) => ({ at: momentOf(at), ...point })),
    }));
    items.sort((a, b) => placeOf(a) - placeOf(b) || a.view.localeCompare(b.view));
    const asOfs = snapshot.asOfs.map(({ _id, time, builtAt, views }) => ({
      ...{ name: _id, time: time.toISOString(), views },
      builtAt: builtAt?.toISOString() ?? null,
    }));
    return { at: momentOf(snapshot.at), items, asOfs };
  },
});

/** The place in the list: views with parked events come before those that are only behind. */
const placeOf = ({ state, parked }: Projection): number =>
  Math.min(states.indexOf(state), parked > 0 ? states.indexOf('behind') - 0.5 : Infinity);

const stalledAfterSeconds = 10;
const behindAfterSeconds = 2;

function shown(
  lag: ViewLag,
  snapshot: SystemSnapshot,
  laneCount: number,
): Omit<Projection, 'trend'> {
  const { view, parked } = lag;
  const model = snapshot.models.find(({ _id }) => _id === view);
  const lanes = lanesOf(lag, snapshot);
  const building = model?.building ?? null;
  const builder = snapshot.leases.find(({ role }) => role === `builder:${view}`);
  const owner = building === null ? null : (builder?.owner ?? null);
  const loaded = snapshot.checkpoints.filter(({ generation }) => generation === building).length;
  const behind = behindOf(lag);
  const stalledSeconds = Math.max(0, ...lanes.map((lane) => lane.stalledSeconds));
  return {
    ...{ view, name: view.slice(0, view.lastIndexOf('@')), parked },
    state: stateOf({ lanes, active: model?.active ?? null, owner, ...behind, stalledSeconds }),
    active: model?.active ?? null,
    previous: model?.previous ?? null,
    kept: model?.kept ?? [],
    building:
      building === null ? null : { generation: building, lanes: loaded, of: laneCount, owner },
    switchedAt: model?.switchedAt?.toISOString() ?? null,
    ...{ ...behind, stalledSeconds, eventsPerSecond: rateOf(lag, snapshot) },
    lastError: lanes.find(({ error }) => error !== null)?.error ?? null,
    lanes,
  };
}

function stateOf(view: {
  lanes: Projection['lanes'];
  active: string | null;
  /** Who builds a generation. */
  owner: string | null;
  secondsBehind: number;
  stalledSeconds: number;
}): Projection['state'] {
  if (view.lanes.some(({ stopped }) => stopped)) return 'stopped';
  if (view.active === null) return view.owner === null ? 'unserved' : 'building';
  if (view.stalledSeconds > stalledAfterSeconds) return 'stalled';
  if (view.secondsBehind > behindAfterSeconds) return 'behind';
  return view.owner === null ? 'live' : 'building';
}

function lanesOf({ view, generation, lanes }: ViewLag, snapshot: SystemSnapshot) {
  const { leases, nodes, checkpoints } = snapshot;
  return lanes.map((lag): Projection['lanes'][number] => {
    const isOwn = (one: { lane: number }) => one.lane === lag.lane;
    const lease = leases.find((one) => one.role === `projector:${view}` && isOwn(one));
    const status = statusOf(nodes, lease?.url, view, lag.lane);
    const row = checkpoints.find((one) => one.generation === generation && isOwn(one));
    return {
      ...lag,
      owner: lease?.owner ?? null,
      url: lease?.owner ? lease.url : null,
      positions: row?.next ?? {},
      stopped: typeof status.stopped === 'string',
      error: status.stopped ?? status.trouble ?? null,
    };
  });
}

const Status = z.object({
  stopped: z.string().nullish(),
  trouble: z.string().nullish(),
});
const Views = z.object({
  views: z.record(
    z.string(),
    z.object({ lanes: z.array(Status.extend({ lane: z.int() })).nullish() }),
  ),
});

/** What the lane's owner says of it. */
function statusOf(
  nodes: readonly NodeReport[],
  url: string | undefined,
  view: string,
  lane: number,
): z.output<typeof Status> {
  const details = nodes.find((node) => node.url === url)?.details;
  const { data } = Views.safeParse(details);
  return data?.views[view]?.lanes?.find((one) => one.lane === lane) ?? {};
}
