import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { signToken } from '#kernel/auth/tokens.ts';
import { seeded } from '../random.ts';
import { rounded, type Target } from '../results.ts';
import { progress, type Rig } from '../rig.ts';
import type { Running } from './contenders.ts';
import { measure } from './measure.ts';

/**
 * Imports whole catalogues with `POST /v1/movies:import`: the default one, a large one, and one
 * beside which users vote one by one.
 */

export type Imported = {
  movies: number;
  seconds: number;
  moviesPerSecond: number;
  /** Of single votes meanwhile; only of the last import. */
  votesPerSecond?: number;
  voteP50Ms?: number;
  voteP99Ms?: number;
};

const large = 100_000;
const beside = { movies: 60_000, connections: 8, perSecond: 100, seconds: 6 };
/** Below the API's limit of 16 MiB a request. */
const partBytes = 15 * 2 ** 20;
const catalogue = join(import.meta.dirname, '..', '..', 'scraper', 'catalogue.csv');

type Titles = { title: string; description: string; director: string }[];

/** @param one whose log holds none of these movies. */
export async function measureImports(rig: Rig, one: Running): Promise<Imported[]> {
  const secret = rig.settings.AUTH_SECRET as string;
  const { url } = one.server;
  const token = await signToken({ user: 'bench', roles: ['catalogue'], secret, ttlSeconds: 3_600 });
  const titles = await titlesOf(catalogue);
  const measured: Imported[] = [];
  for (const [name, count] of [['small', titles.length] as const, ['large', large] as const]) {
    const parts = [...partsOf(titles, name, count)];
    const title = `Import ${count.toLocaleString('en')} movies`;
    const imported = await progress.step(title, () => importAll(url, token, parts, count));
    measured.push(imported);
  }
  const parts = [...partsOf(titles, 'beside', beside.movies)];
  const { connections, perSecond, seconds } = beside;
  const votes = { ...{ secret, seconds, connections, perSecond }, ...voters };
  const [imported, voted] = await progress.step('Import beside single votes', () =>
    Promise.all([importAll(url, token, parts, beside.movies), measure(rig, one, votes)]),
  );
  const { requestsPerSecond, p50Ms, p99Ms } = voted;
  const voting = { votesPerSecond: requestsPerSecond, voteP50Ms: p50Ms, voteP99Ms: p99Ms };
  measured.push({ ...imported, ...voting });
  return measured;
}

/** Votes on the movies that every contender has. */
const voters = { movies: 1_000, moviesOfUser: 100, users: 'beside-import' };

async function titlesOf(file: string): Promise<Titles> {
  const rows = parse(await readFile(file), { columns: true, bom: true }) as Record<
    string,
    string
  >[];
  return rows.map(({ Title = '', Description = '', Director = '' }) => {
    return { title: Title, description: Description, director: Director };
  });
}

/** Sends new movies as NDJSON, in as many requests as their size needs. */
function* partsOf(titles: Titles, name: string, count: number): Generator<string> {
  const random = seeded(count);
  let lines: string[] = [];
  let bytes = 0;
  for (let at = 0; at < count; at += 1) {
    const { title, ...like } = titles[at % titles.length] as Titles[number];
    const facts = { genres: ['Drama', 'Comedy'], actors: ['A. Actor', 'B. Actor', 'C. Actor'] };
    const numbers = { year: 2006 + (at % 11), runtimeMinutes: 90 + (at % 60), metascore: at % 101 };
    const rating = rounded(1 + 9 * random(), 2);
    const more = { rating, ratingVotes: at, revenueMillions: rounded(500 * random()) };
    const movie = { movieId: `${name}-${at}`, title: `${title} ${at}`, ...like, ...facts };
    const line = `${JSON.stringify({ ...movie, ...numbers, ...more })}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > partBytes) {
      yield lines.join('');
      lines = [];
      bytes = Buffer.byteLength(line);
    }
    lines.push(line);
  }
  yield lines.join('');
}

async function importAll(url: string, token: string, parts: string[], count: number) {
  const startedAt = performance.now();
  let added = 0;
  for (const [at, body] of parts.entries()) {
    const answer = await fetch(`${url}/v1/movies:import`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
        'idempotency-key': `bench-${count}-${at}`,
      },
      body,
    });
    const lines = (await answer.text()).trimEnd().split('\n');
    added += (JSON.parse(lines.at(-1) as string) as { added: number }).added;
  }
  if (added !== count) throw new Error(`${added} of ${count} movies were added.`);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { movies: count, seconds: rounded(seconds), moviesPerSecond: Math.round(count / seconds) };
}

export function importTargets([few, many, beside]: readonly Imported[]): Target[] {
  if (!few || !many) return [];
  return [
    {
      what: `import of ${few.movies} movies, in seconds`,
      wanted: '≤ 2',
      measured: few.seconds,
      met: few.seconds <= 2,
    },
    {
      what: `import of ${many.movies} movies, a second`,
      wanted: '≥ 15,000',
      measured: many.moviesPerSecond,
      met: many.moviesPerSecond >= 15_000,
    },
    ...(beside?.voteP99Ms === undefined ? [] : [besideTarget(beside.voteP99Ms)]),
  ];
}

const besideTarget = (p99Ms: number): Target => ({
  what: 'single votes beside an import, p99 in ms',
  ...{ wanted: '≤ 100', measured: p99Ms, met: p99Ms <= 100 },
});
