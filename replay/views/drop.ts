import { Command } from 'commander';
import {
  discard,
  Generations,
  generationsOf,
  readModelsOf,
} from '#kernel/projector/generations/generations.ts';
import { asOfsIn } from '#kernel/reading/as-of.ts';
import { ToolError } from '../tool/exit.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';

const examples = `
Examples:
  npm run replay -- drop friday         an as-of
  npm run replay -- drop rankings.g7    a generation that is kept, previous, or was being built
`;

/** `drop NAME`: forgets what was built beside what is served. */
export const dropCommand = new Command('drop')
  .description('Drops an as-of, or a generation that is not served.')
  .argument('<name>', 'what `as-of` was told, or a generation')
  .addHelpText('after', examples)
  .action(runs(drop));

async function drop({ db }: Tool, _: object, name: string): Promise<Outcome> {
  const dropped = { text: `${name} is gone`, json: { dropped: name } };
  // Its name first: nobody may read from what is half gone.
  const asOf = await asOfsIn(db).findOneAndDelete({ _id: name });
  for (const { generation } of asOf?.views ?? []) await discard(db, generation);
  if (asOf) return dropped;
  const models = await readModelsOf(db).find().toArray();
  const model = models.find((one) => generationsOf(one).includes(name));
  if (!model) {
    const cure = '`npm run replay -- status` lists what there is.';
    throw new ToolError(`There is no as-of and no generation ${name}; ${cure}`);
  }
  const view = { name: model.view, version: model.version, topics: [], indexes: [] };
  if (await new Generations(db, view).drop(name)) return dropped;
  throw new ToolError(`${name} is served now; switch or roll back first.`);
}
