import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { benchCommands, parts } from './commands/commands.ts';
import { contenders } from './commands/contenders.ts';
import { benchConsole } from './console/console.ts';
import { benchEvents } from './events/events.ts';
import { benchLive } from './live/live.ts';
import { type BenchOptions, namesOf, numbers, positive, whole } from './options.ts';
import { benchProjections } from './projections/projections.ts';
import { benchQueries } from './queries/queries.ts';
import { routes } from './queries/routes.ts';
import { benchVisible } from './visible/visible.ts';

/** `npm run bench [-- NAME]`: starts a stack of its own, measures on it, and removes its data. */

const benches = {
  commands: benchCommands,
  console: benchConsole,
  projections: benchProjections,
  visible: benchVisible,
  queries: benchQueries,
  events: benchEvents,
  live: benchLive,
};
type Name = keyof typeof benches;
const names = Object.keys(benches) as Name[];

await new Command('bench')
  .description('Measures this system against simpler ones, in one run, round by round.')
  .addArgument(new Argument('[name]', 'all of them without a name').choices(names))
  .option('--rounds <n>', 'how often each is measured', positive, 3)
  .option('--seconds <n>', 'how long services are loaded each time', positive, 5)
  .option('--connections <list>', 'commands: how many callers at once', numbers, [1, 64, 256])
  .option(
    '--streams <list>',
    'commands: how many streams there are before, in thousands',
    (text) => text.split(',').map((one) => positive(one) * 1_000),
    [1_000, 1_000_000],
  )
  .option('--only <list>', `commands: only some of ${parts.join(', ')}`, namesOf(parts))
  .option(
    '--contenders <list>',
    `commands: beside some of ${Object.keys(contenders).join(', ')}`,
    namesOf(Object.keys(contenders)),
  )
  .option('--beside <commit>', 'commands: beside the command API of another commit as well')
  .option('--warm-up <seconds>', 'commands: how long each contender is loaded before', positive, 30)
  .option('--movies <list>', 'queries, console: how many movies', numbers, [1_000, 100_000])
  .option(
    '--routes <list>',
    'queries: only some of the reads, without keeping the results',
    namesOf(routes.map(({ name }) => name)),
  )
  .option('--minutes <n>', 'console: how long rankings are watched', positive, 60)
  .option('--speed <n>', 'console: rankings move so many times as fast', positive, 1)
  .option('--events <n>', 'projections, queries: votes to rebuild from', positive, 1_000_000)
  .option('--large <n>', 'projections: many more of them, or 0', whole, 10_000_000)
  .option('--live <n>', 'projections: votes to follow where each has a document', positive, 300_000)
  .option('--peer <n>', 'projections: votes that the peer appends', positive, 10_000)
  .option(
    '--per-second <list>',
    'visible: commands to see the effect of',
    numbers,
    [50, 500, 1_000],
  )
  .option('--read-every <n>', 'visible: of so many commands one is read back', positive, 10)
  .option('--logged <n>', 'events: votes in the log', positive, 5_000_000)
  .option('--clients <n>', 'live: how many listen at once', positive, 10_000)
  .option('--votes <n>', 'live: votes a second meanwhile', positive, 500)
  .option('--profile <dir>', 'write CPU profiles of what is measured', (dir) => resolve(dir))
  .addHelpText('after', '\nResults are written to bench/results/NAME.json.')
  .action(async (name: Name | undefined, options: BenchOptions) => {
    for (const one of name ? [name] : names) await benches[one](options);
  })
  .parseAsync();
