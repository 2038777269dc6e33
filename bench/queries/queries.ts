import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signToken } from '#kernel/auth/tokens.ts';
import { moviesView } from '#schemas/movies/movies-view.ts';
import type { BenchOptions } from '../options.ts';
import type { Filling } from '../projections/fill.ts';
import { load, median, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, type Rig, type Server, startRig } from '../rig.ts';
import { versions } from '../versions.ts';
import { type Commands, startCommands } from './commands.ts';
import { type Measured, measureReads } from './measure.ts';
import { heavyUser, type MoviesToFill, type Route, routes, type UsersToFill } from './routes.ts';

/**
 * Measures every read route with few and with many movies, while votes go on. A hot answer is
 * compared with bare Express that gets a request and sends a body of the same size, a cold one
 * (which is computed) with a handler that reads one document by its id. The baselines run in one
 * process, each right before the route that is compared with it.
 */

type Row = { movies: number; name: string; kind: 'details' | 'page'; round: number } & Measured;
type OfSize = { movies: number; commands: Commands; rssMb: number; loopMs: number; rows: Row[] };

const libraries = ['express', 'mongodb'];
const ownTime = join(import.meta.dirname, 'own-time.ts');
const users = 50_000;
/** What the heavy user has; of reminders and plays nobody may have more. */
const hasVeryMany = { votes: 100_000, reminders: 1_000, plays: 20_000 };
const commandsPerSecond = 200;
const builtWithinMs = 600_000;

export async function benchQueries(options: BenchOptions) {
  const { rounds, seconds, movies, events, profile, routes: only } = options;
  const rig = await startRig({ ...(profile && { profile }) });
  const asked = routes.filter(({ name }) => only?.includes(name) ?? true);
  try {
    const sizes: OfSize[] = [];
    for (const count of movies) {
      sizes.push(await measureSize(rig, { movies: count, votes: events, rounds, seconds, asked }));
    }
    const measuredWith = await versions(rig.settings.MONGO_URL!, libraries);
    progress.say(`\n${tableOf(sizes)}\n`);
    const results = {
      what,
      versions: measuredWith,
      users,
      heavyUser: hasVeryMany,
      load: load(),
      sizes,
    };
    if (only) return;
    await writeResults('queries', results, targetsOf(sizes));
  } finally {
    await rig.stop();
  }
}

const what =
  'Answers a second from 8 connections, microseconds of processor time of the server for each, ' +
  'and latency; sizes by number of movies, all with the same votes.';

type Given = {
  movies: number;
  votes: number;
  rounds: number;
  seconds: number;
  asked: readonly Route[];
};

async function measureSize(
  rig: Rig,
  { movies, votes, rounds, seconds, asked }: Given,
): Promise<OfSize> {
  const prefix = `queries${movies}.`;
  const settings = { TOPIC_PREFIX: prefix, MONGO_DATABASE: `queries-${movies}` };
  await rig.deploy(prefix);
  await progress.step(`Append ${movies} movies and ${votes} votes`, async () => {
    const toFill: MoviesToFill = { prefix, movies };
    await rig.run('bench/queries/fill-movies.ts', [JSON.stringify(toFill)]);
    const filling: Filling = { prefix, count: votes, part: 0, parts: 1 };
    await rig.run('bench/projections/fill.ts', [JSON.stringify(filling)]);
    const usersToFill: UsersToFill = { prefix, ...hasVeryMany };
    await rig.run('bench/queries/fill-users.ts', [JSON.stringify(usersToFill)]);
  });
  const start = (name: string, more = {}) =>
    rig.start(`${name}/main.ts`, { ...settings, ...more }, builtWithinMs);
  const servers: Server[] = [];
  const noted = join(rig.dataDir, `${prefix}own-time.ndjson`);
  writeFileSync(noted, '');
  try {
    await progress.step('Start the services, and build the views', async () => {
      servers.push(await start('projectors'), await start('command-api'));
      const options = `${rig.profiled.NODE_OPTIONS ?? ''} --import ${ownTime}`;
      servers.push(await start('query-api', { NODE_OPTIONS: options, OWN_TIME_FILE: noted }));
      const collection = `${moviesView.name}.g1`;
      servers.push(
        await rig.start('bench/queries/plain.ts', { ...settings, COLLECTION: collection }),
      );
    });
    const [, commandApi, queryApi, plain] = servers as [Server, Server, Server, Server];
    const secret = rig.settings.AUTH_SECRET!;
    const sending = { url: commandApi.url, secret, perSecond: commandsPerSecond, movies: 1_000 };
    const stop = await startCommands(sending);
    const headersOf = {
      nobody: {},
      voter: await authorization('user0', 'viewer', secret),
      heavy: await authorization(heavyUser, 'viewer', secret),
      support: await authorization('sue', 'support', secret),
    };
    const rows: Row[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      for (const { name, kind, path, as = 'nobody' } of asked) {
        const title = `${movies} movies, ${name}, ${round === 0 ? 'warm up' : `round ${round}`}`;
        const read = { path, headers: headersOf[as], seconds: round === 0 ? 1 : seconds, noted };
        const measured = await progress.step(title, () =>
          measureReads(rig, { plain, queryApi }, read),
        );
        if (round > 0) rows.push({ movies, name, kind, round, ...measured });
      }
    }
    const all = rows.flatMap(({ cold, hot }) => [cold, hot]);
    const loopMs = median(all.map((one) => one.loopMs));
    return { movies, commands: await stop(), rssMb: all.at(-1)!.rssMb, loopMs, rows };
  } finally {
    for (const server of servers) await server.end();
  }
}

