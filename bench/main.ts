import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { benchCommands } from './commands/commands.ts';
import { benchRebuild } from './rebuild/rebuild.ts';

/** `npm run bench [-- NAME]`: measures on real parts of its own, in a folder that it removes. */

export type BenchOptions = {
  rounds: number;
  seconds: number;
  connections: number[];
  streams: number[];
  events: number;
  /** A folder for a CPU profile of each measured process. */
  profile?: string;
};

const benches = { commands: benchCommands, rebuild: benchRebuild };
type Name = keyof typeof benches;
const names = Object.keys(benches) as Name[];

function positive(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It has to be a whole number above 0.');
}

await new Command('bench')
  .description('Measures this system against simpler ones, in one run, round by round.')
  .addArgument(new Argument('[name]', 'all of them without a name').choices(names))
  .option('--rounds <n>', 'how often each is measured', positive, 3)
  .option('--seconds <n>', 'commands: how long each is loaded', positive, 5)
  .option(
    '--connections <list>',
    'commands: how many callers at once',
    (text) => text.split(',').map(positive),
    [1, 16, 64, 256],
  )
  .option(
    '--streams <list>',
    'commands: how many streams there are before, in thousands',
    (text) => text.split(',').map((one) => positive(one) * 1_000),
    [1_000, 1_000_000],
  )
  .option('--events <n>', 'rebuild: how many votes', positive, 1_000_000)
  .option('--profile <dir>', 'write CPU profiles of what is measured', (dir) => resolve(dir))
  .addHelpText('after', '\nResults are written to bench/results/NAME.json.')
  .action(async (name: Name | undefined, options: BenchOptions) => {
    for (const one of name ? [name] : names) await benches[one](options);
  })
  .parseAsync();
