import { readFile } from 'node:fs/promises';
import { progress, type Rig, type Server } from '../rig.ts';

/** What is asked of `load.ts`; without a command API, it listens to the baseline. */
export type LiveLoad = {
  url: string;
  operationsUrl: string;
  commandUrl?: string;
  secret: string;
  clients: number;
  /** Votes. */
  perSecond: number;
  warmUpSeconds: number;
  seconds: number;
  /** Part of the users' names: under a new one, no user has voted yet. */
  users: string;
};

type Summary = { count: number; p50Ms: number; p99Ms: number; maxMs: number };

export type Listened = {
  clients: number;
  openSeconds: number;
  votes: number;
  votesPerSecond: number;
  /** Votes that failed, and streams that ended by themselves. */
  refused: number;
  broken: number;
  /** From a vote's answer to the event, at each who follows the rankings, and at the voter. */
  rankings: Summary;
  own: Summary;
  /** Votes times clients: how often one wasn't told what it follows. */
  missed: number;
  /** Messages that name no document: `dropped`, `reset`, heartbeats. */
  others: Record<string, number>;
  messagesPerSecond: number;
  messageBytes: number;
  /** Processor time of the node for a message to one client, all that it does included. */
  cpuMicros: number;
  cores: number;
  /** What the load itself used, besides: it shares the machine. */
  loadCores: number;
  loopMs: number;
  /** Resident memory of the node: without clients, with all of them, after the load. */
  rssMb: { closed: number; open: number; loaded: number };
  kbPerClient: number;
};

/** Other files and sockets that the load and the node have open. */
const besides = 500;

/** @throws Error if this machine can't have so many connections. */
export async function checkLimits(clients: number): Promise<void> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const [first, last] = range.trim().split(/\s+/).map(Number);
  const ports = last === undefined ? Number.POSITIVE_INFINITY : last - first! + 1;
  if (clients + besides > ports) {
    throw new Error(`${clients} clients need as many ports, and here are ${ports}: widen \
net.ipv4.ip_local_port_range, or give a smaller --clients.`);
  }
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } };
  };
  const files = userLimits?.open_files?.soft ?? 'unlimited';
  if (files !== 'unlimited' && clients + besides > files) {
    throw new Error(`${clients} clients need as many open files, and a process may have ${files} \
here: raise \`ulimit -n\`, or give a smaller --clients.`);
  }
}

type Given = Pick<LiveLoad, 'clients' | 'perSecond' | 'warmUpSeconds' | 'seconds' | 'users'>;

/** Starts the query API with nobody listening, and ends it afterwards. */
export async function measureOurs(
  rig: Rig,
  commandApi: Server,
  settings: Record<string, string>,
  given: Given,
): Promise<Listened> {
  // All clients of this load have one address. The other limits stay as they are by default.
  const limits = {
    LIVE_PER_ADDRESS: '0',
    ...(given.clients > 10_000 && { LIVE_CONNECTIONS: String(given.clients) }),
  };
  const server = await rig.start('query-api/main.ts', { ...settings, ...limits, ...rig.profiled });
  return listen(rig, server, { ...given, commandUrl: commandApi.url });
}

/** The baseline sends as many messages of the same size, each to one client. */
export async function measurePlain(rig: Rig, ours: Listened, given: Given): Promise<Listened> {
  const server = await rig.start('bench/live/plain.ts', {
    MESSAGE_BYTES: String(ours.messageBytes),
    EVERY_MS: String(Math.round((1_000 * ours.clients) / Math.max(1, ours.messagesPerSecond))),
  });
  return listen(rig, server, given);
}

async function listen(
  rig: Rig,
  server: Server,
  given: Given & { commandUrl?: string },
): Promise<Listened> {
  const { url, operationsUrl } = server;
  const load: LiveLoad = { ...given, url, operationsUrl, secret: rig.settings.AUTH_SECRET! };
  try {
    const title = `${given.clients} clients of ${given.commandUrl ? 'ours' : 'bare Node'}`;
    return await progress.step(title, async () =>
      JSON.parse(await rig.run('bench/live/load.ts', [JSON.stringify(load)])),
    );
  } finally {
    await server.end();
  }
}
