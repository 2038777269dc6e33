import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { signToken } from '#kernel/auth/tokens.ts';
import { movies } from '../projections/votes.ts';
import { rounded } from '../results.ts';
import { stopwatch } from '../stopwatch.ts';
import type { Service, Visible, VisibleLoad } from './measure.ts';

/**
 * Sends commands at a fixed rate, however long answers take. After some of the answers it sends a
 * read with the command's token, whose answer has to show the vote. It does so twice and reports
 * only the second run: during the first one, all programs are still being compiled.
 */

const { urls, operationsUrls, secret, perSecond, readEvery, warmUpSeconds, seconds, users } =
  JSON.parse(process.argv[2]!) as VisibleLoad;

const voters = 1_000;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const body = JSON.stringify({ vote: 'like' });

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

function ask(url: string, method: string, headers: Record<string, string>, sent = '') {
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(url, { method, headers, agent }, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      text(answer).then((body) => resolve({ status, headers, body }), reject);
    });
    asked.once('error', reject);
    asked.end(sent);
  });
}

/** A load of first votes at a fixed rate. */
class Load {
  readonly #authorizations: readonly string[];
  /** Latencies in microseconds. */
  readonly #commanded = createHistogram();
  readonly #visible = createHistogram();
  #refused = 0;
  #commands = 0;

  constructor(authorizations: readonly string[]) {
    this.#authorizations = authorizations;
  }

  async run(forSeconds: number): Promise<Omit<Visible, 'cpu' | 'perSecond' | 'readEvery'>> {
    const startedAt = performance.now();
    const total = perSecond * forSeconds;
    const underWay: Promise<void>[] = [];
    while (underWay.length < total) {
      const due = Math.min(total, ((performance.now() - startedAt) * perSecond) / 1_000);
      while (underWay.length < due) {
        const at = underWay.length;
        const failed = () => {
          this.#refused += 1;
        };
        const dueAt = startedAt + (at * 1_000) / perSecond;
        underWay.push(this.#voteAndSee(at, dueAt).catch(failed));
      }
      await pause(1);
    }
    await Promise.all(underWay);
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    return {
      commandsPerSecond: Math.round(this.#commands / tookSeconds),
      visibleP50Ms: ms(this.#visible.percentile(50)),
      visibleP99Ms: ms(this.#visible.percentile(99)),
      visibleMaxMs: ms(this.#visible.max),
      commandP50Ms: ms(this.#commanded.percentile(50)),
      commandP99Ms: ms(this.#commanded.percentile(99)),
      refused: this.#refused,
    };
  }

  /** The n-th command; no user votes on the same movie twice. */
  async #voteAndSee(at: number, dueAt: number): Promise<void> {
    const movieId = `m${1 + (at % movies)}`;
    const authorization = this.#authorizations[(at + Math.floor(at / movies)) % voters]!;
    const put = { authorization, 'content-type': 'application/json' };
    const vote = `${urls['command-api']}/v1/movies/${movieId}/vote`;
    const voted = await ask(vote, 'PUT', put, body);
    const answeredAt = performance.now();
    const token = voted.headers['consistency-token'];
    if (voted.status !== 200 || typeof token !== 'string') {
      this.#refused += 1;
      return;
    }
    this.#commands += 1;
    record(this.#commanded, answeredAt - dueAt);
    if (at % readEvery !== 0) return;
    const get = { authorization, 'consistency-token': token };
    const seen = await ask(`${urls['query-api']}/v1/me/votes?limit=5`, 'GET', get);
    record(this.#visible, performance.now() - answeredAt);
    // An answer that doesn't show the vote breaks the guarantee, and counts as refused.
    if (seen.status !== 200 || !seen.body.includes(`"${movieId}"`)) this.#refused += 1;
  }
}

const ms = (micros: number) => rounded(micros / 1_000);

const record = (into: RecordableHistogram, ms: number) =>
  into.record(Math.max(1, Math.round(ms * 1_000)));

const signed = (prefix: string) =>
  Promise.all(
    Array.from({ length: voters }, async (_, at) => {
      const user = `${prefix}${users}-${at}`;
      const token = await signToken({ user, roles: ['viewer'], secret, ttlSeconds: 3_600 });
      return `Bearer ${token}`;
    }),
  );

/** The CPU time of a service since its start, from its metrics. */
async function cpuSecondsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total(?:\{[^}]*\})? ([\d.e+]+)/m.exec(text)?.[1]);
}

const cpuSeconds = () =>
  Promise.all(
    Object.entries(operationsUrls).map(
      async ([name, url]) => [name, await cpuSecondsOf(url)] as const,
    ),
  );

const early = new Load(await signed('early'));
const measured = new Load(await signed('at'));
await early.run(warmUpSeconds);
const before = new Map(await cpuSeconds());
const took = stopwatch();
const loaded = await measured.run(seconds);
const loadedFor = took().seconds;
const cores = (await cpuSeconds()).map(([name, used]) => [
  name,
  rounded((used - before.get(name)!) / loadedFor),
]);
const cpu = Object.fromEntries(cores) as Record<Service, number>;
const result: Visible = { perSecond, readEvery, ...loaded, cpu };
agent.destroy();
process.stdout.write(JSON.stringify(result));
