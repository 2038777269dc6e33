import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { rounded } from '../results.ts';
import type { Rig, Server } from '../rig.ts';

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
  /** Instead: so many existing users, each with a vote on every movie, change some votes. */
  everybody?: { count: number; round: number };
};

export type Loaded = { requestsPerSecond: number; p50Ms: number; p99Ms: number; refused: number };

/** `refused` counts answers that weren't 2xx, and errors. */
export type Measured = Loaded & {
  /** The number of cores that the server used. */
  cpu: number;
  /** The number of cores that Kafka and MongoDB used; 0 where the system doesn't tell. */
  kafkaCpu: number;
  mongoCpu: number;
  /** The number of cores that other programs on the machine used. */
  othersCpu: number;
  rssMb: number;
  /** Kafka transactions a second; 0 where the server counts none. */
  transactions: number;
};

/** Measures a server under load: its speed, and the use of the machine by all parts. */
export async function measure(
  rig: Rig,
  { url, operationsUrl }: Server,
  given: Omit<Load, 'url'>,
): Promise<Measured> {
  const before = await usageOf(rig, operationsUrl);
  // The load runs in its own process: it needs nearly as much CPU time as the server.
  const output = await rig.run('bench/commands/load.ts', [JSON.stringify({ url, ...given })]);
  const loaded = JSON.parse(output) as Loaded & { loadedSeconds: number; cpuSeconds: number };
  const after = await usageOf(rig, operationsUrl);
  const { loadedSeconds, cpuSeconds, ...result } = loaded;
  const cores = (name: 'server' | 'kafka' | 'mongo') =>
    rounded((after[name] - before[name]) / loadedSeconds, 2);
  const own =
    after.server - before.server + after.kafka - before.kafka + after.mongo - before.mongo;
  const others = after.machine - before.machine - own - cpuSeconds;
  return {
    ...result,
    cpu: cores('server'),
    kafkaCpu: cores('kafka'),
    mongoCpu: cores('mongo'),
    othersCpu: rounded(Math.max(0, others) / (after.at - before.at), 2),
    rssMb: Math.round(after.rssBytes / 1e6),
    transactions: Math.round((after.transactions - before.transactions) / loadedSeconds),
  };
}

/** CPU times, and the time at which they were read, in seconds. */
type Usage = {
  at: number;
  server: number;
  kafka: number;
  mongo: number;
  machine: number;
  rssBytes: number;
  transactions: number;
};

/** Reads a server's metrics. */
async function usageOf({ pids }: Rig, url: string): Promise<Usage> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const number = (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)`, 'm').exec(text)?.[1]);
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}\\{[^}]*\\} ([\\d.e+]+)`, 'gm'))].reduce(
      (all, [, value]) => all + Number(value),
      0,
    );
  return {
    at: performance.now() / 1_000,
    machine: busySeconds(),
    server: number('process_cpu_seconds_total'),
    kafka: await processorSeconds(pids.kafka),
    mongo: await processorSeconds(pids.mongo),
    rssBytes: number('process_resident_memory_bytes'),
    transactions: sum('writer_transactions_total'),
  };
}

/** The CPU time of all cores together. */
const busySeconds = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1_000;

const ticksPerSecond = 100;

/** The user and system time of a process; 0 where the system is not Linux. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}
