import { Command } from 'commander';
import { entriesOf } from '#kernel/operations/log-entries.ts';
import {
  discardLetter,
  type ParkedKey,
  type Retried,
  retryKey,
} from '#kernel/projector/dead-letters/dead-letter-retry.ts';
import { deadLettersOf, recordOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { knowErasures } from '../keys/known-erasures.ts';
import { exit, ToolError } from '../tool/exit.ts';
import { counted, print, say } from '../tool/output.ts';
import { type Tool, withTool } from '../tool/tool.ts';
import { keyText, letterJson, letterText, shownJson, shownText } from './letter-text.ts';
import {
  checkViews,
  discardedLetters,
  eachLetter,
  isReactors,
  keysOfLetters,
  letterOf,
  projectionOf,
  retriedByReactors,
} from './letters.ts';

type Json = { json: boolean };

const examples = `
Examples:
  npm run replay -- dead-letters list
  npm run replay -- dead-letters show rankings.g1/ranking/4/17
  npm run replay -- dead-letters retry --dry-run
  npm run replay -- dead-letters retry rankings
  npm run replay -- dead-letters discard rankings.g1/ranking/4/17 --reason "cast by a broken client"

An event that a view can't fold is parked, with every later event of its topic and key. After a
mended fold is deployed, retry folds these letters in order; live projectors may work on meanwhile.
Exit code: 0 done, 1 some letters are still parked after a retry, 2 the command failed.`;

export const deadLettersCommand = new Command('dead-letters')
  .description('Shows, retries or discards the events that a view could not fold.')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .addHelpText('after', examples);

deadLettersCommand
  .command('list')
  .description('Lists the first letter of each view, topic and key, and how many wait behind it.')
  .argument('[views...]', 'only letters of these views, such as rankings or rankings@2')
  .option('--all', 'list every letter', false)
  .option('--discarded', 'list the discarded letters, with the reasons', false)
  .action((views: string[], _own: unknown, command: Command) =>
    withTool((tool) => list(tool, views, command.optsWithGlobals())),
  );

deadLettersCommand
  .command('show')
  .description('Shows a letter with its record, its event if it can be decoded, error and stack.')
  .argument('<id>', 'id of the letter, as list shows it')
  .action((id: string, _own: unknown, command: Command) =>
    withTool((tool) => show(tool, id, command.optsWithGlobals())),
  );

deadLettersCommand
  .command('retry')
  .description(
    "Decodes and folds letters with today's code, in order; letters that still fail stay.",
  )
  .argument('[views...]', 'only letters of these views (default: all)')
  .option('--id <id>', 'only letters with the key of this letter')
  .option('--dry-run', 'only count the letters that would be folded', false)
  .action(async (views: string[], _own: unknown, command: Command) => {
    checkViews(views);
    const options: RetryOptions = command.optsWithGlobals();
    if (options.id && views.length > 0) throw new ToolError('Either views or --id, not both.');
    process.exitCode = await withTool((tool) => retry(tool, views, options));
  });

deadLettersCommand
  .command('discard')
  .description('Gives up a letter, kept with the reason, so that letters behind it can be folded.')
  .argument('<id>', 'id of the letter, as list shows it')
  .requiredOption('--reason <text>', 'why the letter is discarded')
  .action((id: string, _own: unknown, command: Command) =>
    withTool((tool) => discard(tool, id, command.optsWithGlobals())),
  );

async function list(
  { db }: Tool,
  views: readonly string[],
  { all, discarded, json }: Json & { all: boolean; discarded: boolean },
): Promise<void> {
  if (all || discarded) {
    const letters = discarded ? await discardedLetters(db, views) : await eachLetter(db, views);
    if (json) await print(...letters.map((letter) => JSON.stringify(letterJson(letter))));
    else await print(...letters.map(letterText), counted(letters.length, 'letter'));
    return;
  }
  const keys = await keysOfLetters(db, views);
  if (json) await print(...keys.map((key) => JSON.stringify(key)));
  else {
    const letters = keys.reduce((sum, key) => sum + key.letters, 0);
    await print(
      ...keys.map(keyText),
      `${counted(letters, 'letter')} of ${counted(keys.length, 'key')}`,
    );
  }
  if (keys.some(isReactors)) say(retriedByReactors);
}

async function show(tool: Tool, id: string, { json }: Json): Promise<void> {
  const letter = await letterOf(tool.db, id);
  await knowErasures(tool);
  const [entry] = await entriesOf([recordOf(letter, tool.prefix)], tool);
  if (json) await print(JSON.stringify(shownJson(letter, entry!)));
  else await print(shownText(letter, entry!));
}

type RetryOptions = Json & { id?: string; dryRun: boolean };

async function retry(
  tool: Tool,
  views: readonly string[],
  { id, dryRun, json }: RetryOptions,
): Promise<number> {
  const keys =
    id === undefined ? await keysOfLetters(tool.db, views) : [await keyToRetry(tool, id)];
  const others = keys.filter((key) => !projectionOf(key));
  const outcomes: (ParkedKey & Retried)[] = [];
  for (const key of keys) {
    const projection = projectionOf(key);
    if (!projection || tool.stop.aborted) continue;
    const { view, generation, lane, topic, key: name } = key;
    const parked = { view, generation, lane, topic, key: name };
    const retried = await retryKey({ ...tool, projection, dryRun }, parked).catch((error) => {
      if (!tool.stop.aborted) throw error;
    });
    if (!retried) break;
    const outcome = { ...parked, ...retried };
    outcomes.push(outcome);
    await print(json ? JSON.stringify({ dryRun, ...outcome }) : outcomeText(outcome, dryRun));
  }
  const left = outcomes.reduce((sum, outcome) => sum + outcome.left, 0);
  const folded = outcomes.reduce((sum, outcome) => sum + outcome.folded, 0);
  if (!json)
    await print(`${counted(folded, 'letter')} ${dryRun ? 'would be ' : ''}folded, ${left} left`);
  if (others.some(isReactors)) say(retriedByReactors);
  const versions = new Set(others.filter((key) => !isReactors(key)).map(({ view }) => view));
  for (const view of versions)
    say(`${view} is of another version: retry it with that version's code.`);
  if (tool.stop.aborted) return exit.interrupted;
  return left > 0 ? exit.differs : exit.done;
}

async function keyToRetry({ db }: Tool, id: string): Promise<ParkedKey> {
  const letter = await letterOf(db, id);
  if (isReactors(letter)) throw new ToolError(retriedByReactors);
  if (projectionOf(letter)) return letter;
  throw new ToolError(`${letter.view} is of another version: retry it with that version's code.`);
}

function outcomeText(outcome: ParkedKey & Retried, dryRun: boolean): string {
  const { view, topic, lane, key, folded, left, error } = outcome;
  const done = `${folded} ${dryRun ? 'would be ' : ''}folded`;
  const rest = left > 0 ? `, ${left} left: ${error}` : '';
  return `${view}, ${topic}/${lane}, key ${key}: ${done}${rest}`;
}

async function discard(
  { client, db }: Tool,
  id: string,
  { reason, json }: Json & { reason: string },
): Promise<void> {
  if (reason.trim() === '')
    throw new ToolError('--reason is empty: say why the letter is discarded.');
  const letter = await letterOf(db, id);
  if (!(await discardLetter(client, db, id, reason)))
    throw new ToolError(`${id} no longer exists.`);
  const { generation, topic, lane, key } = letter;
  const left = await deadLettersOf(db).countDocuments({ generation, topic, lane, key });
  if (json) await print(JSON.stringify({ discarded: id, reason, left }));
  else if (left === 0) await print(`${id} is discarded, and no letter of its key is left.`);
  else await print(`${id} is discarded. Behind it, ${counted(left, 'letter')} can be retried.`);
}
