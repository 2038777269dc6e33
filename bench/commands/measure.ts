import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { processorSeconds } from '../processor-time.ts';
import { rounded } from '../results.ts';
import type { Rig } from '../rig.ts';
import type { Running } from './contenders.ts';

/** The input of the process that makes the load. */
export type Load = {
  url: string;
  secret: string;
  connections: number;
  seconds: number;
  movies: number;
  /** How many movies a user likes before it dislikes the same ones, and so on. */
  moviesOfUser: number;
  /** The prefix of the users' names: under a new one, no user has voted yet. */
  users: string;
  /** Requests a second of all connections; as many as are answered if unset. */
  perSecond?: number;
  /** Each user likes each of its movies once, however long that takes. */
  onlyLike?: boolean;
  /** Each user has done so before. */
  liked?: boolean;
  /** Instead: so many existing users, each with a vote on every movie, change some votes. */
  everybody?: { count: number; round: number };
};

export type Loaded = { requestsPerSecond: number; p50Ms: number; p99Ms: number; refused: number };

/** `refused` counts answers that weren't 2xx, and errors. */
export type Measured = Loaded & {
  /** Processor time for a request in ms: of the server and its stores; 0 where not on Linux. */
  processorMs: number;
  serverMs: number;
  storesMs: number;
  /** The number of cores that everything else on the machine used, except for the load. */
  othersCpu: number;
  rssMb: number;
  /** Kafka transactions a second; 0 where the server counts none. */
  transactions: number;
};

type Measurable = Pick<Running, 'server' | 'stores'>;

/** Casts the votes that the users of a load will change. */
export async function prepare(
  rig: Rig,
  { server: { url } }: Measurable,
  load: Omit<Load, 'url'>,
): Promise<void> {
  const given: Load = { url, ...load, onlyLike: true };
  await rig.run('bench/commands/load.ts', [JSON.stringify(given)]);
}

/** Measures a server under load: its speed, and the use of the machine by all parts. */
export async function measure(
  rig: Rig,
  { server, stores }: Measurable,
  load: Omit<Load, 'url'>,
): Promise<Measured> {
  const before = await usageOf({ server, stores });
  const given: Load = { url: server.url, ...load };
  // The load runs in its own process: it needs nearly as much CPU time as the server.
  const output = await rig.run('bench/commands/load.ts', [JSON.stringify(given)]);
  const loaded = JSON.parse(output) as Loaded & More;
  const { transactions } = await metricsOf(server.operationsUrl);
  // What a server or store writes behind its answers is work for them too.
  const after = await untilIdle(() => usageOf({ server, stores }));
  const { requests, loadedSeconds, cpuSeconds, ...result } = loaded;
  const ms = (seconds: number) => rounded((1_000 * seconds) / requests);
  const serverSeconds = after.server - before.server;
  const storesSeconds = after.stores - before.stores;
  const others = after.machine - before.machine - serverSeconds - storesSeconds - cpuSeconds;
  return {
    ...result,
    processorMs: ms(serverSeconds + storesSeconds),
    serverMs: ms(serverSeconds),
    storesMs: ms(storesSeconds),
    othersCpu: rounded(Math.max(0, others) / (after.at - before.at), 2),
    rssMb: Math.round(after.rssBytes / 1e6),
    transactions: Math.round((transactions - before.transactions) / loadedSeconds),
  };
}

type More = { requests: number; loadedSeconds: number; cpuSeconds: number };

/** Processor times, and the time at which they were read, in seconds. */
type Usage = {
  at: number;
  server: number;
  stores: number;
  machine: number;
  rssBytes: number;
  transactions: number;
  /** Changed streams that the server has yet to write to its store. */
  unwritten: number;
};

async function usageOf({ server, stores }: Measurable): Promise<Usage> {
  const metrics = await metricsOf(server.operationsUrl);
  return {
    at: performance.now() / 1_000,
    machine: busySeconds(),
    server: await processorSeconds([server.pid]),
    stores: await processorSeconds(stores),
    ...metrics,
  };
}

async function metricsOf(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const values = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)`, 'gm'))].map(([, value]) =>
      Number(value),
    );
  const sum = (name: string) => values(name).reduce((all, value) => all + value, 0);
  return {
    rssBytes: sum('process_resident_memory_bytes'),
    transactions: sum('writer_transactions_total'),
    unwritten: sum('writer_lane_dirty_streams'),
  };
}

/** The CPU time of all cores together. */
const busySeconds = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1_000;

const idleCores = 0.1;
const lookEveryMs = 500;
const idleWithinMs = 15_000;

/**
 * Waits until the server has written all behind its answers and hardly works any more; a store may
 * never be idle. What they use when idle is not counted for the time of this wait.
 */
async function untilIdle(usage: () => Promise<Usage>): Promise<Usage> {
  const first = await usage();
  let [before, now] = [first, first];
  for (const until = performance.now() + idleWithinMs; performance.now() < until; ) {
    await pause(lookEveryMs);
    [before, now] = [now, await usage()];
    const worked = now.server + now.stores - before.server - before.stores;
    if (now.unwritten === 0 && worked / (lookEveryMs / 1_000) < idleCores) break;
  }
  const waited = now.at - first.at;
  const idle = (of: 'server' | 'stores') =>
    ((now[of] - before[of]) / (now.at - before.at)) * waited;
  return { ...now, server: now.server - idle('server'), stores: now.stores - idle('stores') };
}