const authorization = async (user: string, role: string, secret: string) => {
  const token = await signToken({ user, roles: [role], secret, ttlSeconds: 36_000 });
  return { authorization: `Bearer ${token}` };
};

type Ratios = { movies: number; name: string; kind: Row['kind']; hot: number; cold: number } & {
  coldMicros: number;
  coldP99Ms: number;
  hotMicros: number;
  loopMs: number;
  ownMs: number;
};

/** The medians of all rounds of a route. */
function ratiosOf({ movies, rows }: OfSize): Ratios[] {
  const measured = routes.filter(({ name }) => rows.some((row) => row.name === name));
  return measured.map(({ name, kind }) => {
    const rounds = rows.filter((row) => row.name === name);
    const of = (value: (row: Row) => number) => rounded(median(rounds.map(value)));
    return {
      ...{ movies, name, kind },
      hot: of(({ hot, bytes }) => bytes.cpuMicros / hot.cpuMicros),
      cold: of(({ cold, document }) => document.cpuMicros / cold.cpuMicros),
      hotMicros: of(({ hot }) => hot.cpuMicros),
      coldMicros: of(({ cold }) => cold.cpuMicros),
      coldP99Ms: of(({ cold }) => cold.p99Ms),
      loopMs: Math.max(...rounds.map(({ cold, hot }) => Math.max(cold.loopMs, hot.loopMs))),
      ownMs: Math.max(...rounds.map(({ cold, hot }) => Math.max(cold.ownMs, hot.ownMs))),
    };
  });
}

function tableOf(sizes: readonly OfSize[]): string {
  const head = ['route', 'movies', 'hot', 'cold', 'µs hot', 'µs cold', 'p99 ms'];
  const rows = sizes.flatMap(ratiosOf).map((one) => {
    const { name, movies, hot, cold, hotMicros, coldMicros, coldP99Ms } = one;
    const numbers = [movies, hot, cold, hotMicros, coldMicros, coldP99Ms, one.loopMs, one.ownMs];
    return [name, ...numbers.map(String)];
  });
  return table([...head, 'loop ms', 'own ms'], rows);
}

function targetsOf(sizes: readonly OfSize[]): Target[] {
  const all = sizes.flatMap(ratiosOf);
  const least = (name: 'hot' | 'cold', of: readonly Ratios[]) =>
    of.reduce((worst, one) => (one[name] < worst[name] ? one : worst));
  const atLeast = (wanted: number, name: 'hot' | 'cold', of: readonly Ratios[]): Target => {
    const worst = least(name, of);
    const what = `${name}, ${worst.kind}, worst: ${worst.name} of ${worst.movies} movies`;
    return {
      what,
      wanted: `at least ${wanted}`,
      measured: worst[name],
      met: worst[name] >= wanted,
    };
  };
  const isKind = (kind: Row['kind']) => all.filter((one) => one.kind === kind);
  const [few, many] = [sizes[0]!, sizes.at(-1)!].map(ratiosOf) as [Ratios[], Ratios[]];
  const slower = many.map((one, at) => {
    const ratio = one.coldMicros / few[at]!.coldMicros;
    return { what: `slower with many movies: ${one.name}`, ratio };
  });
  const slowest = slower.reduce((worst, one) => (one.ratio > worst.ratio ? one : worst));
  const loopMs = Math.max(...all.map((one) => one.loopMs));
  const ownMs = Math.max(...all.map((one) => one.ownMs));
  return [
    atLeast(0.6, 'hot', all),
    atLeast(0.7, 'cold', isKind('details')),
    atLeast(0.4, 'cold', isKind('page')),
    { ...slowest, wanted: 'at most 2', measured: slowest.ratio, met: slowest.ratio <= 2 },
    { what: 'event loop blocked, ms', wanted: 'at most 50', measured: loopMs, met: loopMs <= 50 },
    { what: '… by own work', wanted: 'at most 50', measured: ownMs, met: ownMs <= 50 },
  ];
}
