import type { ClientSession, Db } from 'mongodb';
import type { ConsistencyToken } from '../consistency-token.ts';
import type { Offset } from '../log/log.ts';
import type { ChangeCounts } from '../projector/changes.ts';
import { checkpointsOf } from '../projector/checkpoint.ts';

/** How much of the log is folded into a generation. */
export type Progress = {
  /** The offset of the next event to fold, by `<topic>:<lane>`. */
  next: ReadonlyMap<string, Offset>;
  /** How often documents were changed, by lane; counted for views that are copied. */
  changes: ChangeCounts;
  /** How often others than the lanes' owners have changed documents, as retries of letters do. */
  turns: number;
  /** When it was asked for, by `performance.now()`: it is at least as new as that. */
  readAt: number;
};

/** More rows than there are lanes of all views, which thus come in one answer. */
const allAtOnce = 5_000;

export const noProgress: Progress = {
  ...{ next: new Map(), changes: new Map(), turns: 0, readAt: Number.NEGATIVE_INFINITY },
};

/**
 * Whether the event at this place is folded. A copy may lag one generation behind after a switch;
 * its offsets hold all the same.
 */
export const hasFolded = (
  { next }: Progress,
  { at, offset }: { at: string; offset: Offset },
): boolean => (next.get(at) ?? 0) > offset;

/**
 * The progress of each of these generations, in one query; none that could be rolled back.
 * @param snapshot reads it as it was at the moment of this session.
 */
export async function progressOf(
  db: Db,
  generations: readonly string[],
  snapshot?: ClientSession,
): Promise<[string, Progress][]> {
  const readAt = performance.now();
  const rows = await checkpointsOf(db)
    .find(
      { generation: { $in: [...generations] } },
      {
        projection: { generation: 1, lane: 1, next: 1, changes: 1, turn: 1 },
        batchSize: allAtOnce,
        ...(snapshot ? { session: snapshot } : { readConcern: { level: 'majority' } }),
      },
    )
    .toArray();
  return generations.map((name) => {
    const lanes = rows.filter(({ generation }) => generation === name);
    const offsets = lanes.flatMap(({ lane, next }) =>
      Object.entries(next).map(([topic, offset]) => [`${topic}:${lane}`, offset] as const),
    );
    const changes = lanes.map(({ lane, changes = 0 }) => [lane, changes] as const);
    const turns = lanes.reduce((sum, { turn }) => sum + turn, 0);
    return [name, { next: new Map(offsets), changes: new Map(changes), turns, readAt }];
  });
}

type Fed = { topics: readonly string[]; progress: Progress };

/** A lower bound of what all of these have seen, of each topic those that it feeds. */
export function seenByAll(fed: readonly Fed[]): ConsistencyToken['seen'] {
  const seen: ConsistencyToken['seen'] = {};
  for (const topic of new Set(fed.flatMap(({ topics }) => topics))) {
    const all = fed.filter(({ topics }) => topics.includes(topic));
    for (const [at, next] of all[0]!.progress.next) {
      if (!at.startsWith(`${topic}:`)) continue;
      const least = Math.min(next, ...all.map(({ progress }) => progress.next.get(at) ?? 0));
      if (least > 0) seen[at as `${string}:${number}`] = least - 1;
    }
  }
  return seen;
}
