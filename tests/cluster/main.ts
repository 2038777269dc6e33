import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '#local-stack/base/problem.ts';
import { runCluster, runClusterFor } from '#local-stack/commands/cluster.ts';
import { loadRun } from './load-run.ts';
import { type VictimKind, victimKinds } from './victims.ts';

/**
 * `npm run cluster`: the topology of `compose.cluster.yml` as processes, until Ctrl-C.
 * `npm run cluster -- --load 50 --kill` puts it to the test, and ends.
 */

const wholeNumber = (most: number) => (text: string) => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${most}.`);
  }
  return number;
};

function kinds(text: string): VictimKind[] {
  if (text === 'all') return [...victimKinds];
  return text.split(',').map((name) => {
    const kind = victimKinds.find((one) => one === name.trim());
    if (!kind) throw new InvalidArgumentError(`Known parts: ${victimKinds.join(', ')}.`);
    return kind;
  });
}

type Options = { load?: number; kill?: VictimKind[]; seconds?: number };

const program = new Command('npm run cluster --')
  .description(
    'Starts three brokers, three mongods, the schema registry and two of each service on this ' +
      'machine, until Ctrl-C. With --load, clients send commands and reads, all that was ' +
      'acknowledged is looked for in the log and the views, and it ends with 0 if all is there.',
  )
  .option('--load <clients>', 'so many clients, every two as one user', wholeNumber(500))
  .addOption(
    new Option('--kill [parts]', `kill -9 of one of each in turn: ${victimKinds.join(',')}`)
      .preset('all')
      .argParser(kinds),
  )
  .option('--seconds <number>', 'how long before the first kill (10)', wholeNumber(86_400));

const { load, kill = [], seconds = 10 } = program.parse().opts<Options>();
for (const [option, given] of Object.entries(program.opts<Options>())) {
  if (!load && given) program.error(`error: option '--${option}' needs '--load <clients>'`);
}
const ended = load ? runClusterFor(loadRun({ clients: load, kill, seconds })) : runCluster();
await ended.catch((error: unknown) => program.error(messageOf(error)));
