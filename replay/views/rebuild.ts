import { Command, InvalidArgumentError } from 'commander';
import type { Lease } from '#kernel/leases/leases.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { build } from '#kernel/projector/building/build.ts';
import type { BuildProgress } from '#kernel/projector/building/lane-board.ts';
import { endsByLane, endsOf } from '#kernel/projector/building/lane-fold.ts';
import type { Rebuilt } from '#kernel/projector/building/rebuild.ts';
import { catchUp } from '#kernel/projector/generations/catch-up.ts';
import { Generations, viewId } from '#kernel/projector/generations/generations.ts';
import { prepareProjections } from '#kernel/projector/runner.ts';
import { type Progress, progressOf } from '../tool/progress.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';
import { type Differences, differencesText } from './differences.ts';
import { builderOf, differencesFromServed, serve } from './generation.ts';
import { withLease } from './lease.ts';
import { keepPace } from './pace.ts';
import { otherThreads, threadsOption } from './threads.ts';
import { projectionsOf } from './views.ts';

export type RebuildOptions = {
  all: boolean;
  diff: boolean;
  switch: boolean;
  throttle?: number;
  threads: number;
  dryRun: boolean;
  /** Called before the new generation is served or kept. */
  onBuilt?(generation: string): Promise<void>;
};

/** The result for one view. */
export type RebuiltView = {
  view: string;
  generation: string;
  events: number;
  documents: number;
  parked: number;
  /** It went on with an unfinished build, which had read other events. */
  added: boolean;
  seconds: number;
  differences?: Differences | null;
  switched: boolean;
};

const examples = `
Examples:
  npm run replay -- rebuild rankings --diff       shows the changes of a new fold, and serves it
  npm run replay -- rebuild --all --throttle 20000
  npm run replay -- rebuild movies --no-switch    keeps it for: npm run replay -- switch movies
`;

/** `rebuild VIEW…`: folds the log from its first event, beside the served generation. */
export const rebuildCommand = new Command('rebuild')
  .description(
    'Builds views from the first event beside the served ones, then serves the new ones.',
  )
  .argument('[views...]', 'names of views')
  .option('--all', 'every view', false)
  .option('--diff', 'first compare with the served generation, at the same place in the log', false)
  .option('--no-switch', 'keep the new generation for `switch`')
  .option('--throttle <events>', 'read no more than this many events a second', perSecond)
  .addOption(threadsOption())
  .option('--dry-run', 'only say what would be done', false)
  .addHelpText('after', examples)
  .action(runs(rebuildViews));

function perSecond(text: string): number {
  const events = Number(text.replace(/\/s$/, ''));
  if (Number.isInteger(events) && events > 0) return events;
  throw new InvalidArgumentError(
    'The throttle is a whole number of events a second, as in 20000 or 20000/s.',
  );
}

async function rebuildViews(
  tool: Tool,
  options: RebuildOptions,
  names: string[],
): Promise<Outcome> {
  const wanted = projectionsOf(names, options.all);
  if (options.dryRun) return plan(tool, wanted, options);
  await prepareProjections(tool.db);
  const rebuilt: RebuiltView[] = [];
  for (const projection of wanted) {
    const progress = progressOf(viewId(projection.view));
    const work = (lease: Lease) => rebuildView(tool, projection, options, lease, progress);
    try {
      rebuilt.push(await withLease(tool, builderOf(projection), work));
    } finally {
      progress.stop();
    }
  }
  return { text: rebuilt.map(textOf).join('\n'), json: rebuilt };
}

export async function rebuildView(
  tool: Tool,
  projection: AnyProjection,
  options: RebuildOptions,
  lease: Lease,
  progress: Progress,
): Promise<RebuiltView> {
  const startedAt = performance.now();
  const stop = AbortSignal.any([tool.stop, lease.lost]);
  const { threads, throttle } = options;
  const pace = throttle ? { eventsPerSecond: throttle, since: Date.now() } : undefined;
  // A second's events at most: so progress is told, and a stop heeded, at the slowest pace too.
  const atOnce = throttle;
  const onProgress = (now: BuildProgress) => {
    progress.update(now);
    return keepPace(now, pace, stop);
  };
  const help = otherThreads({ ...tool, projection, threads, pace, onProgress: progress.update });
  const { generation, ...built } = await build({
    ...{ ...tool, projection, stop, atOnce, onProgress, help },
  });
  progress.stop();
  await options.onBuilt?.(generation);
  const beside = { projection, generation, lease };
  const differences = options.diff ? await differencesFromServed(tool, beside) : undefined;
  if (options.switch) await serve(tool, beside);
  else {
    await catchUp({ ...tool, ...beside }, await endsByLane(tool.log, { ...tool, projection }));
    await new Generations(tool.db, projection.view).keep(generation);
  }
  return {
    view: viewId(projection.view),
    generation,
    ...built,
    seconds: Math.round(performance.now() - startedAt) / 1_000,
    ...(options.diff && { differences: differences ?? null }),
    switched: options.switch,
  };
}

/** What was read, and what the generation has now. */
export const countsOf = ({ events, added, documents, parked }: Rebuilt): string =>
  `${events} ${added ? 'further ' : ''}events, ${documents} documents, ${parked} parked`;

function textOf(rebuilt: RebuiltView): string {
  const { view, generation, seconds, differences, switched } = rebuilt;
  const done = `${countsOf(rebuilt)}, ${seconds} s`;
  const ends = switched ? 'is served now' : 'is kept; `switch` serves it';
  const compared =
    differences === null
      ? ['  no generation was served yet, so none was compared']
      : differences && [
          `  compared with the generation served before: ${differencesText(differences)}`,
        ];
  return [`${view}: ${generation} ${ends} (${done})`, ...(compared ?? [])].join('\n');
}

async function plan(
  tool: Tool,
  wanted: readonly AnyProjection[],
  options: RebuildOptions,
): Promise<Outcome> {
  const views = await Promise.all(
    wanted.map(async (projection) => {
      const model = await new Generations(tool.db, projection.view).read();
      const ends = await endsOf(tool.log, { ...tool, projection });
      return {
        view: viewId(projection.view),
        served: model?.active ?? null,
        goesOnWith: model?.building ?? null,
        offsets: ends.flatMap(Object.values<number>).reduce((sum, end) => sum + end, 0),
        wouldSwitch: options.switch,
      };
    }),
  );
  const lines = views.map(({ view, served, goesOnWith, offsets }) => {
    const how = goesOnWith ? `resumes ${goesOnWith}` : 'begins a new generation';
    const then = options.switch ? `then switches from ${served ?? 'nothing'} to it` : 'keeps it';
    return `${view}: ${how}, reads up to ${offsets} offsets, ${then}`;
  });
  return { text: ['Nothing was done. A rebuild would do this:', ...lines].join('\n'), json: views };
}
