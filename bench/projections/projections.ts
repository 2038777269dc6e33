import { targetOf, writeChart } from '../chart.ts';
import type { BenchOptions } from '../options.ts';
import { load, rounded, writeResults } from '../results.ts';
import { progress, type Rig, startRig } from '../rig.ts';
import { versions } from '../versions.ts';
import { drop, importMovies } from '../votes-rig.ts';
import { type Case, cases, type Name, names } from './cases.ts';
import type { Filling } from './fill.ts';
import { barsOf, type Large, type Round, tableOf, what } from './report.ts';
import { movies } from './votes.ts';
import type { Given, Pass, Way } from './way.ts';

/** Measures rebuilds and live projection. */

const fillers = 2;
const peer = ['@event-driven-io/emmett', '@event-driven-io/emmett-mongodb'];
const libraries = ['mongodb', 'kafkajs', 'avsc', ...peer];

export async function benchProjections(options: BenchOptions): Promise<void> {
  const { rounds, profile } = options;
  const rig = await startRig({ ...(profile && { profile }) });
  try {
    await fillLogs(rig, options);
    const all: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      all.push(await oneRound(rig, round, options));
    }
    const large = options.large > 0 ? await measureLarge(rig, options) : undefined;
    const bars = barsOf(all, large);
    progress.say(`\n${tableOf(all)}\n`);
    await writeChart('projections', 'Projections: measured, and the target', bars);
    const measuredWith = await versions(rig.settings.MONGO_URL!, libraries);
    const { events, live, peer: appended } = options;
    const counts = { events, live, peer: appended };
    const results = { what, versions: measuredWith, counts, rounds: all, large };
    await writeResults('projections', results, bars.map(targetOf));
  } finally {
    await rig.stop();
  }
}

/** A log for rebuilds, and a smaller one for slower ways. */
async function fillLogs(rig: Rig, { events, live }: BenchOptions): Promise<void> {
  await fill(rig, 'votes.', events);
  await fill(rig, 'live.', live);
}

async function fill(rig: Rig, prefix: string, count: number): Promise<void> {
  await importMovies(rig, prefix);
  const parts = Array.from({ length: fillers }, (_, part) => part);
  await progress.step(`Write ${count.toLocaleString('en')} votes`, () =>
    Promise.all(
      parts.map((part) => {
        const filling: Filling = { prefix, count, part, parts: fillers };
        return rig.run('bench/projections/fill.ts', [JSON.stringify(filling)]);
      }),
    ),
  );
}

async function oneRound(rig: Rig, round: number, options: BenchOptions): Promise<Round> {
  const done: Partial<Record<Name, Pass>> = {};
  for (const name of names) {
    const title = `${name}, round ${round} of ${options.rounds}`;
    const pass = await progress.step(title, () => runCase(rig, name, options));
    progress.say(`  ${pass.eventsPerSecond} events/s, ${pass.cpuMicrosPerEvent} µs of CPU each`);
    done[name] = pass;
  }
  for (const name of names) await drop(rig, databaseOf(cases[name]));
  return { round, load: load(), passes: done as Record<Name, Pass> };
}

/** `insertSame` reads the documents from the database of the rebuild before it. */
const databaseOf = ({ way, view }: Case) =>
  `bench-${way === 'insertSame' ? 'rebuildView' : way}-${view}`;

function runCase(rig: Rig, name: Name, options: BenchOptions): Promise<Pass> {
  const { way, view, log } = cases[name];
  const database = databaseOf(cases[name]);
  const count = { votes: options.events, live: options.live, peer: options.peer }[log];
  const events = view === 'rankings' ? count + movies : count;
  return run(rig, way, { view, prefix: log === 'votes' ? 'votes.' : 'live.', events, database });
}

/** Each pass runs in a new process, without the memory and compiled code of another. */
const run = async (rig: Rig, way: Way, given: Given): Promise<Pass> => {
  const args = [way, JSON.stringify(given)];
  return JSON.parse(await rig.run('bench/projections/pass.ts', args, rig.profiled)) as Pass;
};

/** Rebuilds the view from few and from many events, one right after the other. */
async function measureLarge(rig: Rig, { events, large }: BenchOptions): Promise<Large> {
  await fill(rig, 'large.', large);
  const database = 'bench-large';
  const pass = async (title: string, way: Way, prefix: string, votes: number) => {
    const given: Given = { view: 'rankings', prefix, events: votes + movies, database };
    const done = await progress.step(`${title} ${votes.toLocaleString('en')} votes`, () =>
      run(rig, way, given),
    );
    await drop(rig, database);
    return done;
  };
  const few = await pass('Rebuild the rankings of', 'rebuildView', 'votes.', events);
  const many = await pass('Rebuild the rankings of', 'rebuildView', 'large.', large);
  const decoded = await pass('Read and decode', 'decode', 'large.', large);
  const ratio = rounded(many.eventsPerSecond / few.eventsPerSecond);
  return { load: load(), few, many, decoded, ratio };
}
