import { ConfigError } from '@event-sourced/kernel/config';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { endIfOutputFails } from '#local-stack/base/output.ts';
import { type Config, settings } from '#schemas/config.ts';
import { authorization } from './authorization.ts';
import { columns, type Field, fieldOf, lacked, type NamedColumns } from './columns.ts';
import { ImportClient } from './import-client.ts';
import { notesOn } from './notes.ts';
import { type Progress, progressOn, tallyText } from './progress.ts';
import { Rejections } from './rejections.ts';
import { emptyTally, scrape } from './scrape.ts';
import { ScrapeError } from './scrape-error.ts';
import { openSource, type Source } from './source.ts';
import { openTable } from './table.ts';

/** `npm run scrape`: sends a CSV file's movies to the command API. */

type Options = { replace: boolean; url?: string; column?: NamedColumns; encoding?: string };

const exit = { done: 0, rowsRejected: 1, unusable: 2, interrupted: 130 } as const;

const command = new Command('npm run scrape --')
  .description('Imports movies from a CSV file in the Kaggle layout; running it again is safe.')
  .argument('<file>', '.csv or .csv.gz file, or - for standard input')
  .option('--replace', 'replace whole movies, also by others of another title and year', false)
  .option("--column <'OURS=THEIRS'>", 'the name that a column has in the file', namedColumn)
  .option('--encoding <name>', 'the encoding of a file that is not UTF-8 or UTF-16', encoding)
  .option('--url <url>', 'base URL of the command API')
  .addHelpText('after', help())
  .exitOverride()
  .action(async (file: string, options: Options) => {
    process.exitCode = await run(file, options, settings.ofProcess());
  });

async function run(file: string, options: Options, config: Config): Promise<number> {
  const url = baseUrl(options, config);
  const authorize = authorization(config);
  const source = await openSource(file);
  try {
    return await importFrom(source, { ...options, url }, authorize);
  } finally {
    source.close();
  }
}

async function importFrom(
  source: Source,
  { url, replace, encoding, column = {} }: Options & { url: string },
  authorize: () => Promise<string>,
): Promise<number> {
  const table = await openTable(source, { columns: column, ...(encoding && { encoding }) });
  const notes = notesOn(table, replace);
  const tally = emptyTally();
  const progress: Progress = progressOn({ output: process.stderr, tally, size: source.size });
  for (const note of notes) progress.say(note);
  const rejections = new Rejections(progress.say, tally);
  const client = new ImportClient({
    ...{ url, replace, bearer: authorize },
    keepDescriptions: lacked(table.header).includes('description') && !replace,
    onWait: (reason, waitMs) => progress.say(waitText(url, reason, waitMs)),
  });
  const end = () => {
    source.close();
    rejections.end();
    progress.stop();
    process.stdout.write(`${tallyText(tally)}\n`);
  };
  const interrupted = () => {
    end();
    process.exit(exit.interrupted);
  };
  process.once('SIGINT', interrupted);
  try {
    await scrape({
      ...{ source, table, client, tally },
      onRejected: (rejection) => rejections.add(rejection),
      onProgress: (position) => {
        rejections.settled();
        progress.update(position);
      },
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
    end();
  }
  return tally.rejected > 0 ? exit.rowsRejected : exit.done;
}

const waitText = (url: string, reason: string, waitMs: number): string =>
  `The command API at ${url}: ${reason}; trying again in ${(waitMs / 1_000).toFixed(1)} s. ` +
  '`npm start` starts it; --url or COMMAND_API_URL names another.';

/** Adds one `--column` to those before it. */
function namedColumn(text: string, before: NamedColumns = {}): NamedColumns {
  const [, ours = '', theirs = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const field: Field | null = fieldOf(ours);
  if (field && theirs.trim() !== '') return { ...before, [field]: theirs };
  const names = Object.values(columns).join(', ');
  throw new InvalidArgumentError(
    `Write the column's name here, then =, then its name in the file. Names here: ${names}.`,
  );
}

function encoding(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new InvalidArgumentError(
      'The names of the WHATWG Encoding Standard are known, such as windows-1252, macintosh, ' +
        'iso-8859-2, koi8-r, shift_jis, gb18030, utf-16le.',
    );
  }
}

function help(): string {
  return `
The columns:
  ${Object.values(columns).join(', ')}.
They may come in any order, and in other spellings. What a file does without:
  Revenue (Millions), Metascore   movies keep what they have; --replace clears it
  Description                     movies keep theirs; new ones get one made from the other columns
  Rank                            rows are numbered from 1
A column of another name is named with --column 'Runtime (Minutes)=Length', as often as needed.

Recognised: commas, semicolons, tabs or bars between cells, UTF-8 and UTF-16, decimal commas,
gzip, several genres as A,B or A|B or A;B or ['A', 'B']; NaN, NA, N/A, \\N, null, None and - are
missing values. Other encodings are named with --encoding windows-1252 (or macintosh, and all
others of the WHATWG Encoding Standard).

Exit code: 0 all rows are in, 1 rows were rejected, 2 unusable input.`;
}

function baseUrl(options: Options, config: Config): string {
  const url = options.url ?? config.commandApiUrl ?? `http://127.0.0.1:${config.commandApiPort}`;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new ScrapeError(`--url ${url} is not an http:// or https:// URL.`);
  }
  return url;
}

endIfOutputFails(exit.unusable);
try {
  await command.parseAsync();
} catch (error) {
  // Commander has printed its error already; its exit code is 0 after --help.
  if (error instanceof CommanderError) process.exitCode = error.exitCode && exit.unusable;
  else {
    const known = error instanceof ScrapeError || error instanceof ConfigError;
    process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = exit.unusable;
  }
}
