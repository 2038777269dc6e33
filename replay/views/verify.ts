import { Command, InvalidArgumentError } from 'commander';
import { exit, ToolError } from '../tool/exit.ts';
import { type Outcome, runs } from '../tool/run.ts';
import type { Tool } from '../tool/tool.ts';
import { differ, differencesText } from './differences.ts';
import { verifyState } from './verify-state.ts';
import { type Verified, verifyView } from './verify-view.ts';
import { projectionsOf, viewNames } from './views.ts';

const examples = `
Examples:
  npm run replay -- verify rankings
  npm run replay -- verify --all                 every view, and write_state
  npm run replay -- verify votes --sample 1000   1,000 random documents
`;

const stateName = 'write_state';

/** `verify VIEW…`: compares the served documents with a fresh fold of the log. */
export const verifyCommand = new Command('verify')
  .description(
    'Folds the log afresh and compares with the served documents, while traffic goes on.',
  )
  .argument('[views...]', `names of views, or ${stateName} for the streams of command-api`)
  .option('--all', `every view, and ${stateName}`, false)
  .option('--sample <documents>', 'only this many random documents of a view', documentsOf)
  .addHelpText('after', `${examples}\nExit code 1 when anything differs.`)
  .action(runs(verify));

function documentsOf(text: string): number {
  const documents = Number(text);
  if (Number.isInteger(documents) && documents > 0) return documents;
  throw new InvalidArgumentError('The sample is a whole number of documents, from 1.');
}

async function verify(
  tool: Tool,
  { all, sample }: { all: boolean; sample?: number },
  names: string[],
): Promise<Outcome> {
  const wanted = namesOf(names, all);
  const verified: Verified[] = [];
  for (const name of wanted) {
    if (name === stateName) verified.push(await verifyState(tool));
    else verified.push(await verifyView(tool, projectionsOf([name])[0]!, sample));
  }
  const isDifferent = verified.some(({ differences }) => differ(differences));
  return {
    text: verified.map(textOf).join('\n'),
    json: verified,
    code: isDifferent ? exit.differs : exit.done,
  };
}

function namesOf(names: readonly string[], all: boolean): readonly string[] {
  if (all) return [...viewNames, stateName];
  if (names.length === 0) {
    throw new ToolError(`Name one view or more out of ${viewNames.join(', ')}, ${stateName}.`);
  }
  projectionsOf(names.filter((name) => name !== stateName).concat(viewNames));
  return names;
}

function textOf({ view, generation, documents, differences }: Verified): string {
  if (!differ(differences)) return `${view}: ${documents} documents of ${generation} are right`;
  const found = `${view}: ${generation} differs from the log`;
  return `${found} (log → stored): ${differencesText(differences)}`;
}
