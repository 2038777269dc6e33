import type { BenchOptions } from '../options.ts';
import { load, readResults, type Target, writeResults } from '../results.ts';
import { lanes, progress, type Rig, startRig } from '../rig.ts';
import { peerVersions, versions } from '../versions.ts';
import { batchTargets, measureBatches, type OnBatches } from './batches.ts';
import { commitOf } from './beside.ts';
import {
  contenders as allContenders,
  type Contenders,
  type Name,
  type Peer,
  type Running,
  startContenders,
} from './contenders.ts';
import { type Imported, importTargets, measureImports } from './imports.ts';
import { type Load, type Measured, measure, prepare } from './measure.ts';
import {
  type Case,
  type CaseResult,
  type Round,
  summaryOf,
  tableOf,
  targetsOf,
  withCases,
} from './report.ts';
import { measureStreams, type OnStreams, streamTargets } from './streams.ts';

/**
 * Measures votes by many users on all movies, each of which changes state. The command API is
 * compared with services that do less, and with services that decide with another event store.
 */

export const parts = ['changes', 'first-votes', 'batches', 'imports', 'streams'] as const;
type Part = (typeof parts)[number];

/** What is kept in bench/results/commands.json; a run of some parts leaves the others. */
type Results = {
  cases: CaseResult[];
  batches: OnBatches[];
  imports: Imported[];
  onStreams: OnStreams[];
};

const movies = 1_000;
/** Votes that are changed in turn: enough that a stream has few events, whoever is faster. */
const changedVotes = 2_560;
/** The number of connections that first votes and the warm-up are measured with. */
const usual = 64;
const libraries = ['express', 'jose', 'kafkajs', 'mongodb', 'avsc'];

export async function benchCommands(options: BenchOptions): Promise<void> {
  const measured = new Set((options.only ?? parts) as Part[]);
  const rig = await startRig({ ...(options.profile && { profile: options.profile }) });
  try {
    const now: Partial<Results> = {};
    const cases = casesOf(measured, options.connections);
    if (cases.length > 0 || measured.has('batches') || measured.has('imports')) {
      const contenders = await startContenders(
        rig,
        cases.length > 0 ? peersOf(options) : [],
        cases.length > 0 ? options.beside : undefined,
      );
      try {
        now.cases = await measureCases(rig, contenders, cases, options);
        const ours = contenders.all.at(-1)!;
        const made = await from();
        if (measured.has('batches')) {
          const batches = await measureBatches(rig, ours, options);
          now.batches = batches.map((one) => ({ ...made, ...one }));
        }
        if (measured.has('imports')) {
          const imports = await measureImports(rig, ours);
          now.imports = imports.map((one) => ({ ...made, ...one }));
        }
        await keep(rig, now, options);
      } finally {
        await contenders.end();
      }
    }
    if (measured.has('streams')) {
      const onStreams: OnStreams[] = [];
      for (const count of options.streams) {
        onStreams.push({ ...(await from()), ...(await measureStreams(rig, count, options)) });
      }
      await keep(rig, { onStreams }, options);
    }
  } finally {
    await rig.stop();
  }
}

/** Of when, of which code and with how many lanes a part was measured. */
const from = async () => ({
  date: new Date().toISOString(),
  commit: await commitOf('HEAD').catch(() => 'unknown'),
  lanes,
});

const peersOf = ({ contenders }: BenchOptions) =>
  (Object.keys(allContenders) as Peer[]).filter((name) => contenders?.includes(name) ?? true);

const casesOf = (measured: ReadonlySet<Part>, connections: readonly number[]): Case[] => [
  ...(measured.has('changes')
    ? connections.map((count) => ({ connections: count, workload: 'changes' as const }))
    : []),
  ...(measured.has('first-votes')
    ? [{ connections: usual, workload: 'first votes' as const }]
    : []),
];

async function measureCases(
  rig: Rig,
  { all }: Contenders,
  cases: readonly Case[],
  { rounds, seconds, warmUp }: BenchOptions,
): Promise<CaseResult[]> {
  const given = { secret: rig.settings.AUTH_SECRET as string, movies };
  for (const one of cases.length > 0 ? all : []) {
    const early = { ...given, ...changesBy(usual), users: 'early', seconds: warmUp };
    await progress.step(`Warm up ${one.name}`, () => measure(rig, one, early));
  }
  const results: CaseResult[] = [];
  for (const { connections, workload } of cases) {
    const done: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const own = workload === 'changes' ? changesBy(connections) : firstVotesBy(connections);
      const users = `${workload.slice(0, 2)}${connections}-${round}`;
      const measured: { [name in Name]?: Measured } = {};
      for (const one of all) {
        const title = `${one.name}, ${connections} connections, ${workload}, round ${round}`;
        measured[one.name] = await progress.step(title, () =>
          measureOne(rig, one, { ...given, ...own, users, seconds }, workload),
        );
      }
      done.push({ round, load: load(), measured });
    }
    const result = {
      ...{ connections, workload, ...(await from()) },
      ...{ contenders: summaryOf(done), rounds: done },
    };
    progress.say(`\n${tableOf([result])}\n`);
    results.push(result);
  }
  return results;
}

const changesBy = (connections: number) => ({
  connections,
  moviesOfUser: Math.min(movies, Math.ceil(changedVotes / connections)),
});

const firstVotesBy = (connections: number) => ({ connections, moviesOfUser: movies });

async function measureOne(
  rig: Rig,
  one: Running,
  given: Omit<Load, 'url'>,
  workload: Case['workload'],
): Promise<Measured> {
  if (workload === 'first votes' || !one.decides) return measure(rig, one, given);
  await prepare(rig, one, given);
  return measure(rig, one, { ...given, liked: true });
}

/** Writes what was measured, and what an earlier run has measured of the rest. */
async function keep(rig: Rig, now: Partial<Results>, { beside }: BenchOptions): Promise<void> {
  const before = await readResults<Results>('commands');
  const results: Results = {
    cases: withCases(before?.cases ?? [], now.cases ?? []),
    batches: now.batches ?? before?.batches ?? [],
    imports: now.imports ?? before?.imports ?? [],
    onStreams: now.onStreams ?? before?.onStreams ?? [],
  };
  const targets: Target[] = [
    ...targetsOf(results.cases),
    ...batchTargets(results.batches),
    ...importTargets(results.imports),
    ...streamTargets(results.onStreams),
  ];
  const measuredWith = {
    ...(await versions(rig.settings.MONGO_URL!, libraries)),
    peers: peerVersions(),
  };
  const described = { ...what, ...(beside && { beside: `the command API of ${beside}` }) };
  await writeResults('commands', { what: described, versions: measuredWith, ...results }, targets);
}

const what = {
  requests: 'PUT /v1/movies/{id}/vote by as many users as connections, each changing something',
  changes: `${changedVotes} votes that exist are changed in turn`,
  'first votes': 'each user votes on movies that it never voted on',
  ...Object.fromEntries(
    Object.entries(allContenders).map(([name, { what: does }]) => [name, does]),
  ),
  processorMs:
    'processor time for a request of the server and its stores, until they are idle again',
  ours: 'oursTimes and oursCost are medians of the ratios of each round',
  differences:
    'PostgreSQL syncs each commit to disk before it answers; Kafka with one replica has it in ' +
    'the page cache; only ours has idempotency keys, and one order of events for all readers',
  parts:
    'the load, one MongoDB and one Kafka broker, with both compilers of its JVM, on the machine',
};
