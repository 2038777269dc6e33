import type { Db } from 'mongodb';
import { deadLettersOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import {
  generationsOf,
  type ReadModel,
  readModelsOf,
} from '#kernel/projector/generations/generations.ts';
import type { JobProgress } from '#schemas/operations/job-progress.ts';
import type { Act, JobDocument } from '#schemas/operations/jobs-view.ts';
import type { Input } from './carry-out.ts';

/**
 * What a cancelled job leaves, in a sentence, by what is there now: a worker may have been killed
 * before it could keep its last result.
 * @param progress null if no worker has begun the job.
 */
export async function leftOf(
  { act, input }: JobDocument,
  progress: JobProgress | null,
  db: Db,
): Promise<string> {
  if (!progress) return 'cancelled before it began';
  const given = JSON.parse(input) as Input;
  const parts = await partsOf(act as Act, given, progress, db);
  return `cancelled; ${parts.join('; ')}`;
}

async function partsOf(
  act: Act,
  { name, view, views }: Input,
  progress: JobProgress,
  db: Db,
): Promise<string[]> {
  const models = await readModelsOf(db).find().sort({ _id: 1 }).toArray();
  switch (act) {
    case 'rebuild': {
      const wanted = models.filter((model) => views.length === 0 || views.includes(model.view));
      return orNothing(wanted.flatMap((model) => builtOf(model, progress)));
    }
    case 'switch':
    case 'rollback':
      return orNothing(
        models.filter((model) => model.view === view).flatMap((model) => servedOf(model, progress)),
      );
    case 'as-of': {
      const asOf = await asOfsIn(db).findOne({ _id: name });
      if (!asOf) return orNothing([]);
      if (asOf.builtAt) return [`${name} is complete`];
      return [`${name} is unfinished: the same act goes on with it, and it can be dropped`];
    }
    case 'drop': {
      const isThere =
        (await asOfsIn(db).countDocuments({ _id: name })) > 0 ||
        models.some((model) => generationsOf(model).includes(name));
      return [`${name} ${isThere ? 'stays' : 'is dropped'}`];
    }
    case 'retry':
    case 'discard': {
      const ids = progress.letters ?? [];
      const left = await deadLettersOf(db).countDocuments({ _id: { $in: ids } });
      const done = act === 'retry' ? 'folded' : 'discarded';
      return [`${ids.length} letters found; ${ids.length - left} ${done}, ${left} left`];
    }
  }
}

const orNothing = (parts: string[]): string[] => (parts.length > 0 ? parts : ['nothing was done']);

/** What a rebuild has made of a view. */
function builtOf({ _id, active, kept, building }: ReadModel, progress: JobProgress): string[] {
  const { results, targets } = progress;
  const result = results.find(({ what }) => what === _id);
  if (result) return [`${_id}: ${result.detail}`];
  const built = targets?.[_id];
  if (built && built === active) return [`${_id}: ${built} is served now`];
  if (built && kept?.includes(built)) return [`${_id}: ${built} is kept`];
  if (!building) return [];
  return [`${_id}: ${building} is unfinished, and the next rebuild goes on with it`];
}

function servedOf({ _id, active }: ReadModel, { targets }: JobProgress): string[] {
  return active && targets?.[_id] === active ? [`${_id}: ${active} is served now`] : [];
}
