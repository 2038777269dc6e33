import { aggregatesOf, type Command } from '../aggregate.ts';
import { checkRoute, checkUnique } from '../service/unique-names.ts';
import { withAssertions } from './known-streams.ts';

/**
 * A command gets one part of a state with parts, so it has to name it. A rule of another aggregate
 * names none.
 * @throws Error naming the command or the rule.
 */
export function checkParts(commands: readonly Command[]): void {
  for (const { name, aggregate, part, items, requires = [] } of commands) {
    const { parts, topic } = aggregate;
    if (parts && !part && !items)
      throw new Error(`The state of ${topic} has parts: ${name} needs \`part\`.`);
    if (part && !parts) throw new Error(`${name} has \`part\`, but ${topic} has no \`parts\`.`);
    const rule = requires.find((one) => one.aggregate.parts);
    if (rule)
      throw new Error(`The rule ${rule.name} is about ${rule.aggregate.topic}, which has parts.`);
  }
}

/**
 * Commands are forwarded by name and rules asserted by name, and a topic belongs to one aggregate:
 * a name that stands for two of them would reach the wrong one.
 * @throws Error if a name or a route is used twice, or a route doesn't fit its command's input.
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
  const routes = commands.flatMap(({ route }) => route ?? []);
  checkUnique('routes', routes);
  for (const { name, route, input } of commands) if (route) checkRoute(name, route, input);
  checkUnique(
    'commands',
    withAssertions(commands).map(({ name }) => name),
  );
}
