import { setTimeout as pause } from 'node:timers/promises';
import { until } from '#kernel/testing/until.ts';
import { ask } from './answers.ts';
import type { VotingSystem } from './voting-system.ts';

/**
 * Readers of the rankings, and voters who check at once that their votes show, while a test changes
 * the system.
 */

export type TrafficOptions = {
  /** The nodes of query-api that currently get requests. */
  nodes(): readonly string[];
  /** Of all readers together. They don't wait for earlier answers. */
  readsPerSecond: number;
  /** Names the kind of a node's page, such as the version of the view. */
  kindOf(page: Page, node: string): string;
};

export type Page = { items: { title: string }[]; count: number };

export type Traffic = {
  /** The number of reads answered so far. */
  answered(): number;
  /** Waits until so many more votes were cast and checked. */
  seen(votes: number): Promise<void>;
  stop(): Promise<Seen>;
};

export type Seen = {
  /** The number of pages of each kind. */
  kinds: Record<string, number>;
  /** Requests that were not answered with 200. */
  failures: string[];
  /** Votes that a read with their token did not show. */
  stale: string[];
  /** The longest that a read with a token waited. */
  longestMs: number;
};

const voters = 3;
const voteEveryMs = 20;
const tickMs = 10;
/** With so many reads under way new ones are left out: a slow machine's heap must not grow. */
const mostUnderWay = 200;
const orders = ['score', 'likes', 'trending'];
const paths = orders.flatMap((by) =>
  [90, 95].map((limit) => `/v1/rankings?limit=${limit}&by=${by}`),
);

export function startTraffic(world: VotingSystem, options: TrafficOptions): Traffic {
  const seen: Seen = { kinds: {}, failures: [], stale: [], longestMs: 0 };
  const stopping = new AbortController();
  let [answered, underWay, votes] = [0, 0, 0];

  const get = async <Body>(node: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await ask<Body>(node, `GET ${path}`, { headers }).catch(String);
    if (typeof answer !== 'string' && answer.status === 200) return answer.body;
    const said = typeof answer === 'string' ? answer : JSON.stringify(answer.body);
    seen.failures.push(`${node}${path}: ${said}`);
    return null;
  };
  const read = async (at: number) => {
    const nodes = options.nodes();
    const node = nodes[at % nodes.length]!;
    underWay += 1;
    const page = await get<Page>(node, paths[Math.floor(at / nodes.length) % paths.length]!);
    underWay -= 1;
    if (!page) return;
    answered += 1;
    const kind = options.kindOf(page, node);
    seen.kinds[kind] = (seen.kinds[kind] ?? 0) + 1;
  };
  const readers = async () => {
    const startedAt = performance.now();
    const reads: Promise<void>[] = [];
    for (let sent = 0; !stopping.signal.aborted; await pause(tickMs)) {
      const due = ((performance.now() - startedAt) / 1_000) * options.readsPerSecond;
      for (; sent < due; sent += 1) if (underWay < mostUnderWay) reads.push(read(sent));
    }
    await Promise.all(reads);
  };

  const look = async (node: string, movie: string, token: string) => {
    const startedAt = performance.now();
    const headers = { 'consistency-token': token };
    const body = await get<{ likes: number }>(node, `/v1/movies/${movie}`, headers);
    seen.longestMs = Math.max(seen.longestMs, performance.now() - startedAt);
    const likes = world.likes.get(movie);
    if (body && body.likes !== likes) seen.stale.push(`${node}: ${body.likes} of ${likes} likes`);
  };
  // Each voter has movies of its own, so that it knows their likes.
  const voter = async (offset: number) => {
    for (let at = offset; !stopping.signal.aborted; at += voters) {
      const movie = world.movies[at % world.movies.length]!;
      try {
        const token = await world.like(movie);
        await Promise.all(options.nodes().map((node) => look(node, movie, token)));
      } catch (error) {
        seen.failures.push(String(error));
      }
      votes += 1;
      await pause(voteEveryMs);
    }
  };
  const running = [readers(), ...Array.from({ length: voters }, (_, at) => voter(at))];
  return {
    answered: () => answered,
    seen(more) {
      const from = votes;
      return until(() => votes >= from + more);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
      return seen;
    },
  };
}
