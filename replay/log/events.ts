import { Command, InvalidArgumentError, Option } from 'commander';
import type { Millis } from '#kernel/event.ts';
import type { LogRecord } from '#kernel/log/log.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { boundsOf, entriesOf, following, mergedByTime } from '#kernel/operations/log-entries.ts';
import { knowErasures } from '../keys/known-erasures.ts';
import { exit } from '../tool/exit.ts';
import { outputGone, print, say } from '../tool/output.ts';
import { type Tool, withTool } from '../tool/tool.ts';
import {
  type EventFilter,
  eventFilter,
  type FilterOptions,
  withFilterOptions,
} from './event-filter.ts';
import { type Format, formats, lineOf } from './event-lines.ts';

type Options = FilterOptions & {
  to?: string;
  follow: boolean;
  limit: number;
  format: Format;
  json: boolean;
};

const examples = `
Examples:
  npm run replay -- events --movie m81
  npm run replay -- events --type VoteCast VoteRetracted --user alice --from 2026-11-24
  npm run -s replay -- events --format cloudevents | head -100
  npm run replay -- events --follow --topic support

Events come in the order of their time, those of one lane in the order of the log. A record that
can't be decoded is shown as UNDECODABLE with the reason. Exit code: 0 done, 2 the command failed,
130 interrupted; --follow ends with Ctrl-C, or once --until has passed, and 0.`;

export const eventsCommand = withFilterOptions(new Command('events'))
  .description('Prints the events of the log, decoded.')
  .option('--to <time>', 'the same as --until')
  .option('--follow', 'then print new events as they come, until Ctrl-C or --until', false)
  .option('--limit <count>', 'stop after this many events', count, Number.POSITIVE_INFINITY)
  .addOption(new Option('--format <format>', 'output format').choices(formats).default('table'))
  .addHelpText('after', examples)
  .action(async (options: Options) => {
    const { to, until = to } = options;
    const filter = eventFilter({ ...options, ...(until !== undefined && { until }) });
    process.exitCode = await withTool((tool) => printEvents(tool, filter, options));
  });

function count(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The limit is a whole number from 1 on.');
}

async function printEvents(tool: Tool, filter: EventFilter, options: Options): Promise<number> {
  const { follow, json } = options;
  const format = json ? 'ndjson' : options.format;
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const stop = AbortSignal.any([tool.stop, outputGone]);
  await knowErasures(tool);
  let rest = options.limit;
  let undecodable = 0;
  for await (const records of recordsOf(tool, filter, follow, stop)) {
    const entries = (await entriesOf(records, tool)).filter(filter.matches).slice(0, rest);
    await print(...entries.map((entry) => lineOf(entry, format, columns)));
    undecodable += entries.filter(({ event }) => !event).length;
    rest -= entries.length;
    if (rest === 0 || stop.aborted) break;
  }
  if (undecodable > 0) say(`${undecodable} of these can't be decoded by today's code.`);
  return tool.stop.aborted && !follow ? exit.interrupted : exit.done;
}

/** The records there are, by time; then, with `follow`, new ones as they come. */
async function* recordsOf(
  { log, prefix, config }: Tool,
  filter: EventFilter,
  follow: boolean,
  stop: AbortSignal,
): AsyncGenerator<LogRecord[]> {
  const reader = log.reader();
  const topics = filter.contexts.map((context) => topicName(prefix, context));
  try {
    const bounds = await boundsOf(log, topics);
    yield* mergedByTime(reader, bounds);
    if (!follow) return;
    // A node whose clock is slow may append an event of an earlier time until then.
    const over = abortedAt(filter.to + config.clockToleranceMs, stop);
    const reached = bounds.until.map((position) => ({ ...position }));
    yield* following(reader, reached, over);
    if (stop.aborted) return;
    const { until } = await boundsOf(log, topics);
    yield* mergedByTime(reader, { from: reached, until });
  } finally {
    await reader.close();
  }
}

const lookEveryMs = 100;

/** Aborts with `stop`, or once this time has come. */
function abortedAt(time: Millis, stop: AbortSignal): AbortSignal {
  if (time === Number.POSITIVE_INFINITY) return stop;
  if (time <= Date.now()) return AbortSignal.abort();
  const over = new AbortController();
  const look = setInterval(() => time <= Date.now() && over.abort(), lookEveryMs).unref();
  const either = AbortSignal.any([over.signal, stop]);
  either.addEventListener('abort', () => clearInterval(look), { once: true });
  return either;
}
