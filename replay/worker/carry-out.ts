import type { Lease } from '#kernel/leases/leases.ts';
import type { LetterFilter } from '#kernel/operations/letter-filter.ts';
import {
  Generations,
  generationsOf,
  readModelsOf,
  viewId,
} from '#kernel/projector/generations/generations.ts';
import { prepareProjections } from '#kernel/projector/runner.ts';
import type { Act, JobDocument } from '#schemas/operations/jobs-view.ts';
import { ToolError } from '../tool/exit.ts';
import { keepAsOf } from '../views/as-of.ts';
import { drop } from '../views/drop.ts';
import { builderOf, serve } from '../views/generation.ts';
import { withLease } from '../views/lease.ts';
import { countsOf, rebuildView } from '../views/rebuild.ts';
import { asOfNamed, projectionOf, projectionsOf } from '../views/views.ts';
import type { JobWork } from './job-work.ts';
import { keptProgress } from './kept-progress.ts';
import { discardLetters, retryLetters } from './letter-jobs.ts';

export type Input = {
  views: string[];
  view: string;
  diff: boolean;
  serve: boolean;
  throttle?: number;
  name: string;
  time: string;
  filter: LetterFilter;
  reason: string;
};

/**
 * Does a job, or what is left of it.
 * @returns what came of it, in a sentence. @throws ToolError if it can't be done.
 */
export async function carryOut({ act, input }: JobDocument, work: JobWork): Promise<string> {
  const given = JSON.parse(input) as Input;
  switch (act as Act) {
    case 'rebuild':
      return rebuild(given, work);
    case 'switch':
      return serveOther(given.view, 'kept', work);
    case 'rollback':
      return serveOther(given.view, 'previous', work);
    case 'as-of':
      return asOf(given, work);
    case 'drop':
      return dropNamed(given, work);
    case 'retry':
      return retryLetters(given.filter, work);
    case 'discard':
      return discardLetters(given, work);
  }
}

async function rebuild(input: Input, work: JobWork): Promise<string> {
  const { tool, known, keep } = work;
  const wanted = projectionsOf(input.views, input.views.length === 0);
  await prepareProjections(tool.db);
  const options = { all: false, diff: input.diff, switch: input.serve, threads: 1, dryRun: false };
  const targets = { ...known.targets };
  const results = [...known.results];
  for (const projection of wanted) {
    const id = viewId(projection.view);
    if (results.some(({ what }) => what === id)) continue;
    tool.stop.throwIfAborted();
    const result = await withLease(tool, builderOf(projection), async (lease) => {
      // An earlier worker was killed after it had served or kept what it had built.
      const model = await new Generations(tool.db, projection.view).read();
      const built = targets[id];
      const isDone =
        built !== undefined &&
        [model?.active, model?.previous, ...(model?.kept ?? [])].includes(built);
      if (isDone) return { what: id, ok: true, detail: `${built} was built` };
      const onBuilt = (generation: string) => {
        targets[id] = generation;
        return keep({ targets });
      };
      const throttle = input.throttle === undefined ? {} : { throttle: input.throttle };
      const progress = keptProgress(id, keep, input.throttle);
      const with_ = { ...options, ...throttle, onBuilt };
      const rebuilding = rebuildView(tool, projection, with_, lease, progress);
      const rebuilt = await rebuilding.finally(progress.stop);
      if (rebuilt.differences) await keep({ differences: { ...rebuilt.differences } });
      const { generation, switched } = rebuilt;
      const ends = switched ? 'is served now' : 'is kept';
      return { what: id, ok: true, detail: `${generation} ${ends} (${countsOf(rebuilt)})` };
    });
    results.push(result);
    await keep({ results, build: null });
  }
  return results.map(({ what, detail }) => `${what}: ${detail}`).join('; ');
}

/** The target is kept before it is served: a second rollback would undo the first one. */
async function serveOther(
  name: string,
  which: 'kept' | 'previous',
  { tool, known, keep }: JobWork,
): Promise<string> {
  const projection = projectionOf(name);
  const generations = new Generations(tool.db, projection.view);
  return withLease(tool, builderOf(projection), async (lease: Lease) => {
    const model = await generations.read();
    const found = which === 'kept' ? model?.kept?.at(-1) : model?.previous;
    const generation = known.targets?.[generations.id] ?? found;
    if (!generation) {
      throw new ToolError(`${generations.id} has no generation ${which}; rebuild it first.`);
    }
    await keep({ targets: { [generations.id]: generation } });
    if (model?.active !== generation) await serve(tool, { projection, generation, lease });
    return `${generations.id}: ${generation} is served now`;
  });
}

async function asOf({ name, time, views }: Input, { tool, keep }: JobWork): Promise<string> {
  const found = await asOfNamed(tool, name);
  const wanted = projectionsOf(views).map(({ view }) => viewId(view));
  const has = found?.views.map(({ view }) => view) ?? [];
  const isSame = `${has.sort()}` === `${wanted.sort()}`;
  const isThere = found?.builtAt && found.time.getTime() === Date.parse(time) && isSame;
  const progressFor = (view: string) => keptProgress(view, keep);
  if (!isThere) await keepAsOf(tool, { into: name, threads: 1, progressFor }, time, views);
  return `${name} shows ${time}; reads with ?asOf=${name} are answered from it`;
}

async function dropNamed({ name }: Input, { tool, known, keep }: JobWork): Promise<string> {
  const isKnown = known.targets !== null;
  const models = await readModelsOf(tool.db).find().toArray();
  const isThere =
    (await asOfNamed(tool, name)) !== null ||
    models.some((model) => generationsOf(model).includes(name));
  if (isKnown && !isThere) return `${name} is dropped`;
  if (isThere) await keep({ targets: { [name]: 'to be dropped' } });
  await drop(tool, {}, name);
  return `${name} is dropped`;
}
