import { rounded } from '../results.ts';
import { progress, type Rig, type Server } from '../rig.ts';
import { stopwatch } from './stopwatch.ts';

/** From a command's answer to the answer of a read that has to show what the command did. */

export type VisibleLoad = {
  commandUrl: string;
  queryUrl: string;
  secret: string;
  perSecond: number;
  seconds: number;
  /** Every so many commands one is read back. */
  readEvery: number;
  /** Stands before the names of users: other ones have voted for nothing yet. */
  users: string;
};

export type VisibleLoaded = {
  commandsPerSecond: number;
  /** Of a read that carries the command's token, sent as soon as the command was answered. */
  visibleP50Ms: number;
  visibleP99Ms: number;
  visibleMaxMs: number;
  /** From when a command was due to its answer. */
  commandP50Ms: number;
  commandP99Ms: number;
  /** Answers that weren't 2xx, reads that didn't show the vote, and errors. */
  refused: number;
};

/** Also the cores that each service used. */
export type Visible = VisibleLoaded & {
  perSecond: number;
  readEvery: number;
  cpu: Record<Service, number>;
};

const services = ['command-api', 'projectors', 'query-api'] as const;
type Service = (typeof services)[number];

export const visiblePrefix = 'visible.';
/** Node takes seconds to compile what it runs often, the JVM longer. */
const warmUpSeconds = 20;
const measuredSeconds = 20;

export type VisibleOptions = { round: number; perSecond: number; readEvery: number };

/** In processes as they are deployed, which start and end with this. */
export async function measureVisible(
  rig: Rig,
  { round, perSecond, readEvery }: VisibleOptions,
): Promise<Visible> {
  const settings = {
    TOPIC_PREFIX: visiblePrefix,
    MONGO_DATABASE: 'bench-visible',
    ...rig.profiled,
  };
  const servers: Server[] = [];
  for (const name of services) servers.push(await rig.start(`${name}/main.ts`, settings));
  const [commandUrl, , queryUrl] = servers.map(({ url }) => url) as [string, string, string];
  const load = async (users: string, forSeconds: number) => {
    const secret = rig.settings.AUTH_SECRET as string;
    const urls = { commandUrl, queryUrl };
    const rate = { perSecond, readEvery, seconds: forSeconds };
    const given: VisibleLoad = { ...urls, ...rate, secret, users };
    const output = await rig.run('bench/projections/visible-load.ts', [JSON.stringify(given)]);
    return JSON.parse(output) as VisibleLoaded;
  };
  const cpuSeconds = () => Promise.all(servers.map(cpuSecondsOf));
  await progress.step('Warm up the services', () =>
    load(`early${perSecond}-${round}`, warmUpSeconds),
  );
  const [before, took] = [await cpuSeconds(), stopwatch()];
  const loaded = await load(`at${perSecond}-${round}`, measuredSeconds);
  const [after, loadedFor] = [await cpuSeconds(), took().seconds];
  for (const server of servers.toReversed()) await server.end();
  const cores = services.map((name, at) => [name, rounded((after[at]! - before[at]!) / loadedFor)]);
  return { perSecond, readEvery, ...loaded, cpu: Object.fromEntries(cores) };
}

/** Of all its life, from the metrics that every service has. */
async function cpuSecondsOf({ url }: Server): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total(?:\{[^}]*\})? ([\d.e+]+)/m.exec(text)?.[1]);
}
