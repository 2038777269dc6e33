import { ConfigError } from '@event-sourced/kernel/config';
import { Command, CommanderError } from 'commander';
import { endIfOutputFails } from '#local-stack/base/output.ts';
import { type Config, settings } from '#schemas/config.ts';
import { authorization } from './authorization.ts';
import { ImportClient } from './import-client.ts';
import { type Progress, progressOn, tallyText } from './progress.ts';
import { emptyTally, scrape } from './scrape.ts';
import { ScrapeError } from './scrape-error.ts';
import { openSource } from './source.ts';

/** `npm run scrape`: sends a CSV file's movies to the command API. */

type Options = { replace: boolean; url?: string };

const exit = { done: 0, rowsRejected: 1, unusable: 2, interrupted: 130 } as const;

const command = new Command('npm run scrape --')
  .description('Imports movies from a CSV file in the Kaggle layout; running it again is safe.')
  .argument('<file>', '.csv or .csv.gz file, or - for standard input')
  .option('--replace', 'replace a movie whose id has another title and year in the file', false)
  .option('--url <url>', 'base URL of the command API')
  .addHelpText('after', '\nExit code: 0 all rows are in, 1 rows were rejected, 2 unusable input.')
  .exitOverride()
  .action(async (file: string, options: Options) => {
    process.exitCode = await run(file, options, settings.ofProcess());
  });

async function run(file: string, options: Options, config: Config): Promise<number> {
  const url = baseUrl(options, config);
  const source = await openSource(file);
  const tally = emptyTally();
  const progress: Progress = progressOn({ output: process.stderr, tally, size: source.size });
  const client = new ImportClient({
    url,
    replace: options.replace,
    authorization: authorization(config),
    onWait: (reason, waitMs) => progress.say(waitText(url, reason, waitMs)),
  });
  const end = () => {
    source.bytes.destroy();
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
      source,
      client,
      tally,
      onRejected: ({ row, reason }) => progress.say(`row ${row} rejected: ${reason}`),
      onProgress: progress.update,
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
