import type { Db } from 'mongodb';
import type { Offset } from '../log/log.ts';
import { checkpointsOf } from '../projector/checkpoint.ts';

/** How far a generation has come. */
export type Standing = {
  /** By `<topic>:<lane>`. */
  next: ReadonlyMap<string, Offset>;
  /** Raised when documents were written without an offset moving. */
  turns: number;
};

export const nowhere: Standing = { next: new Map(), turns: 0 };

/** Where generations stand, in one query however many they are. */
export async function standingsIn(
  db: Db,
  generations: readonly string[],
): Promise<[string, Standing][]> {
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
