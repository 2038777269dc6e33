import type { Db } from 'mongodb';
import { z } from 'zod';
import { readerRole } from '../leases/presence.ts';
import { olderRole, writerRole } from '../writer/older-leases.ts';

/** A lease, as everybody may see it. */
export type ShownLease = {
  role: string;
  lane: number;
  owner: string | null;
  url: string;
  term: number;
  /** What is left of it by the database's clock. */
  restMs: number;
  /** Processes that could not work the lane, and are passed over for now. */
  failed: string[];
};

/** A process, and what it tells about itself on its operations port. */
export type NodeReport = {
  url: string;
  roles: string[];
  ready: boolean;
  /** Null if it did not answer. */
  details: Record<string, unknown> | null;
  /** How long its answer took; null without one. */
  answerMs: number | null;
  /** Why there is no answer. */
  trouble: string | null;
};

/** A process that answers queries, and so owns no lanes. */
export type ReaderReport = {
  url: string;
  /** For how long it has not told that it is there, although it should have. */
  silentMs: number;
  /** Null if nobody asks it any more. */
  report: NodeReport | null;
};

const askMs = 1_000;
/** Asking one that died, at an address where nobody is, may take as long as that each time. */
const askedWhileSilentMs = 10_000;

/** Who owns which lanes now. */
export async function readLeases(db: Db): Promise<ShownLease[]> {
  const live = {
    $filter: { input: { $ifNull: ['$failed', []] }, cond: { $gt: ['$$this.until', '$$NOW'] } },
  };
  const shown = {
    ...{ _id: 0, role: 1, lane: 1, owner: 1, url: 1, term: 1 },
    restMs: { $max: [0, { $toLong: { $subtract: ['$expiresAt', '$$NOW'] } }] },
    failed: { $map: { input: live, in: '$$this.member' } },
  };
  const rows = await db
    .collection('leases')
    .aggregate<ShownLease>([
      { $match: { role: { $ne: olderRole } } },
      { $project: shown },
      { $sort: { role: 1, lane: 1 } },
    ])
    .toArray();
  return rows.map((row) => {
    const role = row.role === writerRole ? 'writer' : row.role;
    // A lease that has run out has no owner.
    return row.restMs > 0 ? { ...row, role } : { ...row, role, owner: null, url: '' };
  });
}

/** Asks every process that owns a lane about itself. */
export async function askNodes(leases: readonly ShownLease[]): Promise<NodeReport[]> {
  const roles = new Map<string, Set<string>>();
  for (const { owner, url, role } of leases) {
    if (owner === null || url === '') continue;
    const [kind = role] = role.split(':');
    roles.set(url, (roles.get(url) ?? new Set()).add(kind));
  }
  return Promise.all([...roles].map(([url, kinds]) => reportOf(url, [...kinds].sort())));
}

/** Asks every process that answers queries; one that died without a word is told for a while. */
export async function askReaders(db: Db): Promise<ReaderReport[]> {
  const silentMs = { $max: [0, { $toLong: { $subtract: ['$$NOW', '$expiresAt'] } }] };
  const rows = await db
    .collection('members')
    .aggregate<Pick<ReaderReport, 'url' | 'silentMs'>>([
      { $match: { role: readerRole } },
      { $project: { _id: 0, url: '$member', silentMs } },
      { $sort: { url: 1 } },
    ])
    .toArray();
  return Promise.all(
    rows.map(async (row) => {
      const isAsked = row.silentMs < askedWhileSilentMs;
      return { ...row, report: isAsked ? await reportOf(row.url, [readerRole]) : null };
    }),
  );
}

const Readyz = z.object({
  ready: z.boolean(),
  details: z.record(z.string(), z.unknown()).default({}),
});

async function reportOf(url: string, roles: string[]): Promise<NodeReport> {
  const askedAt = performance.now();
  try {
    const asked = { signal: AbortSignal.timeout(askMs) };
    const answer = await fetch(new URL('/readyz', url), asked);
    const { ready, details } = Readyz.parse(await answer.json());
    const answerMs = Math.round(performance.now() - askedAt);
    return { url, roles, ready, details, answerMs, trouble: null };
  } catch (error) {
    const { message, cause } = error as Error;
    const trouble = cause instanceof Error ? cause.message : message;
    return { url, roles, ready: false, details: null, answerMs: null, trouble };
  }
}
