import { Command } from 'commander';
import {
  Generations,
  generationsOf,
  readModelsOf,
} from '#kernel/projector/generations/generations.ts';
import { application } from '../tool/application.ts';
import { exit, ToolError } from '../tool/exit.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';
import { compareAll, type Differences, differ, differencesText } from './differences.ts';
import { inSnapshot } from './generation.ts';
import { asOfNamed } from './views.ts';

const { projections } = application;

const examples = `
Examples:
  npm run replay -- diff rankings.g7 rankings.g8
  npm run replay -- diff friday rankings     changes in the rankings since friday
  npm run replay -- diff friday saturday     every view that both as-ofs have
`;

/** `diff A B`: compares document by document. */
export const diffCommand = new Command('diff')
  .description('Compares two generations or as-ofs; a view’s name means its served generation.')
  .argument('<a>', 'a generation, an as-of, or a view')
  .argument('<b>', 'another')
  .addHelpText('after', `${examples}\nExit code 1 when they differ.`)
  .action(runs(diff));

type Compared = { view: string; a: string; b: string; differences: Differences };

async function diff(tool: Tool, _: object, a: string, b: string): Promise<Outcome> {
  const [left, right] = [await generationsNamed(tool, a), await generationsNamed(tool, b)];
  const compared: Compared[] = [];
  for (const [view, one] of left) {
    const other = right.get(view);
    if (!other) continue;
    compared.push({ view, a: one, b: other, differences: await differencesOf(tool, one, other) });
  }
  if (compared.length === 0) {
    const [has, and] = [left, right].map((names) => [...names.keys()].join(', '));
    throw new ToolError(`${a} (${has}) and ${b} (${and}) have no view in common.`);
  }
  const lines = compared.map(
    ({ view, a, b, differences }) => `${view}, ${a} → ${b}: ${differencesText(differences)}`,
  );
  const isDifferent = compared.some(({ differences }) => differ(differences));
  return { text: lines.join('\n'), json: compared, code: isDifferent ? exit.differs : exit.done };
}

/** The generations that a name stands for, by the names of their views. */
async function generationsNamed(tool: Tool, name: string): Promise<Map<string, string>> {
  const viewOf = (generation: string) => generation.slice(0, generation.lastIndexOf('.'));
  const { db } = tool;
  const asOf = await asOfNamed(tool, name);
  if (asOf?.builtAt) {
    return new Map(asOf.views.map(({ generation }) => [viewOf(generation), generation]));
  }
  const view = projections.find((one) => one.view.name === name)?.view;
  const active = view && (await new Generations(db, view).read())?.active;
  if (active) return new Map([[name, active]]);
  const models = await readModelsOf(db).find().toArray();
  if (models.some((model) => generationsOf(model).includes(name))) {
    return new Map([[viewOf(name), name]]);
  }
  const cure = '`npm run replay -- status` lists them.';
  throw new ToolError(`There is no generation, as-of or served view ${name}; ${cure}`);
}

/** Compares both generations at the same moment. */
const differencesOf = ({ client, db, stop }: Tool, a: string, b: string): Promise<Differences> =>
  inSnapshot(client, (session) => {
    const all = (name: string) =>
      db.collection<{ _id: string }>(name).find({}, { session, sort: { _id: 1 } });
    return compareAll(all(a), all(b), stop);
  });
