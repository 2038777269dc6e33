import type { Command } from 'commander';
import { z } from 'zod';
import type { Millis } from '#kernel/event.ts';
import { Moment } from '#kernel/moment.ts';
import { type EventLimits, isMeant, unlimited } from '#kernel/operations/event-limits.ts';
import type { Entry } from '#kernel/operations/log-entries.ts';
import { application } from '../tool/application.ts';
import { ToolError } from '../tool/exit.ts';

/** Selects events; every command that reads the log has the same options. */
export type EventFilter = {
  /** The topics to read, without prefix. */
  contexts: readonly string[];
  /** No event of this time or later is meant. */
  to: Millis;
  /** An undecodable record passes if its time does: its event may be one of those asked for. */
  matches(entry: Entry): boolean;
  /**
   * Equal for filters that select the same events of a topic, however they were written. ''
   * selects all, so that no record has to be decoded to know that it passes.
   */
  text: string;
};

export type FilterOptions = {
  topic?: string[];
  type?: string[];
  stream?: string;
  user?: string;
  from?: string;
  until?: string;
  correlation?: string;
  /** Those that the application adds. */
  [field: string]: unknown;
};

const { filters } = application;
const { contexts, eventSchemas } = application.schemas;

export const withFilterOptions = (command: Command): Command => {
  for (const name of Object.keys(filters)) {
    command.option(`--${name} <id>`, `only events about this ${name}`);
  }
  return command
    .option('--topic <names...>', `only events of these topics: ${contexts.join(', ')}`)
    .option('--type <names...>', 'only events of these types, such as VoteCast')
    .option('--stream <id>', 'only events of this stream, such as ranking/m81/alice')
    .option('--user <id>', 'only events about or by this user')
    .option(
      '--from <time>',
      'only events from this time on, such as 2026-11-24 or 2026-11-24T18:30:00Z',
    )
    .option('--until <time>', 'only events before this time')
    .option('--correlation <id>', 'only events that this request led to');
};

/** The application's options that are set, as the fields that they are about. */
const fieldsOf = (options: FilterOptions): EventLimits['fields'] =>
  Object.entries(filters).flatMap(([name, field]) =>
    options[name] === undefined ? [] : [[field, options[name]]],
  );

/** @throws ToolError naming the wrong option. */
export function eventFilter(options: FilterOptions): EventFilter {
  const { stream, user, correlation } = options;
  const fields = fieldsOf(options);
  const types = known('--type', options.type, [...contextOf.keys()]);
  const from = timeOf('--from', options.from) ?? Number.NEGATIVE_INFINITY;
  const to = timeOf('--until', options.until) ?? Number.POSITIVE_INFINITY;
  if (from >= to) throw new ToolError('--from has to be before --until.');
  const limits = { types, stream, fields, user, from, to, correlation };
  const topics = topicsOf(known('--topic', options.topic, contexts), types);
  const text = JSON.stringify(limits);
  return {
    contexts: topics,
    to,
    matches: (entry) => isMeant(entry, limits),
    text: text === JSON.stringify(unlimited) ? '' : text,
  };
}

const contextOf = new Map(eventSchemas.map(({ type, context }) => [type, context]));

function topicsOf(chosen: readonly string[] | null, types: readonly string[] | null): string[] {
  const ofTypes = types && new Set(types.map((type) => contextOf.get(type)));
  const topics = (chosen ?? contexts).filter((topic) => !ofTypes || ofTypes.has(topic));
  if (topics.length > 0) return topics;
  throw new ToolError('No event of --type is in a topic of --topic: leave one of them out.');
}

function known(
  option: string,
  names: readonly string[] | undefined,
  all: readonly string[],
): string[] | null {
  if (!names) return null;
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length === 0) return all.filter((name) => names.includes(name));
  const choice = [...all].sort().join(', ');
  throw new ToolError(`${option} ${unknown.join(' ')}: there is only ${choice}.`);
}

const Time = z.union([z.iso.date(), Moment]).transform((text) => Date.parse(text));

function timeOf(option: string, text: string | undefined): Millis | undefined {
  if (text === undefined) return undefined;
  const parsed = Time.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ToolError(`${option} ${text} is no time, as 2026-11-24 or 2026-11-24T18:30:00Z.`);
}
