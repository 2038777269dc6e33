import type { BenchOptions } from '../main.ts';
import { load, median, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, type Rig, startRig } from '../rig.ts';
import { fill } from './fill.ts';
import type { Pass } from './pass.ts';

/**
 * A full rebuild of the rankings from their events, against doing nothing with the same events
 * but reading and decoding them, which no rebuild can be faster than.
 */

const ways = ['read and decode', 'rebuild'] as const;
type Way = (typeof ways)[number];
type Round = Record<Way, Pass> & { round: number; load: number; ratio: number };

export async function benchRebuild({ rounds, events, profile }: BenchOptions): Promise<void> {
  const rig = await startRig({ ...(profile && { profile }) });
  try {
    await importMovies(rig);
    await progress.step(`Write ${events.toLocaleString('en')} votes`, () => fill(rig, events));
    const all: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const done: Partial<Record<Way, Pass>> = {};
      for (const way of ways) {
        const title = `${way}, round ${round} of ${rounds}`;
        done[way] = await progress.step(title, () => pass(rig, way, round));
      }
      const passes = done as Record<Way, Pass>;
      const ratio = rounded(passes.rebuild.eventsPerSecond / passes[ways[0]].eventsPerSecond);
      progress.say(`${passes.rebuild.eventsPerSecond} events/s, ${ratio} × read and decode`);
      all.push({ round, load: load(), ratio, ...passes });
    }
    await report(all);
  } finally {
    await rig.stop();
  }
}

async function importMovies(rig: Rig): Promise<void> {
  await rig.deploy('');
  await progress.step('Import the movies', async () => {
    const { url, end } = await rig.start('command-api/main.ts');
    await rig.run('scraper/main.ts', ['scraper/catalogue.csv'], { COMMAND_API_URL: url });
    await end();
  });
}

/** In a new process each time, so that none inherits another's memory or compiled code. */
const pass = async (rig: Rig, way: Way, round: number): Promise<Pass> => {
  const args = [way === 'rebuild' ? 'rebuild' : 'decode', `rankings.round${round}`];
  return JSON.parse(await rig.run('bench/rebuild/pass.ts', args, rig.profiled)) as Pass;
};

async function report(rounds: readonly Round[]): Promise<void> {
  const of = (way: Way, name: keyof Pass) => rounded(median(rounds.map((one) => one[way][name])));
  const measured = median(rounds.map(({ ratio }) => ratio));
  const medians = Object.fromEntries(
    ways.map((way) => [
      way,
      {
        events: of(way, 'events'),
        eventsPerSecond: of(way, 'eventsPerSecond'),
        cpuMicrosPerEvent: of(way, 'cpuMicrosPerEvent'),
        peakRssMb: of(way, 'peakRssMb'),
      },
    ]),
  );
  const head = ['', 'events', 'events/s', 'CPU µs/event', 'peak RSS MB', 'ratio'];
  const rows = ways.map((way) => [
    way,
    ...Object.values(medians[way] as object).map(String),
    way === 'rebuild' ? String(measured) : '',
  ]);
  progress.say(`\n${table(head, rows)}\n`);
  const target: Target = {
    what: 'rebuild of the rankings, times read and decode',
    wanted: '≥ 0.8',
    measured,
    met: measured >= 0.8,
  };
  await writeResults('rebuild', { what, medians, rounds }, [target]);
}

const what = {
  events: 'votes by 50,000 users on 1,000 movies, popular ones more often, and those movies',
  'read and decode': 'every event from the first to the last, data only, lane by lane',
  rebuild: 'the same, folded into one document per movie, stored in MongoDB, indexes built',
};
