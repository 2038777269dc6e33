import { Command, CommanderError } from 'commander';
import { MongoServerSelectionError } from 'mongodb';
import { UnregisteredSchemaError } from '#kernel/codec/codec.ts';
import { RegistryAwayError } from '#kernel/codec/registry-requests.ts';
import { SchemaRefusedError } from '#kernel/codec/schema-registry.ts';
import { ConfigError } from '#kernel/config.ts';
import { InDoubtError, LaneReadError, LogUnavailableError, TopicError } from '#kernel/log/log.ts';
import { disablePretenuring } from '#kernel/service/pretenuring.ts';
import { deadLettersCommand } from './dead-letters/dead-letters.ts';
import { copyCommand } from './log/copy.ts';
import { eventsCommand } from './log/events.ts';
import { exit, ToolError } from './tool/exit.ts';
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
];

/** Errors that the user can mend: their message says how, so no stack is printed. */
const told = [
  ...[ToolError, ConfigError, TopicError, LaneReadError, LogUnavailableError, InDoubtError],
  ...[RegistryAwayError, SchemaRefusedError, UnregisteredSchemaError, MongoServerSelectionError],
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

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its error already; its exit code is 0 after --help.
  if (error instanceof CommanderError) process.exitCode = error.exitCode && exit.failed;
  else {
    const known = told.some((type) => error instanceof type);
    const { message, stack } = error as Error;
    process.stderr.write(`${known ? message : stack}\n`);
    process.exitCode = exit.failed;
  }
}
