import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { signToken } from '#kernel/auth/tokens.ts';
import { Heard, Times } from './heard.ts';
import type { Listened, LiveLoad } from './measure.ts';
import { messagesIn, nowMs, openStream } from './streams.ts';
import type { Cast, VotesToCast } from './votes.ts';

/** Opens the streams, has votes cast meanwhile, and tells how soon each stream told of them. */

const load = JSON.parse(process.argv[2]!) as LiveLoad;
const { url, operationsUrl, commandUrl, secret, clients, perSecond, seconds, warmUpSeconds } = load;
const movies = 1_000;
const openedAtOnce = 100;
const settledMs = 3_000;
const quietMs = 2_000;

/** What clients name, of ten: a page of rankings, a catalogue with them, "mine", an app. */
const mix = [
  ...Array.from({ length: 4 }, () => ({ views: 'rankings', isKnown: false })),
  ...Array.from({ length: 3 }, () => ({ views: 'movies,rankings', isKnown: false })),
  ...Array.from({ length: 2 }, () => ({ views: 'votes', isKnown: true })),
  { views: 'rankings,votes', isKnown: true },
];

const heard = new Heard();
/** Of the baseline, whose messages have the time in them. */
const told = new Times();
const users: string[] = [];
const sockets: Socket[] = [];
let isEnding = false;
let broken = 0;

async function open(at: number): Promise<void> {
  const { views, isKnown } = mix[at % mix.length]!;
  const headers: Record<string, string> = {};
  const user = isKnown ? `${load.users}-${at}` : null;
  if (user !== null) {
    users.push(user);
    const token = await signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
    headers.Authorization = `Bearer ${token}`;
  }
  const listener = heard.listener(views, user);
  const socket = await openStream({
    ...{ url: `${url}/v1/live?views=${views}`, headers },
    told: commandUrl ? (text, atMs) => heard.take(listener, text, atMs) : takeTold,
  });
  socket.once('close', () => {
    if (!isEnding) broken += 1;
  });
  sockets.push(socket);
}

function takeTold(text: string, atMs: number): void {
  heard.bytes += text.length;
  for (const message of messagesIn(text)) {
    const begun = /^event: told\ndata: \{"atMs":([\d.]+)/.exec(message)?.[1];
    if (begun !== undefined && isMeasured) told.add(atMs - Number(begun));
  }
}
let isMeasured = false;

async function openAll(): Promise<void> {
  let next = 0;
  const openNext = async () => {
    while (next < clients) await open(next++);
  };
  await Promise.all(Array.from({ length: openedAtOnce }, openNext));
}

/** Reading the metrics also begins anew to look for the longest delay of the event loop. */
async function usage() {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text();
  const number = (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)`, 'm').exec(text)?.[1]);
  return {
    cpuSeconds: number('process_cpu_seconds_total'),
    rssBytes: number('process_resident_memory_bytes'),
    loopSeconds: number('nodejs_eventloop_lag_max_seconds'),
    atMs: nowMs(),
    messages: commandUrl ? (heard.counts.changed ?? 0) : told.count,
    bytes: heard.bytes,
    ownCpu: process.cpuUsage(),
  };
}

async function cast(): Promise<Cast> {
  if (!commandUrl) {
    await pause((warmUpSeconds + seconds) * 1_000);
    return { votes: [], refused: 0 };
  }
  const workerData: VotesToCast = {
    ...{ url: commandUrl, secret, perSecond, seconds: warmUpSeconds + seconds, movies, users },
  };
  const worker = new Worker(new URL('./votes.ts', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Until nothing comes any more: all that is under way has arrived. */
async function untilQuiet(): Promise<void> {
  for (let before = -1; commandUrl && before !== heard.counts.changed; ) {
    before = heard.counts.changed ?? 0;
    await pause(quietMs);
  }
}

const closed = await usage();
await openAll();
const openSeconds = (nowMs() - closed.atMs) / 1_000;
await pause(settledMs);
const opened = await usage();
const casting = cast();
await pause(warmUpSeconds * 1_000);
isMeasured = true;
const before = await usage();
const { votes, refused } = await casting;
const after = await usage();
await untilQuiet();

const measured = votes.filter(({ answeredAtMs }) => answeredAtMs >= before.atMs);
const delays = heard.delays(votes, ({ answeredAtMs }) => answeredAtMs >= before.atMs);
const known = new Set(users);
const followers = [...heard.groups.values()]
  .filter(({ views }) => views.includes('rankings'))
  .reduce((sum, { listeners }) => sum + listeners, 0);
const own = measured.filter(({ user }) => known.has(user)).length;
const messages = after.messages - before.messages;
const tookSeconds = (after.atMs - before.atMs) / 1_000;
const perClient = (bytes: number) => Math.round(bytes / clients / 1_024);
const mb = ({ rssBytes }: { rssBytes: number }) => Math.round(rssBytes / 1e6);
const summary = (times: Times) => ({
  ...{ count: times.count, p50Ms: times.within(0.5), p99Ms: times.within(0.99) },
  maxMs: times.within(1),
});
const result: Listened = {
  ...{ clients, openSeconds, votes: measured.length, refused, broken },
  votesPerSecond: Math.round(measured.length / tookSeconds),
  rankings: summary(commandUrl ? delays.rankings : told),
  own: summary(delays.votes),
  missed: measured.length * followers + own - delays.rankings.count - delays.votes.count,
  others: Object.fromEntries(
    Object.entries(heard.counts).filter(([event]) => event !== 'changed' && event !== 'ready'),
  ),
  messagesPerSecond: Math.round(messages / tookSeconds),
  messageBytes: Math.round((after.bytes - before.bytes) / Math.max(1, messages)),
  cpuMicros: ((after.cpuSeconds - before.cpuSeconds) / Math.max(1, messages)) * 1e6,
  cores: (after.cpuSeconds - before.cpuSeconds) / tookSeconds,
  loadCores:
    (after.ownCpu.user + after.ownCpu.system - before.ownCpu.user - before.ownCpu.system) /
    (tookSeconds * 1e6),
  loopMs: after.loopSeconds * 1_000,
  rssMb: { closed: mb(closed), open: mb(opened), loaded: mb(after) },
  kbPerClient: perClient(opened.rssBytes - closed.rssBytes),
};
isEnding = true;
for (const socket of sockets) socket.destroy();
process.stdout.write(JSON.stringify(result));
