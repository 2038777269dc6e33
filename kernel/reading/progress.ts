import type { Db } from 'mongodb';
import type { Offset } from '../log/log.ts';
import type { ChangeCounts } from '../projector/changes.ts';
import { checkpointsOf } from '../projector/checkpoint.ts';

/** How much of the log is folded into a generation. */
export type Progress = {
  /** The offset of the next event to fold, by `<topic>:<lane>`. */
  next: ReadonlyMap<string, Offset>;
  /** How often documents were changed, by lane; counted for views that are copied. */
  changes: ChangeCounts;
};

export const noProgress: Progress = { next: new Map(), changes: new Map() };

/** The progress of each of these generations, in one query; none that could be rolled back. */
export async function progressOf(
  db: Db,
  generations: readonly string[],
): Promise<[string, Progress][]> {
  const rows = await checkpointsOf(db)
    .find(
      { generation: { $in: [...generations] } },
      {
        projection: { generation: 1, lane: 1, next: 1, changes: 1 },
        readConcern: { level: 'majority' },
      },
    )
    .toArray();
  return generations.map((name) => {
    const lanes = rows.filter(({ generation }) => generation === name);
    const offsets = lanes.flatMap(({ lane, next }) =>
      Object.entries(next).map(([topic, offset]) => [`${topic}:${lane}`, offset] as const),
    );
    const changes = lanes.map(({ lane, changes = 0 }) => [lane, changes] as const);
    return [name, { next: new Map(offsets), changes: new Map(changes) }];
  });
}
