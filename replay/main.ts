import { Command, CommanderError } from 'commander';
import { MongoServerSelectionError } from 'mongodb';
import { UnregisteredSchemaError } from '#kernel/codec.ts';
import { ConfigError } from '#kernel/config.ts';
import { InDoubtError, LaneReadError, LogUnavailableError, TopicError } from '#kernel/log/log.ts';
import { RegistryAwayError, SchemaRefusedError } from '#kernel/schema-registry.ts';
import { keepEventsYoung } from '#kernel/young-events.ts';
import { asOfCommand } from './as-of.ts';
import { copyCommand } from './copy.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { diffCommand } from './diff.ts';
import { dropCommand } from './drop.ts';
import { eventsCommand } from './events.ts';
import { exit, ToolError } from './exit.ts';
import { rebuildCommand } from './rebuild.ts';
import { statusCommand } from './status.ts';
import { rollbackCommand, switchCommand } from './switch.ts';
import { verifyCommand } from './verify.ts';

/** `npm run replay -- COMMAND`: looks at the log and at what is made from it, and makes it anew. */

keepEventsYoung();

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

/** What is to be mended elsewhere than in this code: the message says where. */
const told = [
  ...[ToolError, ConfigError, TopicError, LaneReadError, LogUnavailableError, InDoubtError],
  ...[RegistryAwayError, SchemaRefusedError, UnregisteredSchemaError, MongoServerSelectionError],
];

const program = new Command('npm run replay --')
  .description('Reads the log, and rebuilds, checks and repairs what is made from it.')
  .addHelpText(
    'after',
    '\nExit code: 0 done, 1 something differs or was rejected, 2 it could not be done, ' +
      '130 interrupted.',
  )
  .exitOverride();
for (const command of commands) {
  program.addCommand(command.exitOverride().option('--json', 'machine-readable output', false));
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said it already; its code is 0 after --help.
  if (error instanceof CommanderError) process.exitCode = error.exitCode && exit.failed;
  else {
    const known = told.some((type) => error instanceof type);
    const { message, stack } = error as Error;
    process.stderr.write(`${known ? message : stack}\n`);
    process.exitCode = exit.failed;
  }
}
