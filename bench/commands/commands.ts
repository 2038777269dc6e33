import type { BenchOptions } from '../options.ts';
import { load, median, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, type Rig, type Server, startRig } from '../rig.ts';
import { versions } from '../versions.ts';
import { importTargets, measureImports } from './imports.ts';
import { type Load, type Measured, measure } from './measure.ts';
import { measureStreams, type OnStreams, streamTargets } from './streams.ts';

/**
 * Measures votes by many users on all movies, each of which changes state. The command API is
 * compared with two services that do less: one only checks the token and answers, the other one
 * sends an event for each request without a decision.
 */

const contenders = ['express', 'send-per-request', 'send-in-order', 'command-api'] as const;
type Contender = (typeof contenders)[number];

/** Users who change their votes, and users who vote on a movie for the first time. */
const workloads = {
  changes: { moviesOfUser: 10 },
  'first votes': { moviesOfUser: 1_000 },
} as const;
type Workload = keyof typeof workloads;

type Case = { connections: number; workload: Workload };
type Round = Case & Record<Contender, Measured> & { round: number; load: number };

const movies = 1_000;
/** Long enough for Node's and the JVM's compilers; the JVM takes longest for transactions. */
const warmUp = { connections: 64, seconds: 15 };
const warmUpOfTransactions = { ...warmUp, seconds: 60 };
const libraries = ['express', 'jose', 'kafkajs', 'mongodb', 'avsc'];
/** The number of connections that is measured with first votes too. */
const usual = 64;

export async function benchCommands(options: BenchOptions): Promise<void> {
  const { rounds, connections, seconds, streams, profile } = options;
  const rig = await startRig({ ...(profile && { profile }) });
  try {
    const servers = await progress.step('Start the services', () => startAll(rig));
    const loadOn = (who: Contender, given: Omit<Load, 'url' | 'secret' | 'movies'>) => {
      const secret = rig.settings.AUTH_SECRET as string;
      return measure(rig, servers[who], { secret, movies, ...given });
    };
    for (const who of contenders) {
      const long = who === 'command-api' ? warmUpOfTransactions : warmUp;
      const given = { ...long, ...workloads.changes, users: 'early' };
      await progress.step(`Warm up ${who}`, () => loadOn(who, given));
    }
    const all: Round[] = [];
    for (const { connections: count, workload } of casesOf(connections)) {
      for (let round = 1; round <= rounds; round += 1) {
        const measured: Partial<Record<Contender, Measured>> = {};
        for (const who of contenders) {
          const title = `${who}, ${count} connections, ${workload}, round ${round} of ${rounds}`;
          const users = `${workload.slice(0, 2)}${count}-${round}`;
          const given = { connections: count, seconds, users, ...workloads[workload] };
          measured[who] = await progress.step(title, () => loadOn(who, given));
        }
        const done = measured as Record<Contender, Measured>;
        progress.say(
          `${done['command-api'].requestsPerSecond}/s, ${ratio(done, 'send-per-request')} × a ` +
            `send per request, ${ratio(done, 'express')} × express`,
        );
        all.push({ connections: count, workload, round, load: load(), ...done });
      }
    }
    const medians = casesOf(connections).map((one) => mediansOf(one, all));
    progress.say(`\n${tableOf(medians)}\n`);
    const imports = await measureImports(rig, servers['command-api'].url);
    for (const server of Object.values(servers)) await server.end();
    const onStreams: OnStreams[] = [];
    for (const count of streams) {
      onStreams.push(await measureStreams(rig, count, { rounds, seconds }));
    }
    const measuredWith = await versions(rig.settings.MONGO_URL!, libraries);
    const results = { what, versions: measuredWith, medians, imports, onStreams, rounds: all };
    await writeResults('commands', results, [
      ...targetsOf(medians),
      ...importTargets(imports),
      ...streamTargets(onStreams),
    ]);
  } finally {
    await rig.stop();
  }
}

const casesOf = (connections: readonly number[]): Case[] => [
  ...connections.map((count) => ({ connections: count, workload: 'changes' as const })),
  ...connections
    .filter((count) => count === usual)
    .map((count) => ({ connections: count, workload: 'first votes' as const })),
];

const ratio = (round: Record<Contender, Measured>, other: Contender) =>
  rounded(round['command-api'].requestsPerSecond / round[other].requestsPerSecond);

