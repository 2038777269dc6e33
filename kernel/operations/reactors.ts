import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { Moment, momentOf } from '../moment.ts';
import { query } from '../query.ts';
import type { SystemSnapshot } from './system-watch.ts';

const Lane = z.object({
  lane: z.int(),
  owner: z.string().nullable(),
  url: z.string().nullable(),
  eventsBehind: z.int(),
  stopped: z.boolean(),
  error: z.string().nullable(),
});

const Reactor = z.object({
  name: z.string(),
  state: z.enum(['stopped', 'away', 'trying-again', 'behind', 'live']),
  topic: z.string().nullable().meta({ description: 'What it reads; null while no process tells.' }),
  eventsBehind: z.int(),
  eventsPerSecond: z.number(),
  commandsPerSecond: z.number().meta({ description: 'Commands of it that were answered.' }),
  parked: z.int(),
  lastError: z.string().nullable(),
  lanes: z.array(Lane),
});

export const reactorsQuery = query({
  name: 'ops-reactors',
  summary: 'Every reactor: how far it is behind, what it has parked, and its last error',
  route: 'GET /v1/ops/reactors',
  views: [],
  for: operator,
  input: z.object({}),
  example: {},
  output: z.object({ at: Moment, items: z.array(Reactor) }),
  async answer(_, { operations: { system } }) {
    const snapshot = await system.snapshot();
    const names = snapshot.leases.flatMap(({ role }) =>
      role.startsWith(prefix) ? [role.slice(prefix.length)] : [],
    );
    const items = [...new Set(names)].sort().map((name) => shown(name, snapshot));
    return { at: momentOf(snapshot.at), items };
  },
});

const prefix = 'reactor:';

// Processes of an earlier release tell no topic and no rates.
const Report = z.object({
  topic: z.string().nullish(),
  eventsPerSecond: z.number().default(0),
  commandsPerSecond: z.number().default(0),
  trouble: z.string().nullable(),
  parked: z.int(),
  lanes: z
    .array(
      z.object({
        lane: z.int(),
        eventsBehind: z.int(),
        stopped: z.string().nullish(),
        trouble: z.string().nullish(),
      }),
    )
    .default([]),
});

function shown(name: string, { leases, nodes }: SystemSnapshot): z.input<typeof Reactor> {
  const reports = nodes.flatMap(({ url, details }) => {
    const { data } = Report.safeParse(details?.[name]);
    return data ? [{ url, ...data }] : [];
  });
  const own = leases.filter(({ role }) => role === `${prefix}${name}`);
  const lanes = own.map(({ lane, owner, url }) => {
    const statusAt = (report: (typeof reports)[number]) =>
      report.lanes.find((one) => one.lane === lane);
    const owners = reports.find((report) => report.url === url);
    const status = owners && statusAt(owners);
    const [any] = reports.flatMap((report) => statusAt(report) ?? []);
    return {
      ...{ lane, owner, url: owner === null ? null : url },
      eventsBehind: (status ?? any)?.eventsBehind ?? 0,
      stopped: typeof status?.stopped === 'string',
      error: status?.stopped ?? status?.trouble ?? null,
    };
  });
  const eventsBehind = lanes.reduce((sum, lane) => sum + lane.eventsBehind, 0);
  const trouble = reports.find((report) => report.trouble !== null)?.trouble ?? null;
  const lastError = lanes.find(({ error }) => error !== null)?.error ?? trouble;
  const state = lanes.some(({ stopped }) => stopped)
    ? 'stopped'
    : reports.length === 0
      ? 'away'
      : lastError !== null
        ? 'trying-again'
        : eventsBehind > 0
          ? 'behind'
          : 'live';
  return {
    ...{ name, state, eventsBehind, lastError, lanes },
    topic: reports.find(({ topic }) => topic)?.topic ?? null,
    // Each process tells the rate of the whole reactor, and of its own commands.
    eventsPerSecond: Math.max(0, ...reports.map((report) => report.eventsPerSecond)),
    commandsPerSecond: reports.reduce((sum, report) => sum + report.commandsPerSecond, 0),
    parked: reports[0]?.parked ?? 0,
  };
}
