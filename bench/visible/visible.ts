import type { BenchOptions } from '../options.ts';
import { load, median, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, type Rig, startRig } from '../rig.ts';
import { versions } from '../versions.ts';
import { importMovies } from '../votes-rig.ts';
import { measureVisible, type Pipeline, prefixOf, type Visible } from './measure.ts';

/** Measures reads of fresh writes, beside the least that does the same with the same packages. */

type Round = { round: number; load: number; rates: Record<Pipeline, Visible>[] };

export async function benchVisible(options: BenchOptions): Promise<void> {
  const { rounds, perSecond, readEvery, profile } = options;
  const rig = await startRig({ ...(profile && { profile }) });
  try {
    await importMovies(rig, prefixOf('ours'));
    await rig.deploy(prefixOf('plain'));
    const all: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) all.push(await oneRound(rig, round, options));
    progress.say(`\n${tableOf(all)}\n`);
    const measuredWith = await versions(rig.settings.MONGO_URL!, ['mongodb', 'kafkajs', 'avsc']);
    const results = { what, versions: measuredWith, counts: { perSecond, readEvery }, rounds: all };
    await writeResults('visible', results, targetsOf(all));
  } finally {
    await rig.stop();
  }
}

async function oneRound(
  rig: Rig,
  round: number,
  { perSecond, readEvery }: BenchOptions,
): Promise<Round> {
  const rates: Round['rates'] = [];
  for (const rate of perSecond) {
    // The broker lives on, and is warm after the first measurement.
    const isFirst = round === 1 && rates.length === 0;
    const given = { perSecond: rate, readEvery, users: `${rate}-${round}`, isFirst };
    const seen = (pipeline: Pipeline) =>
      progress.step(`${rate} commands a second, and reads, ${pipeline}, round ${round}`, () =>
        measureVisible(rig, { ...given, pipeline }),
      );
    rates.push({ ours: await seen('ours'), plain: await seen('plain') });
  }
  return { round, load: load(), rates };
}

const what = {
  visible:
    'from the answer of a vote to the answer of GET /v1/me/votes that carries its token and ' +
    'shows the vote; votes are sent at a fixed rate, whatever answers take, and one of so many ' +
    '(readEvery) is read back; all services as processes, after 20 s of the same load, and 60 s ' +
    'the first time, since the broker lives on',
  plain:
    'the least that does this with the same packages: express and the same token check; one send ' +
    'of an idempotent kafkajs producer at a time, with all votes that wait; a kafkajs consumer ' +
    'that stores each batch in a transaction with its offset; and a read that looks every 5 ms ' +
    'whether its offset was passed. No fence, no decision, no key, no rankings, no parked events',
};

const tableOf = (rounds: readonly Round[]): string =>
  table(
    ['', 'votes/s', 'p50 ms', 'p99 ms', 'command p50', 'p99 ms', 'refused', 'cores of services'],
    rounds.flatMap(({ round, rates }) =>
      rates.flatMap((rate) =>
        Object.entries(rate).map(([pipeline, one]) => [
          `${round}, ${pipeline}`,
          ...[one.perSecond, one.visibleP50Ms, one.visibleP99Ms].map(String),
          ...[one.commandP50Ms, one.commandP99Ms, one.refused, coresOf(one)].map(String),
        ]),
      ),
    ),
  );

const coresOf = ({ cpu }: Visible) =>
  rounded(
    Object.values(cpu).reduce((sum, one) => sum + one, 0),
    2,
  );

function targetsOf(rounds: readonly Round[]): Target[] {
  const rates = rounds[0]?.rates ?? [];
  return rates.flatMap(({ ours: { perSecond } }, at) => {
    const times = (name: 'visibleP50Ms' | 'visibleP99Ms') =>
      median(rounds.map(({ rates }) => rates[at]!.ours[name] / rates[at]!.plain[name]));
    const most = (what: string, limit: number, measured: number): Target => ({
      ...{ what, wanted: `≤ ${limit}`, measured, met: measured <= limit },
    });
    const refused = Math.max(...rounds.map(({ rates }) => rates[at]!.ours.refused));
    return [
      most(`visible at ${perSecond}/s, p50, times the plain pipeline`, 1.5, times('visibleP50Ms')),
      most(`visible at ${perSecond}/s, p99, times the plain pipeline`, 2, times('visibleP99Ms')),
      most(`votes refused or not shown at ${perSecond}/s`, 0, refused),
    ];
  });
}
