import type { Db } from 'mongodb';
import type { Log, Offset } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { deadLettersOf } from '../projector/dead-letters/dead-letters.ts';
import type { AnyReactor } from '../reactor.ts';
import { reactorCheckpointsOf } from './checkpoint.ts';
import { deadLetterOwner } from './parked-events.ts';

/** How far a reactor is behind the log, by lane, and how many events it has parked. */
export type ReactorLag = { behind: readonly Offset[]; parked: number };

type Parts = {
  db: Db;
  log: Log;
  /** Stands before the topics' names in the log. */
  prefix: string;
};

export async function measureLag(reactor: AnyReactor, parts: Parts): Promise<ReactorLag> {
  const { db, log, prefix } = parts;
  const ends = await log.stableOffsets(topicName(prefix, reactor.topic));
  const rows = await reactorCheckpointsOf(db).find({ reactor: reactor.name }).toArray();
  const next = new Map(rows.map((row) => [row.lane, row.next]));
  const behind = ends.map((end, lane) => Math.max(0, end - (next.get(lane) ?? 0)));
  const letters = { generation: deadLetterOwner(reactor) };
  return { behind, parked: await deadLettersOf(db).countDocuments(letters) };
}
