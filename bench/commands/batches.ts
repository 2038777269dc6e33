import { signToken } from '#kernel/auth/tokens.ts';
import { median, rounded, type Target, table } from '../results.ts';
import { progress, type Rig } from '../rig.ts';
import type { Running } from './contenders.ts';
import { type Load, type Loaded, measure } from './measure.ts';

/**
 * One connection sends batches of 500 votes, one after the other, while other users vote one by
 * one.
 */

export type OnBatches = {
  votes: (typeof kinds)[number];
  commandsPerSecond: number;
  /** Of the batches. */
  p50Ms: number;
  p99Ms: number;
  /** Processor time of command-api, Kafka and MongoDB for a command, single votes included. */
  processorMs: number;
  /** Of the single votes meanwhile. */
  singlesPerSecond: number;
  singleP50Ms: number;
  singleP99Ms: number;
  refused: number;
};

/** Votes that change existing ones, and votes on streams that never were. */
const kinds = ['changes', 'first votes'] as const;
const movies = 1_000;
const singles = { connections: 8, perSecond: 100 };
/** For so many there are users enough: each votes on each movie once. */
const firstVotesPerSecond = 40_000;

/** The input of the process that sends the batches. */
export type BatchLoad = { url: string; tokens: string[]; seconds: number; movies: number };

type Options = { rounds: number; seconds: number };

export async function measureBatches(
  rig: Rig,
  one: Running,
  { rounds, seconds }: Options,
): Promise<OnBatches[]> {
  const all: OnBatches[] = [];
  for (const votes of kinds) {
    const rows: OnBatches[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const title = `${votes} in batches, round ${round} of ${rounds}`;
      const row = await progress.step(title, () => oneRound(rig, one, { votes, seconds, round }));
      if (round > 0) rows.push(row); // The first round only warms up.
    }
    all.push(medianOf(rows));
  }
  progress.say(`\n${tableOf(all)}\n`);
  return all;
}

type Round = { votes: OnBatches['votes']; seconds: number; round: number };

async function oneRound(rig: Rig, one: Running, { votes, seconds, round }: Round) {
  const secret = rig.settings.AUTH_SECRET as string;
  const count = votes === 'changes' ? 1 : Math.ceil((seconds * firstVotesPerSecond) / movies);
  const tokens = await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const user = `batches-${votes[0]}${round}-${n}`;
      return signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
    }),
  );
  const batches: BatchLoad = { url: one.server.url, tokens, seconds, movies };
  const batching = rig.run('bench/commands/batch-load.ts', [JSON.stringify(batches)]);
  const others: Omit<Load, 'url'> = {
    ...{ secret, seconds, movies, ...singles },
    ...{ moviesOfUser: 100, users: `single-${votes[0]}${round}` },
  };
  const [single, output] = await Promise.all([measure(rig, one, others), batching]);
  const { requestsPerSecond, p50Ms, p99Ms, refused } = JSON.parse(output) as Loaded;
  const { requestsPerSecond: singlesPerSecond } = single;
  const processorMs = single.processorMs * singlesPerSecond;
  return {
    ...{ votes, commandsPerSecond: requestsPerSecond, p50Ms, p99Ms },
    processorMs: rounded(processorMs / (requestsPerSecond + singlesPerSecond), 3),
    ...{ singlesPerSecond, singleP50Ms: single.p50Ms, singleP99Ms: single.p99Ms },
    refused: refused + single.refused,
  };
}

function medianOf(rows: readonly OnBatches[]): OnBatches {
  const of = (column: Exclude<keyof OnBatches, 'votes'>) =>
    rounded(median(rows.map((row) => row[column])), 3);
  return {
    ...{ votes: rows[0]!.votes, commandsPerSecond: of('commandsPerSecond') },
    ...{ p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), processorMs: of('processorMs') },
    ...{ singlesPerSecond: of('singlesPerSecond') },
    ...{ singleP50Ms: of('singleP50Ms'), singleP99Ms: of('singleP99Ms') },
    refused: Math.max(...rows.map(({ refused }) => refused)),
  };
}

const columns = ['commands/s', 'p50 ms', 'p99 ms', 'processor ms', 'singles/s', 'p50', 'p99'];

const tableOf = (all: readonly OnBatches[]) =>
  table(
    ['in batches', ...columns, 'non-2xx'],
    all.map(({ votes, ...numbers }) => [votes, ...Object.values(numbers).map(String)]),
  );

export const batchTargets = (all: readonly OnBatches[]): Target[] =>
  all.flatMap(({ votes, commandsPerSecond, singleP99Ms }) => [
    {
      what: `${votes} in batches over one connection, commands a second`,
      wanted: '≥ 20,000',
      measured: commandsPerSecond,
      met: commandsPerSecond >= 20_000,
    },
    {
      what: `single votes meanwhile (${votes}), p99 in ms`,
      wanted: '≤ 100',
      measured: singleP99Ms,
      met: singleP99Ms <= 100,
    },
  ]);
