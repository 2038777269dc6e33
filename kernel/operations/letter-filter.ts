import type { Db, Filter } from 'mongodb';
import { checkpointsOf } from '../projector/checkpoint.ts';
import type { DeadLetter } from '../projector/dead-letters/dead-letters.ts';
import { queryText } from './query-text.ts';

const text = (description: string) => queryText(1, description).optional();

/** Which dead letters are meant: those that fit every field that is given. */
export const letterFields = {
  view: text('Of this view, such as `parcels` or `parcels@2`, or `reactor:NAME`.'),
  topic: text('Of this topic.'),
  key: text('With this Kafka key.'),
  error: text('With this text in their error.'),
  id: text('With this id.'),
};
export type LetterFilter = {
  view?: string | undefined;
  topic?: string | undefined;
  key?: string | undefined;
  error?: string | undefined;
  id?: string | undefined;
};

/** Letters of dropped generations are useless, so none of them is meant. */
export async function lettersMeant(
  db: Db,
  { view, topic, key, error, id }: LetterFilter,
): Promise<Filter<DeadLetter>> {
  const generations = await checkpointsOf(db).distinct('generation');
  // Those of a reactor have its name in place of a generation.
  const parts: Filter<DeadLetter>[] = [{ generation: { $in: [...generations, /^reactor:/] } }];
  if (view !== undefined) {
    parts.push({ view: new RegExp(`^${escaped(view)}(@[0-9]+)?$`) });
  }
  if (topic !== undefined) parts.push({ topic });
  if (key !== undefined) parts.push({ key });
  if (error !== undefined) parts.push({ error: new RegExp(escaped(error), 'i') });
  if (id !== undefined) parts.push({ _id: id });
  return { $and: parts };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
