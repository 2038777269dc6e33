import { signToken } from '#kernel/auth/tokens.ts';
import { median, rounded, type Target, table } from '../results.ts';
import { progress, type Rig } from '../rig.ts';
import type { Running } from './contenders.ts';
import { type Load, type Loaded, measure } from './measure.ts';

/**
 * One connection sends batches of 500 items, one after the other, while other users vote one by
 * one.
 */

type Kind = {
  /** `POST /v1/me/LIST:batch` */
  list: 'votes' | 'reminders' | 'watched';
  /** So many items, all different, are what one user sends before the same ones come again. */
  itemsOfUser: number;
  /** Whether the same ones change something again. */
  changes: boolean;
};

const movies = 1_000;

/** Each movie is in the items of a user once, but a play is one of many of its movie. */
const kinds = {
  'votes that change': { list: 'votes', itemsOfUser: movies, changes: true },
  'first votes': { list: 'votes', itemsOfUser: movies, changes: false },
  'reminders that change': { list: 'reminders', itemsOfUser: movies, changes: true },
  // As many as a list holds.
  plays: { list: 'watched', itemsOfUser: 20 * movies, changes: false },
} as const satisfies Record<string, Kind>;
type Items = keyof typeof kinds;

export type OnBatches = {
  items: Items;
  itemsPerSecond: number;
  /** Of the batches. */
  p50Ms: number;
  p99Ms: number;
  /** Processor time of command-api, Kafka and MongoDB for an item, or for a single vote. */
  processorMs: number;
  /** Of the single votes meanwhile. */
  singlesPerSecond: number;
  singleP50Ms: number;
  singleP99Ms: number;
  refused: number;
};

const singles = { connections: 8, perSecond: 100 };
/** For so many there are users enough, where none may send the same items again. */
const mostPerSecond = 40_000;

/** The input of the process that sends the batches. */
export type BatchLoad = {
  url: string;
  tokens: string[];
  seconds: number;
  movies: number;
  list: Kind['list'];
  itemsOfUser: number;
};

type Options = { rounds: number; seconds: number };

export async function measureBatches(
  rig: Rig,
  one: Running,
  { rounds, seconds }: Options,
): Promise<OnBatches[]> {
  const all: OnBatches[] = [];
  for (const items of Object.keys(kinds) as Items[]) {
    const rows: OnBatches[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const title = `${items} in batches, round ${round} of ${rounds}`;
      const row = await progress.step(title, () => oneRound(rig, one, { items, seconds, round }));
      if (round > 0) rows.push(row); // The first round only warms up.
    }
    all.push(medianOf(rows));
  }
  progress.say(`\n${tableOf(all)}\n`);
  return all;
}

type Round = { items: Items; seconds: number; round: number };

async function oneRound(rig: Rig, one: Running, { items, seconds, round }: Round) {
  const secret = rig.settings.AUTH_SECRET as string;
  const { list, itemsOfUser, changes } = kinds[items];
  const name = `${items.replaceAll(' ', '-')}-${round}`;
  const count = changes ? 1 : Math.ceil((seconds * mostPerSecond) / itemsOfUser);
  const tokens = await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const user = `batches-${name}-${n}`;
      return signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
    }),
  );
  const batches: BatchLoad = { url: one.server.url, tokens, seconds, movies, list, itemsOfUser };
  const batching = rig.run('bench/commands/batch-load.ts', [JSON.stringify(batches)]);
  const others: Omit<Load, 'url'> = {
    ...{ secret, seconds, movies, ...singles },
    ...{ moviesOfUser: 100, users: `single-${name}` },
  };
  const [single, output] = await Promise.all([measure(rig, one, others), batching]);
  const { requestsPerSecond: itemsPerSecond, p50Ms, p99Ms, refused } = JSON.parse(output) as Loaded;
  const { requestsPerSecond: singlesPerSecond } = single;
  const processorMs = single.processorMs * singlesPerSecond;
  return {
    ...{ items, itemsPerSecond, p50Ms, p99Ms },
    processorMs: rounded(processorMs / (itemsPerSecond + singlesPerSecond), 3),
    ...{ singlesPerSecond, singleP50Ms: single.p50Ms, singleP99Ms: single.p99Ms },
    refused: refused + single.refused,
  };
}

function medianOf(rows: readonly OnBatches[]): OnBatches {
  const of = (column: Exclude<keyof OnBatches, 'items'>) =>
    rounded(median(rows.map((row) => row[column])), 3);
  return {
    ...{ items: rows[0]!.items, itemsPerSecond: of('itemsPerSecond') },
    ...{ p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), processorMs: of('processorMs') },
    ...{ singlesPerSecond: of('singlesPerSecond') },
    ...{ singleP50Ms: of('singleP50Ms'), singleP99Ms: of('singleP99Ms') },
    refused: Math.max(...rows.map(({ refused }) => refused)),
  };
}

const columns = ['items/s', 'p50 ms', 'p99 ms', 'processor ms', 'singles/s', 'p50', 'p99'];

const tableOf = (all: readonly OnBatches[]) =>
  table(
    ['in batches', ...columns, 'non-2xx'],
    all.map(({ items, ...numbers }) => [items, ...Object.values(numbers).map(String)]),
  );

export const batchTargets = (all: readonly OnBatches[]): Target[] =>
  all.flatMap(({ items, itemsPerSecond, singleP99Ms }) => [
    {
      what: `${items} in batches over one connection, a second`,
      wanted: '≥ 20,000',
      measured: itemsPerSecond,
      met: itemsPerSecond >= 20_000,
    },
    {
      what: `single votes meanwhile (${items}), p99 in ms`,
      wanted: '≤ 100',
      measured: singleP99Ms,
      met: singleP99Ms <= 100,
    },
  ]);
