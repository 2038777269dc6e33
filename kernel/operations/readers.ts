import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { Moment, momentOf } from '../moment.ts';
import { query } from '../query.ts';
import type { ReaderReport } from './nodes.ts';

const Copy = z.object({
  view: z.string(),
  generation: z.string().nullable().meta({ description: 'Null until it is loaded.' }),
  secondsBehind: z.number().nullable().meta({
    description: 'For how long it is not known to have seen all that the view has.',
  }),
});

/** Trouble first, as the list is sorted. */
const states = ['gone', 'away', 'not-ready', 'behind', 'slow', 'live'] as const;

const Reader = z.object({
  url: z.string(),
  state: z.enum(states),
  silentSeconds: z.number().meta({
    description: 'For how long it has not told that it is there, although it should have.',
  }),
  answerMs: z.int().nullable().meta({ description: 'How long it took to tell about itself.' }),
  secondsBehind: z.number().nullable().meta({ description: 'Of the copy that is most behind.' }),
  copies: z.array(Copy).meta({ description: 'The views that it keeps in memory.' }),
  trouble: z.string().nullable(),
});
type Reader = z.input<typeof Reader>;

export const readersQuery = query({
  name: 'ops-readers',
  summary: 'Every process that answers queries, also one that died; trouble first',
  route: 'GET /v1/ops/readers',
  views: [],
  for: operator,
  input: z.object({}),
  example: {},
  output: z.object({ at: Moment, items: z.array(Reader) }),
  async answer(_, { operations: { system } }) {
    const { at, readers } = await system.snapshot();
    const items = readers.flatMap(shown);
    const urgency = ({ state }: Reader) => states.indexOf(state);
    items.sort((a, b) => urgency(a) - urgency(b) || a.url.localeCompare(b.url));
    return { at: momentOf(at), items };
  },
});

const behindAfterSeconds = 2;
const slowAfterMs = 500;

// Parts are missing in what a process tells before it is open, or while it stops.
const Details = z.object({
  readModels: z.boolean().default(false),
  copies: z.array(Copy).default([]),
  stopping: z.boolean().default(false),
  clock: z.string().nullish(),
});

function shown({ url, silentMs, report }: ReaderReport): Reader[] {
  const { data } = Details.safeParse(report?.details ?? {});
  const { readModels = false, copies = [], stopping = false, clock } = data ?? {};
  // It says itself that it goes.
  if (stopping) return [];
  const behind = copies.flatMap(({ secondsBehind }) => secondsBehind ?? []);
  const secondsBehind = behind.length > 0 ? Math.max(...behind) : null;
  const isReady = report?.ready === true && readModels;
  const trouble = report?.trouble ?? clock ?? null;
  const about = { url, silentSeconds: Math.round(silentMs / 100) / 10, secondsBehind, copies };
  const told = { ...about, answerMs: report?.answerMs ?? null, trouble };
  return [{ ...told, state: stateOf(report, { isReady, secondsBehind }) }];
}

function stateOf(
  report: ReaderReport['report'],
  { isReady, secondsBehind }: { isReady: boolean; secondsBehind: number | null },
): Reader['state'] {
  if (!report) return 'gone';
  if (!report.details) return 'away';
  if (!isReady) return 'not-ready';
  if ((secondsBehind ?? 0) > behindAfterSeconds) return 'behind';
  return (report.answerMs ?? 0) > slowAfterMs ? 'slow' : 'live';
}
