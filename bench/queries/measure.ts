import { rounded } from '../results.ts';
import type { Rig, Server } from '../rig.ts';
import type { ReadLoad } from './load.ts';

/** One kind of answer under load. */
export type Asked = {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the server for each answer, all else that it does meanwhile included. */
  cpuMicros: number;
  /** The longest time that its event loop stood still. */
  loopMs: number;
  rssMb: number;
  refused: number;
};

export type Measured = Record<'document' | 'cold' | 'bytes' | 'hot', Asked>;

type Given = { path: string; headers: Record<string, string>; seconds: number };

const connections = 8;

/** Measures a route, and right before it what it is compared with. */
export async function measureReads(
  rig: Rig,
  { plain, queryApi }: { plain: Server; queryApi: Server },
  { path, headers, seconds }: Given,
): Promise<Measured> {
  const first = await fetch(`${queryApi.url}${path}`, { headers });
  if (!first.ok) throw new Error(`${path} was answered with ${first.status}.`);
  const size = (await first.arrayBuffer()).byteLength;
  // A read with a token is always computed; views have seen this one already.
  const token = first.headers.get('consistency-token') ?? '';
  const ask = (server: Server, asked: string, more: Record<string, string> = {}) =>
    load(rig, server, { path: asked, headers: more, seconds });
  return {
    document: await ask(plain, '/documents/m1'),
    cold: await ask(queryApi, path, { ...headers, 'consistency-token': token }),
    bytes: await ask(plain, `/bytes/${size}`),
    hot: await ask(queryApi, path, headers),
  };
}

async function load(
  rig: Rig,
  server: Server,
  asked: Omit<ReadLoad, 'url' | 'connections'>,
): Promise<Asked> {
  const before = await usageOf(server);
  const given: ReadLoad = { url: server.url, connections, ...asked };
  const output = await rig.run('bench/queries/load.ts', [JSON.stringify(given)]);
  const { requests, seconds, ...loaded } = JSON.parse(output) as Loaded;
  const after = await usageOf(server);
  if (requests === 0) throw new Error(`${asked.path} was never answered.`);
  return {
    ...loaded,
    perSecond: Math.round(requests / seconds),
    cpuMicros: rounded(((after.cpuSeconds - before.cpuSeconds) / requests) * 1e6),
    loopMs: rounded(after.loopSeconds * 1_000),
    rssMb: Math.round(after.rssBytes / 1e6),
  };
}

type Loaded = Pick<Asked, 'p50Ms' | 'p99Ms' | 'refused'> & { requests: number; seconds: number };

/** Reading the metrics also begins anew to look for the longest delay of the event loop. */
async function usageOf({ operationsUrl }: Server) {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text();
  const number = (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)`, 'm').exec(text)?.[1]);
  return {
    cpuSeconds: number('process_cpu_seconds_total'),
    rssBytes: number('process_resident_memory_bytes'),
    loopSeconds: number('nodejs_eventloop_lag_max_seconds'),
  };
}
