import { Command } from 'commander';
import type { Db } from 'mongodb';
import { type AsOf, asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import {
  discard,
  Generations,
  generationsOf,
  readModelsOf,
} from '#kernel/projector/generations/generations.ts';
import { reserve, unreserve } from '#kernel/projector/generations/reservations.ts';
import { ToolError } from '../tool/exit.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';
import { asOfNamed, isView } from './views.ts';

const examples = `
Examples:
  npm run replay -- drop friday         an as-of
  npm run replay -- drop rankings.g7    a generation that is kept, previous, or unfinished
`;

/** `drop NAME`: drops an as-of, or a generation that is not served. */
export const dropCommand = new Command('drop')
  .description('Drops an as-of, or a generation that is not served.')
  .argument('<name>', 'name of an as-of or of a generation')
  .addHelpText('after', examples)
  .action(runs(drop));

export async function drop(tool: Tool, _: object, name: string): Promise<Outcome> {
  const { db } = tool;
  const dropped = { text: `${name} is dropped`, json: { dropped: name } };
  const asOf = await asOfNamed(tool, name);
  if (asOf) {
    await dropAsOf(db, asOf);
    return dropped;
  }
  const models = await readModelsOf(db).find().toArray();
  const model = models.find((one) => generationsOf(one).includes(name));
  if (!model && (await isView(tool, name))) {
    const marked = (await asOfNamed(tool, `as-of:${name}`)) && `as-of:${name}`;
    const cure = marked ? `\`drop ${marked}\` drops the as-of` : 'name one of its generations';
    throw new ToolError(`${name} is a view, which can't be dropped; ${cure}.`);
  }
  if (!model) {
    const cure = '`npm run replay -- status` lists them.';
    throw new ToolError(`There is no as-of and no generation ${name}; ${cure}`);
  }
  const view = { name: model.view, version: model.version, topics: [], indexes: [] };
  if (await new Generations(db, view).drop(name)) return dropped;
  throw new ToolError(`${name} is served now; switch or roll back first.`);
}

/** The name goes first, so that no read is answered from a half-dropped as-of. */
async function dropAsOf(db: Db, { _id, views }: AsOf): Promise<void> {
  // Reserved until they are dropped: whatever an interrupted drop leaves is dropped by projectors.
  for (const { view, generation } of views) {
    await reserve(db, view, viewOf(view), generation);
  }
  await asOfsIn(db).deleteOne({ _id });
  for (const { view, generation } of views) {
    await discard(db, generation);
    await unreserve(db, view, generation);
  }
}

/** @param id such as `parcels@1`. */
function viewOf(id: string) {
  const at = id.lastIndexOf('@');
  return { name: id.slice(0, at), version: Number(id.slice(at + 1)) };
}
