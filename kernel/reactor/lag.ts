import type { Db } from 'mongodb';
import type { Log, Offset } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { deadLettersOf } from '../projector/dead-letters/dead-letters.ts';
import type { AnyReactor } from '../reactor.ts';
import { reactorCheckpointsOf } from './checkpoint.ts';
import { deadLetterOwner } from './parked-events.ts';

/** How far a reactor is, in all lanes, whichever process works them. */
export type ReactorLag = {
  /** How far it is behind the log, by lane. */
  behind: readonly Offset[];
  /** How many offsets it has passed. */
  passed: number;
  /** How many events it has parked. */
  parked: number;
};

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
  const passed = rows.reduce((sum, row) => sum + row.next, 0);
  const letters = { generation: deadLetterOwner(reactor) };
  return { behind, passed, parked: await deadLettersOf(db).countDocuments(letters) };
}
