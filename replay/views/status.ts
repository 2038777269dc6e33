import { Command } from 'commander';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { type AsOf, asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import { type ReadModel, readModelsOf, viewId } from '#kernel/projector/generations/generations.ts';
import { LagMeter, type ViewLag } from '#kernel/projector/lag.ts';
import { application } from '../tool/application.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';

const { projections } = application;

/** `status`: every view's generations, and how far they have come. */
export const statusCommand = new Command('status')
  .description('Shows views, generations, lanes, lag, parked events, the last switch, and as-ofs.')
  .addHelpText('after', '\nExample:\n  npm run replay -- status --json\n')
  .action(runs(status));

/** A view version; versions unknown to this code have no lag. */
type ViewStatus = {
  view: string;
  active: string | null;
  previous: string | null;
  kept: string[];
  building: { generation: string; lanes: number } | null;
  switchedAt: Date | null;
  lag: Omit<ViewLag, 'view' | 'generation'> | null;
};

async function status(tool: Tool): Promise<Outcome> {
  const { db, log, prefix, lanes } = tool;
  const views = projections.map(({ view }) => view);
  const lags = await new LagMeter({ db, log, prefix, views, lanes }).measure();
  const models = await readModelsOf(db).find().sort({ _id: 1 }).toArray();
  const ids = new Set([...views.map(viewId), ...models.map(({ _id }) => _id)]);
  const shown = await Promise.all(
    [...ids].map((id) => {
      const model = models.find(({ _id }) => _id === id);
      const lag = lags.find(({ view }) => view === id);
      return statusOf(tool, id, model, lag);
    }),
  );
  const asOfs = await asOfsIn(db).find().sort({ _id: 1 }).toArray();
  const text = [...shown.map((one) => textOf(one, lanes)), ...asOfs.map(asOfText)].join('\n');
  return {
    text,
    json: { views: shown, asOfs: asOfs.map(({ _id, ...one }) => ({ name: _id, ...one })) },
  };
}

async function statusOf(
  { db }: Tool,
  view: string,
  model: ReadModel | undefined,
  measured: ViewLag | undefined,
): Promise<ViewStatus> {
  const generation = model?.building ?? null;
  const lanes = generation ? await checkpointsOf(db).countDocuments({ generation }) : 0;
  const { view: _, generation: __, ...lag } = measured ?? { view, generation: null };
  return {
    view,
    active: model?.active ?? null,
    previous: model?.previous ?? null,
    kept: model?.kept ?? [],
    building: generation === null ? null : { generation, lanes },
    switchedAt: model?.switchedAt ?? null,
    lag: 'lanes' in lag ? lag : null,
  };
}

/** As wide as the longest name of a view with its version. */
const width = 17;

function textOf(status: ViewStatus, lanes: number): string {
  const { view, active, previous, kept, building, switchedAt, lag } = status;
  const since = switchedAt ? ` since ${switchedAt.toISOString()}` : '';
  const others = [
    ...(previous ? [`previous ${previous}`] : []),
    ...(kept.length > 0 ? [`kept ${kept.join(', ')}`] : []),
    ...(building ? [`building ${building.generation}, ${building.lanes} of ${lanes} lanes`] : []),
  ];
  const served = active ? `serves ${active}${since}` : 'is not served yet';
  return [
    `${view.padEnd(width)} ${[served, ...others].join('; ')}`,
    ...(lag && active ? [`${''.padEnd(width)} ${lagText(lag)}`] : []),
  ].join('\n');
}

function lagText({ caughtUp, lanes, parked }: NonNullable<ViewStatus['lag']>): string {
  const late = lanes
    .filter(({ eventsBehind }) => eventsBehind > 0)
    .map(({ lane, eventsBehind, secondsBehind }) => {
      return `lane ${lane} ${eventsBehind} offsets, ${Math.round(secondsBehind)} s`;
    });
  const how = caughtUp ? 'caught up' : `behind: ${late.join('; ') || 'lanes without checkpoint'}`;
  return `${how}; ${parked} parked`;
}

function asOfText({ _id, time, views, builtAt }: AsOf): string {
  const names = views.map(({ generation }) => generation).join(', ');
  const how = builtAt ? '' : ' (not complete: the same `as-of` command resumes it)';
  return `as of ${time.toISOString()}: ${_id} has ${names}${how}`;
}
