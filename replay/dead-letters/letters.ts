import type { Collection, Db, Filter } from 'mongodb';
import type { AnyProjection } from '#kernel/projection.ts';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import {
  discardedLettersOf,
  type ParkedKey,
} from '#kernel/projector/dead-letters/dead-letter-retry.ts';
import { type DeadLetter, deadLettersOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { viewId } from '#kernel/projector/generations/generations.ts';
import { application } from '../tool/application.ts';
import { ToolError } from '../tool/exit.ts';

const { projections } = application;

/** The letters of one view, topic and key, as a list shows them. */
export type KeyOfLetters = ParkedKey & {
  /** The letter that the others wait for. */
  first: Pick<DeadLetter, '_id' | 'offset' | 'error' | 'parkedAt'>;
  letters: number;
};

export const isReactors = ({ view }: Pick<DeadLetter, 'view'>): boolean =>
  view.startsWith('reactor:');

/** Today's code for a letter; undefined for a reactor's letter or another version's. */
export const projectionOf = ({ view }: Pick<DeadLetter, 'view'>): AnyProjection | undefined =>
  projections.find((projection) => viewId(projection.view) === view);

/**
 * The keys with letters in generations that still exist; letters of dropped ones are useless.
 * @param views names, such as `rankings`, or names with version; an empty list means all.
 */
export async function keysOfLetters(db: Db, views: readonly string[]): Promise<KeyOfLetters[]> {
  return deadLettersOf(db)
    .aggregate<KeyOfLetters>([
      { $match: await living(db, views) },
      { $project: { value: 0, headers: 0, stack: 0 } },
      { $sort: { generation: 1, lane: 1, topic: 1, key: 1, offset: 1 } },
      {
        $group: {
          _id: {
            view: '$view',
            generation: '$generation',
            lane: '$lane',
            topic: '$topic',
            key: '$key',
          },
          first: {
            $first: { _id: '$_id', offset: '$offset', error: '$error', parkedAt: '$parkedAt' },
          },
          letters: { $sum: 1 },
        },
      },
      { $replaceWith: { $mergeObjects: ['$_id', { first: '$first', letters: '$letters' }] } },
      { $sort: { view: 1, generation: 1, topic: 1, lane: 1, 'first.offset': 1 } },
    ])
    .toArray();
}

/** A letter as lists show it: without the record's bytes. */
export type ListedLetter = Omit<DeadLetter, 'value' | 'headers' | 'stack'>;

/** Every letter, in order. */
export async function eachLetter(db: Db, views: readonly string[]): Promise<ListedLetter[]> {
  return listed(deadLettersOf(db), await living(db, views));
}

export const discardedLetters = (db: Db, views: readonly string[]): Promise<ListedLetter[]> =>
  listed(discardedLettersOf(db), ofViews(views));

const listed = (letters: Pick<Collection<DeadLetter>, 'find'>, filter: Filter<DeadLetter>) =>
  letters
    .find(filter)
    .sort({ view: 1, generation: 1, topic: 1, lane: 1, offset: 1 })
    .project<ListedLetter>({ value: 0, headers: 0, stack: 0 })
    .toArray();

/** @throws ToolError for an unknown id, naming the cure. */
export async function letterOf(db: Db, id: string): Promise<DeadLetter> {
  const letter = await deadLettersOf(db).findOne({ _id: id });
  if (letter) return letter;
  throw new ToolError(`There is no dead letter ${id}; \`dead-letters list --all\` shows all.`);
}

/** @throws ToolError for a name that is no view. */
export function checkViews(views: readonly string[]): void {
  const known = projections.flatMap(({ view }) => [view.name, viewId(view)]);
  for (const view of views) {
    if (isReactors({ view })) throw new ToolError(retriedByReactors);
    if (known.includes(view)) continue;
    const names = projections.map((projection) => projection.view.name).join(', ');
    throw new ToolError(`There is no view ${view} in this code, only ${names}.`);
  }
}

export const retriedByReactors =
  'A reactor retries its letters itself, whenever it takes a lane: restart the reactors.';

async function living(db: Db, views: readonly string[]): Promise<Filter<DeadLetter>> {
  const generations = await checkpointsOf(db).distinct('generation');
  const alive = { $or: [{ generation: { $in: generations } }, { view: /^reactor:/ }] };
  return views.length === 0 ? alive : { $and: [alive, ofViews(views)] };
}

/** Letters of any version, unless a version is named. */
const ofViews = (views: readonly string[]): Filter<DeadLetter> => {
  const name = { $first: { $split: ['$view', '@'] } };
  const isNamed = { $or: [{ view: { $in: views } }, { $expr: { $in: [name, views] } }] };
  return views.length === 0 ? {} : isNamed;
};
