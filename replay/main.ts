import { Command, CommanderError } from 'commander';
import { disablePretenuring } from '#kernel/service/garbage.ts';
import { deadLettersCommand } from './dead-letters/dead-letters.ts';
import { rewrapCommand } from './keys/rewrap.ts';
import { copyCommand } from './log/copy.ts';
import { eventsCommand } from './log/events.ts';
import { exit } from './tool/exit.ts';
import { failureText } from './tool/failure.ts';
import { asOfCommand } from './views/as-of.ts';
import { diffCommand } from './views/diff.ts';
import { dropCommand } from './views/drop.ts';
import { rebuildCommand } from './views/rebuild.ts';
import { statusCommand } from './views/status.ts';
import { rollbackCommand, switchCommand } from './views/switch.ts';
import { verifyCommand } from './views/verify.ts';

/** `npm run replay -- COMMAND`: inspects the log and the views, and rebuilds the views. */

disablePretenuring();

/** Every command, in the order of `--help`. */
const commands: readonly Command[] = [
  statusCommand,
  rebuildCommand,
  switchCommand,
  rollbackCommand,
  asOfCommand,
  dropCommand,
  diffCommand,
  verifyCommand,
  eventsCommand,
  copyCommand,
  deadLettersCommand,
  rewrapCommand,
];

const program = new Command('npm run replay --')
  .description('Reads the log, and rebuilds, checks and repairs the views made from it.')
  .addHelpText(
    'after',
    '\nExit code: 0 done, 1 something differs or was rejected, 2 the command failed, ' +
      '130 interrupted.',
  )
  .exitOverride();
for (const command of commands) {
  program.addCommand(command.exitOverride().option('--json', 'machine-readable output', false));
}

// Without this, Node would end with 1, which means that something differs.
process.on('uncaughtException', fail);

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its error already; its exit code is 0 after --help.
  if (error instanceof CommanderError) process.exitCode = error.exitCode && exit.failed;
  else fail(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(exit.failed);
}
