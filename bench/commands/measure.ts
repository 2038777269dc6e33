import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { rounded } from '../results.ts';
import type { Rig } from '../rig.ts';

/** What one process of load is told to do. */
export type Load = {
  url: string;
  secret: string;
  connections: number;
  seconds: number;
  movies: number;
  /** How many a user likes before disliking the same again, and so on. */
  moviesOfUser: number;
  /** Stands before the names of users: other ones have voted for nothing yet. */
  users: string;
  /** All of so many users instead, each with a vote on every movie: they change some of those. */
  everybody?: { count: number; round: number };
};

export type Loaded = { requestsPerSecond: number; p50Ms: number; p99Ms: number; refused: number };

/** `refused` counts answers that weren't 2xx, and errors. */
export type Measured = Loaded & {
  /** Cores that the server used. */
  cpu: number;
  /** Cores that Kafka and MongoDB used; 0 where the system doesn't tell. */
  kafkaCpu: number;
  mongoCpu: number;
  /** Cores that went to what has nothing to do with this: other programs on the machine. */
  othersCpu: number;
  rssMb: number;
  /** Kafka transactions a second; 0 where the server counts none. */
  transactions: number;
};

/** What a server took of the machine while it was under load, and what it made others take. */
export async function measure(rig: Rig, url: string, given: Load): Promise<Measured> {
  const before = await usageOf(rig, url);
  // In a process of its own: it needs nearly as much time as what it loads.
  const output = await rig.run('bench/commands/load.ts', [JSON.stringify(given)]);
  const loaded = JSON.parse(output) as Loaded & { loadedSeconds: number; cpuSeconds: number };
  const after = await usageOf(rig, url);
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

/** Processor time, and the time at which it was asked for, in seconds. */
type Usage = {
  at: number;
  server: number;
  kafka: number;
  mongo: number;
  machine: number;
  rssBytes: number;
  transactions: number;
};

/** From the metrics that every server here has. */
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

/** Of all cores together. */
const busySeconds = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1_000;

const ticksPerSecond = 100;

/** User and system time, where Linux tells it. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}
