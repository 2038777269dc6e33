import type { BenchOptions } from '../options.ts';
import type { MoviesToFill } from '../queries/routes.ts';
import { load, median, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, type Rig, startRig } from '../rig.ts';
import { versions } from '../versions.ts';
import { checkLimits, type Listened, measureOurs, measurePlain } from './measure.ts';

/**
 * Measures how soon the clients of `/v1/live` hear of votes, and what a client and a message cost
 * the node; beside bare Node that sends as many messages of the same size to as many clients.
 */

const prefix = 'live.';
const settings = { TOPIC_PREFIX: prefix, MONGO_DATABASE: 'live' };
const movies = 1_000;
const warmUpSeconds = 10;

type Round = { round: number; ours: Listened; plain: Listened };

export async function benchLive(options: BenchOptions): Promise<void> {
  await checkLimits(options.clients);
  const rig = await startRig(options);
  try {
    await rig.deploy(prefix);
    const toFill: MoviesToFill = { prefix, movies };
    await rig.run('bench/queries/fill-movies.ts', [JSON.stringify(toFill)]);
    const rounds = await measureRounds(rig, options);
    progress.say(`\n${tableOf(rounds)}\n`);
    const measuredWith = await versions(rig.settings.MONGO_URL!, ['express', 'mongodb']);
    const { clients, votes } = options;
    const results = { what, versions: measuredWith, load: load(), clients, votes, rounds };
    await writeResults('live', results, targetsOf(rounds, votes));
  } finally {
    await rig.stop();
  }
}

const what =
  'Milliseconds from the answer of a vote to the event at a client, at every client; memory of ' +
  'the node; and its processor time for a message to one client. Of ten clients four follow the ' +
  'rankings, three movies and rankings, two their own votes, and one rankings and own votes.';

async function measureRounds(rig: Rig, options: BenchOptions): Promise<Round[]> {
  const { clients, votes: perSecond, seconds } = options;
  const projectors = await rig.start('projectors/main.ts', settings);
  const commandApi = await rig.start('command-api/main.ts', settings);
  const rounds: Round[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const given = { clients, perSecond, seconds, warmUpSeconds };
    const users = `voter-${round}`;
    const ours = await measureOurs(rig, commandApi, settings, { ...given, users });
    const plain = await measurePlain(rig, ours, { ...given, users, warmUpSeconds: 2 });
    rounds.push({ round, ours, plain });
  }
  await commandApi.end();
  await projectors.end();
  return rounds;
}

const tableOf = (rounds: readonly Round[]): string =>
  table(
    ['round', 'heard p50', 'p99 ms', 'own p50', 'p99 ms', 'messages/s', 'µs each', 'KB/client'],
    rounds.flatMap(({ round, ours, plain }) =>
      Object.entries({ ours, 'bare Node': plain }).map(([name, one]) => [
        `${round}, ${name}`,
        ...[one.rankings.p50Ms, one.rankings.p99Ms, one.own.p50Ms, one.own.p99Ms].map(shown),
        ...[one.messagesPerSecond, rounded(one.cpuMicros), one.kbPerClient].map(shown),
      ]),
    ),
  );

const shown = (number: number | null) => String(number ?? '');

function targetsOf(rounds: readonly Round[], votes: number): Target[] {
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  const most = (what: string, limit: number, measured: number): Target => ({
    ...{ what, wanted: `at most ${limit}`, measured, met: measured <= limit },
  });
  const perSecond = of(({ ours }) => ours.votesPerSecond);
  const lost = ({ ours }: Round) => ours.missed + ours.broken + ours.refused;
  return [
    {
      ...{ what: 'votes a second', wanted: `at least ${0.95 * votes}`, measured: perSecond },
      met: perSecond >= 0.95 * votes,
    },
    most(
      'rankings: from the answer to the event, p50 ms',
      250,
      of((one) => one.ours.rankings.p50Ms),
    ),
    most(
      'rankings: the same, p99 ms',
      1_000,
      of((one) => one.ours.rankings.p99Ms),
    ),
    most(
      'own votes: the same, p50 ms',
      250,
      of((one) => one.ours.own.p50Ms),
    ),
    most(
      'own votes: the same, p99 ms',
      1_000,
      of((one) => one.ours.own.p99Ms),
    ),
    most(
      'memory of a client, × bare Node',
      2,
      of((one) => one.ours.kbPerClient / one.plain.kbPerClient),
    ),
    most(
      'processor time of a message, × bare Node',
      1.5,
      of((one) => one.ours.cpuMicros / one.plain.cpuMicros),
    ),
    most(
      'votes that a client was not told, streams that broke, votes refused',
      0,
      Math.max(...rounds.map(lost)),
    ),
  ];
}
