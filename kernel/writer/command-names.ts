import { aggregatesOf, type Command } from '../aggregate.ts';
import { checkUnique } from '../service/unique-names.ts';
import { withAssertions } from './known-streams.ts';

/**
 * Commands are forwarded by name and rules asserted by name, and a topic belongs to one aggregate:
 * a name that stands for two of them would reach the wrong one.
 * @throws Error if a name is used twice.
 */
export function checkNames(commands: readonly Command[]): void {
  const rules = new Set(commands.flatMap(({ requires = [] }) => requires));
  const aggregates = new Set([
    ...aggregatesOf(commands),
    ...[...rules].map(({ aggregate }) => aggregate),
  ]);
  checkUnique(
    'rules',
    [...rules].map(({ name }) => name),
  );
  checkUnique(
    'aggregates for the topic',
    [...aggregates].map(({ topic }) => topic),
  );
  checkUnique(
    'commands',
    withAssertions(commands).map(({ name }) => name),
  );
}
