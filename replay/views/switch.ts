import { Command } from 'commander';
import { Generations } from '#kernel/projector/generations/generations.ts';
import { ToolError } from '../tool/exit.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';
import { builderOf, serve } from './generation.ts';
import { withLease } from './lease.ts';
import { projectionOf } from './views.ts';

/** `switch VIEW`: serves the generation that `rebuild --no-switch` has kept. */
export const switchCommand = new Command('switch')
  .description('Serves the newest generation that `rebuild --no-switch` has kept.')
  .argument('<view>', 'name of the view')
  .addHelpText('after', '\nExample:\n  npm run replay -- switch rankings\n')
  .action(runs(serves('kept')));

/** `rollback VIEW`: serves the previous generation again. */
export const rollbackCommand = new Command('rollback')
  .description('Lets the previous generation catch up, and serves it again.')
  .argument('<view>', 'name of the view')
  .addHelpText('after', '\nExample:\n  npm run replay -- rollback rankings\n')
  .action(runs(serves('previous')));

function serves(which: 'kept' | 'previous') {
  return (tool: Tool, _: object, name: string) => serveOther(tool, name, which);
}

async function serveOther(tool: Tool, name: string, which: 'kept' | 'previous'): Promise<Outcome> {
  const projection = projectionOf(name);
  const generations = new Generations(tool.db, projection.view);
  return withLease(tool, builderOf(projection), async (lease) => {
    const model = await generations.read();
    const generation = which === 'kept' ? model?.kept?.at(-1) : model?.previous;
    if (!generation) {
      const nothing = { kept: 'no generation kept to switch to', previous: 'no previous one' };
      const cure = '`npm run replay -- rebuild --no-switch` makes one.';
      throw new ToolError(`${generations.id} has ${nothing[which]}; ${cure}`);
    }
    await serve(tool, { projection, generation, lease });
    const before = model?.active ?? null;
    return {
      text: `${generations.id}: ${generation} is served now, before it ${before ?? 'nothing'}`,
      json: { view: generations.id, generation, before },
    };
  });
}
