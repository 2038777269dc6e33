import type { Db } from 'mongodb';
import type { Offset } from '../log/log.ts';
import { checkpointsOf } from '../projector/checkpoint.ts';

/** How much of the log is folded into a generation. */
export type Progress = {
  /** The offset of the next event to fold, by `<topic>:<lane>`. */
  next: ReadonlyMap<string, Offset>;
  /** Raised when documents were written without an offset moving. */
  turns: number;
};

export const noProgress: Progress = { next: new Map(), turns: 0 };

/** The progress of each of these generations, in one query. */
export async function progressOf(
  db: Db,
  generations: readonly string[],
): Promise<[string, Progress][]> {
  const rows = await checkpointsOf(db)
    .find(
      { generation: { $in: [...generations] } },
      { projection: { generation: 1, lane: 1, next: 1, turn: 1 } },
    )
    .toArray();
  return generations.map((name) => {
    const lanes = rows.filter(({ generation }) => generation === name);
    const offsets = lanes.flatMap(({ lane, next }) =>
      Object.entries(next).map(([topic, offset]) => [`${topic}:${lane}`, offset] as const),
    );
    const turns = lanes.reduce((sum, { turn }) => sum + turn, 0);
    return [name, { next: new Map(offsets), turns }];
  });
}
