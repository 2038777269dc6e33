import { Command } from 'commander';
import type { Lease } from '#kernel/leases/leases.ts';
import { Moment } from '#kernel/moment.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { rebuild } from '#kernel/projector/building/rebuild.ts';
import { type AsOf, asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import {
  Generations,
  newGeneration,
  takenOver,
  viewId,
} from '#kernel/projector/generations/generations.ts';
import { unreserve } from '#kernel/projector/generations/reservations.ts';
import { prepareProjections } from '#kernel/projector/runner.ts';
import { asOfName } from '#kernel/reading/as-of-name.ts';
import { ToolError } from '../tool/exit.ts';
import { type Progress, progressOf } from '../tool/progress.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';
import { withLease } from './lease.ts';
import { otherThreads, threadsOption } from './threads.ts';
import { isView, projectionsOf } from './views.ts';

const examples = `
Examples:
  npm run replay -- as-of 2026-11-20T18:00:00Z rankings movies --into friday
  curl -H "Authorization: Bearer $OPERATOR" 'http://127.0.0.1:4000/v1/rankings?asOf=friday'
  npm run replay -- diff friday rankings
  npm run replay -- drop friday
`;

/** `as-of TIME VIEW…`: builds views as they stood, beside the served ones. */
export const asOfCommand = new Command('as-of')
  .description('Builds views as they stood at a time; query-api serves them with `?asOf=NAME`.')
  .argument('<time>', 'time of the last event to count, such as 2026-11-20T18:00:00Z')
  .argument('<views...>', 'names of views')
  .requiredOption('--into <name>', 'name of the as-of: letters, digits, - and _; not of a view')
  .addOption(threadsOption())
  .addHelpText('after', examples)
  .action(runs(keepAsOf));

type AsOfOptions = {
  into: string;
  threads: number;
  /** Where the progress of a view's build is told; by default on standard error. */
  progressFor?: (view: string) => Progress;
};

export async function keepAsOf(
  tool: Tool,
  { into: name, threads, progressFor = (view) => progressOf(view) }: AsOfOptions,
  time: string,
  names: string[],
): Promise<Outcome> {
  const at = momentOf(time);
  if (!asOfName.test(name)) {
    throw new ToolError('--into takes 1 to 64 letters, digits, - and _.');
  }
  if (await isView(tool, name)) {
    const why = `${name} is the name of a view`;
    throw new ToolError(`--into ${name}: ${why}. Take another name, such as ${name}-then.`);
  }
  const projections = projectionsOf(names);
  await prepareProjections(tool.db);
  const holding = { role: `as-of:${name}`, what: `Building ${name}` };
  return withLease(tool, holding, async (lease) => {
    const generations = await begun(tool, name, at, projections);
    const built = [];
    for (const projection of projections) {
      const generation = generations.get(viewId(projection.view))!;
      const progress = progressFor(viewId(projection.view));
      const one = { projection, generation, at, lease, threads, progress };
      built.push(await buildAsOf(tool, one));
    }
    await asOfsIn(tool.db).updateOne({ _id: name }, { $set: { builtAt: new Date() } });
    const lines = built.map(
      ({ view, events, documents }) => `  ${view}: ${documents} documents, ${events} events read`,
    );
    const what = `${name} shows ${at.toISOString()}; reads with ?asOf=${name} are answered from it`;
    return { text: [what, ...lines].join('\n'), json: { name, time: at.toISOString(), built } };
  });
}

function momentOf(text: string): Date {
  const { data, error } = Moment.safeParse(text);
  if (error) throw new ToolError(`${text} ${error.issues[0]?.message}.`);
  if (Date.parse(data) <= Date.now()) return new Date(data);
  throw new ToolError(`${data} has not come yet, so its events are not known.`);
}

/** A generation for each view: a new one, or that of an interrupted run, taken over. */
async function begun(
  { db }: Tool,
  name: string,
  time: Date,
  projections: readonly AnyProjection[],
): Promise<Map<string, string>> {
  const asOfs = asOfsIn(db);
  const found = await asOfs.findOne({ _id: name });
  if (found) mustBeSame(found, time, projections);
  const views: AsOf['views'] = [];
  for (const { view } of projections) {
    const id = viewId(view);
    const before = found?.views.find((one) => one.view === id)?.generation;
    const taken = before === undefined ? null : await takenOver(db, view, before);
    views.push({ view: id, generation: taken ?? (await newGeneration(db, view)) });
  }
  const started = { time, views, startedAt: new Date(), builtAt: null };
  await asOfs.replaceOne({ _id: name }, started, { upsert: true });
  for (const { view, generation } of views) {
    if (await unreserve(db, view, generation)) continue;
    throw new ToolError(`${name} took too long to begin; try again.`);
  }
  return new Map(views.map(({ view, generation }) => [view, generation]));
}

function mustBeSame(found: AsOf, time: Date, projections: readonly AnyProjection[]): void {
  const has = found.views.map(({ view }) => view).sort();
  const wanted = projections.map(({ view }) => viewId(view)).sort();
  const isSame = found.time.getTime() === time.getTime() && `${has}` === `${wanted}`;
  if (isSame && found.builtAt === null) return;
  const what = `${found._id} is ${has.join(', ')} as of ${found.time.toISOString()} already`;
  throw new ToolError(`${what}. Take another name, or \`npm run replay -- drop ${found._id}\`.`);
}

type OneView = {
  projection: AnyProjection;
  generation: string;
  at: Date;
  lease: Lease;
  threads: number;
  progress: Progress;
};

async function buildAsOf(tool: Tool, one: OneView) {
  const { projection, generation, at, lease, threads, progress } = one;
  const view = viewId(projection.view);
  const onProgress = progress.update;
  try {
    const { events, documents, parked } = await rebuild({
      ...{ ...tool, projection, generation, asOf: at.getTime(), resumed: true },
      stop: AbortSignal.any([tool.stop, lease.lost]),
      onProgress,
      help: otherThreads({ ...tool, projection, threads, onProgress }),
    });
    await new Generations(tool.db, projection.view).createIndexes(generation);
    return { view, generation, events, documents, parked };
  } finally {
    progress.stop();
  }
}