async function startAll(rig: Rig): Promise<Record<Contender, Server>> {
  await Promise.all([rig.deploy(''), rig.deploy('naive.')]);
  const { profiled } = rig;
  const ours = await rig.start('command-api/main.ts', profiled);
  await rig.run('scraper/main.ts', ['scraper/catalogue.csv'], { COMMAND_API_URL: ours.url });
  const naive = { TOPIC_PREFIX: 'naive.', ...profiled };
  return {
    express: await rig.start('bench/commands/express.ts', profiled),
    'send-per-request': await rig.start('bench/commands/send-per-request.ts', naive),
    'send-in-order': await rig.start('bench/commands/send-per-request.ts', {
      ...naive,
      IN_ORDER: 'yes',
    }),
    'command-api': ours,
  };
}

const what = {
  requests: 'PUT /v1/movies/{id}/vote by as many users as connections, each changing something',
  changes: 'each user likes 10 movies, then dislikes them, and so on',
  'first votes': 'each user likes movies that it never voted on',
  express: 'the same token check, and an answer of the same size',
  'send-per-request': 'the same token check, and a kafkajs send (acks all) of the same event',
  'send-in-order': 'the same with an idempotent producer, which allows one send at a time',
  cpu: 'cores that the server, Kafka, MongoDB and other programs on the machine used',
  parts:
    'the load, one MongoDB and one Kafka broker, with both compilers of its JVM, on the machine',
};

type Medians = Case &
  Record<Contender, Measured> & {
    againstSend: number;
    againstSendInOrder: number;
    againstExpress: number;
  };

function mediansOf({ connections, workload }: Case, all: readonly Round[]): Medians {
  const rounds = all.filter((one) => one.connections === connections && one.workload === workload);
  const of = (who: Contender): Measured => {
    const column = (name: keyof Measured) => rounded(median(rounds.map((one) => one[who][name])));
    return {
      requestsPerSecond: column('requestsPerSecond'),
      p50Ms: column('p50Ms'),
      p99Ms: column('p99Ms'),
      cpu: column('cpu'),
      kafkaCpu: column('kafkaCpu'),
      mongoCpu: column('mongoCpu'),
      othersCpu: column('othersCpu'),
      rssMb: column('rssMb'),
      transactions: column('transactions'),
      refused: Math.max(...rounds.map((round) => round[who].refused)),
    };
  };
  return {
    connections,
    workload,
    express: of('express'),
    'send-per-request': of('send-per-request'),
    'send-in-order': of('send-in-order'),
    'command-api': of('command-api'),
    againstSend: rounded(median(rounds.map((round) => ratio(round, 'send-per-request')))),
    againstSendInOrder: rounded(median(rounds.map((round) => ratio(round, 'send-in-order')))),
    againstExpress: rounded(median(rounds.map((round) => ratio(round, 'express')))),
  };
}

const units = ['requests/s', 'p50 ms', 'p99 ms', 'non-2xx', 'RSS MB', 'tx/s'];
const cores = ['CPU', 'Kafka', 'MongoDB', 'others'];

function tableOf(medians: readonly Medians[]): string {
  const rows = medians.flatMap((one) =>
    contenders.map((who) => {
      const { requestsPerSecond, p50Ms, p99Ms, refused, rssMb, transactions } = one[who];
      const { cpu, kafkaCpu, mongoCpu, othersCpu } = one[who];
      const measured = [requestsPerSecond, p50Ms, p99Ms, refused, rssMb, transactions];
      const numbers = [...measured, cpu, kafkaCpu, mongoCpu, othersCpu];
      const { againstSend, againstSendInOrder, againstExpress } = one;
      const against = [againstSend, againstSendInOrder, againstExpress];
      const ratios = who === 'command-api' ? against : ['', '', ''];
      return [who, `${one.connections} ${one.workload}`, ...[...numbers, ...ratios].map(String)];
    }),
  );
  return table(['', 'connections', ...units, ...cores, '× send', '× in order', '× express'], rows);
}

function targetsOf(medians: readonly Medians[]): Target[] {
  const at = (count: number) => medians.filter((one) => one.connections === count);
  const refused = Math.max(...medians.flatMap((one) => contenders.map((who) => one[who].refused)));
  return [
    ...at(64).map(({ workload, againstSend: measured }) => ({
      what: `64 connections, ${workload}, times a send per request`,
      wanted: '≥ 4',
      measured,
      met: measured >= 4,
    })),
    ...at(256).map(({ againstExpress: measured }) => ({
      what: '256 connections, times bare express',
      wanted: '≥ 0.6',
      measured,
      met: measured >= 0.6,
    })),
    ...at(1).map(({ 'command-api': { p50Ms: measured } }) => ({
      what: 'one caller alone, p50 in ms',
      wanted: '≤ 8',
      measured,
      met: measured <= 8,
    })),
    { what: 'answers that were not 2xx', wanted: '0', measured: refused, met: refused === 0 },
  ];
}
