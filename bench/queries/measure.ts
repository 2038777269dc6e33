import { readFileSync } from 'node:fs';
import { rounded } from '../results.ts';
import type { Rig, Server } from '../rig.ts';
import type { ReadLoad, Usage } from './load.ts';
import type { Noted } from './own-time.ts';

/** One kind of answer under load. */
export type Asked = {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the server for each answer, all else that it does meanwhile included. */
  cpuMicros: number;
  /** The longest time that its event loop stood still, waits for a core included. */
  loopMs: number;
  /** The longest time that it stood still and worked; 0 if that was never long, or isn't noted. */
  ownMs: number;
  rssMb: number;
  refused: number;
};

export type Measured = Record<'document' | 'cold' | 'bytes' | 'hot', Asked>;

type Given = {
  path: string;
  headers: Record<string, string>;
  seconds: number;
  /** Where the query API notes how long its event loop stands still. */
  noted: string;
};

const connections = 8;

/** Measures a route, and right before it what it is compared with. */
export async function measureReads(
  rig: Rig,
  { plain, queryApi }: { plain: Server; queryApi: Server },
  { path, headers, seconds, noted }: Given,
): Promise<Measured> {
  const first = await fetch(`${queryApi.url}${path}`, { headers });
  if (!first.ok) throw new Error(`${path} was answered with ${first.status}.`);
  const query = path.slice(path.split('?', 1)[0]!.length);
  const size = (await first.arrayBuffer()).byteLength;
  // A read with a token is always computed; views have seen this one already.
  const token = first.headers.get('consistency-token') ?? '';
  const ask = (server: Server, asked: string, more: Record<string, string> = {}) =>
    load(rig, server, { path: asked, headers: more, seconds, noted });
  return {
    document: await ask(plain, '/documents/m1'),
    cold: await ask(queryApi, path, { ...headers, 'consistency-token': token }),
    // By a request of the same size as well: long URLs and tokens cost bare Express something, too.
    bytes: await ask(plain, `/bytes/${size}${query}`, headers),
    hot: await ask(queryApi, path, headers),
  };
}

async function load(rig: Rig, server: Server, { noted, ...asked }: Given): Promise<Asked> {
  const { url, operationsUrl } = server;
  const given: ReadLoad = { url, operationsUrl, connections, ...asked };
  const output = await rig.run('bench/queries/load.ts', [JSON.stringify(given)]);
  const { requests, seconds, usage, from, ...loaded } = JSON.parse(output) as Loaded;
  if (requests === 0) throw new Error(`${asked.path} was never answered.`);
  return {
    ...loaded,
    perSecond: Math.round(requests / seconds),
    cpuMicros: rounded((usage.cpuSeconds / requests) * 1e6),
    loopMs: rounded(usage.loopSeconds * 1_000),
    ownMs: rounded(longestOwn(noted, from, usage.at)),
    rssMb: Math.round(usage.rssBytes / 1e6),
  };
}

type Loaded = Pick<Asked, 'p50Ms' | 'p99Ms' | 'refused'> & {
  requests: number;
  seconds: number;
  usage: Usage;
  from: number;
};

function longestOwn(noted: string, from: number, to: number): number {
  const lines = readFileSync(noted, 'utf8').trim().split('\n').filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as Noted);
  const own = all.flatMap((one) =>
    'ownMs' in one && one.at > from && one.at <= to ? one.ownMs : [],
  );
  return Math.max(0, ...own);
}
