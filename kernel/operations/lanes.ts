import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { Moment, momentOf } from '../moment.ts';
import { perSecond } from '../per-second.ts';
import { query } from '../query.ts';
import type { NodeReport } from './nodes.ts';
import type { SystemSnapshot } from './system-watch.ts';

const Latency = z.object({ p50: z.number(), p99: z.number() });

const Lane = z.object({
  lane: z.int(),
  owner: z.string().nullable(),
  url: z.string().nullable(),
  term: z.int(),
  leaseMs: z.int().meta({ description: 'What is left of the lease.' }),
  open: z.boolean(),
  waiting: z.int().meta({ description: 'Commands that wait.' }),
  transactionsPerSecond: z.number(),
  commandsPerSecond: z.number(),
  eventsPerSecond: z.number(),
  latencyMs: Latency.nullable().meta({ description: 'Of the last transactions.' }),
  inDoubt: z.int().meta({ description: 'Since the node has had the lane.' }),
  fenced: z.int().meta({ description: 'Since the node has had the lane.' }),
  failed: z.array(z.string()).meta({ description: 'Nodes that could not work it lately.' }),
  trouble: z.string().nullable(),
});

const Node = z.object({
  url: z.string(),
  roles: z.array(z.string()),
  ready: z.boolean(),
  reached: z.boolean(),
  trouble: z.string().nullable(),
});

export const lanesQuery = query({
  name: 'ops-lanes',
  summary: 'Who writes each lane and how fast, and every node that owns lanes of any kind',
  route: 'GET /v1/ops/lanes',
  views: [],
  for: operator,
  input: z.object({}),
  example: {},
  output: z.object({ at: Moment, items: z.array(Lane), nodes: z.array(Node) }),
  async answer(_, { operations: { system } }) {
    const snapshot = await system.snapshot();
    const items = Array.from({ length: system.lanes }, (_, lane) => shown(lane, snapshot));
    const nodes = snapshot.nodes.map(({ details, answerMs, ...node }) => ({
      ...node,
      reached: details !== null,
    }));
    return { at: momentOf(snapshot.at), items, nodes };
  },
});

const Status = z.object({
  lane: z.int(),
  open: z.boolean(),
  waiting: z.int(),
  transactions: z.int(),
  commands: z.int(),
  events: z.int(),
  inDoubt: z.int().default(0),
  fenced: z.int().default(0),
  latencyMs: Latency.nullable().default(null),
});
const Details = z.object({ lanes: z.array(Status) });

function statusOf({ nodes }: SystemSnapshot, url: string | undefined, lane: number) {
  const node: NodeReport | undefined = nodes.find((one) => one.url === url);
  const { data } = Details.safeParse(node?.details);
  return data?.lanes.find((one) => one.lane === lane);
}

function shown(lane: number, snapshot: SystemSnapshot): z.input<typeof Lane> {
  const lease = snapshot.leases.find((one) => one.role === 'writer' && one.lane === lane);
  const url = lease?.owner ? lease.url : undefined;
  const status = statusOf(snapshot, url, lane);
  const before = snapshot.before && statusOf(snapshot.before, url, lane);
  const ms = snapshot.before ? snapshot.at - snapshot.before.at : 0;
  const rate = (of: 'transactions' | 'commands' | 'events') =>
    status && before ? perSecond(status[of] - before[of], ms) : 0;
  return {
    ...{ lane, owner: lease?.owner ?? null, url: url ?? null, term: lease?.term ?? 0 },
    leaseMs: lease?.owner ? lease.restMs : 0,
    open: status?.open ?? false,
    waiting: status?.waiting ?? 0,
    transactionsPerSecond: rate('transactions'),
    commandsPerSecond: rate('commands'),
    eventsPerSecond: rate('events'),
    latencyMs: status?.latencyMs ?? null,
    inDoubt: status?.inDoubt ?? 0,
    fenced: status?.fenced ?? 0,
    failed: lease?.failed ?? [],
    trouble: troubleOf(snapshot, url, status !== undefined),
  };
}

function troubleOf({ nodes }: SystemSnapshot, url: string | undefined, isKnown: boolean) {
  if (url === undefined) return 'no node owns the lane';
  if (isKnown) return null;
  const trouble = nodes.find((node) => node.url === url)?.trouble;
  return trouble ? `its node gives no answer: ${trouble}` : 'its node is taking the lane';
}
