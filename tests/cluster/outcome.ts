import { table } from '#local-stack/system/screen.ts';
import { longestSilence } from '../chaos-audit.ts';
import type { Verdict } from '../chaos-checks.ts';
import type { Sent } from '../chaos-load.ts';
import type { Committed } from '../committed-events.ts';
import type { Read } from './probes.ts';

/** What a cluster did under load, as a table, and all that should not have been. */

/** A part of a run, in which something was killed. Times are those of `performance.now()`. */
export type Period = { what: string; from: number; to: number };

export type Run = {
  sent: readonly Sent[];
  reads: readonly Read[];
  periods: readonly Period[];
  log: readonly Committed[];
  verdict: Verdict;
  /** What else is wrong, by what it is. */
  found: Record<string, readonly string[]>;
};

const none = '–';
const inSeconds = (ms: number) => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : none);

/** A row for each period, and one for all of them. */
export function tableOf(run: Run): string[] {
  const head = ['killed', 'no commands', 'no reads', 'order after', 'act after', 'longest answer'];
  const all = { what: 'all', from: run.periods[0]?.from ?? 0, to: run.periods.at(-1)?.to ?? 0 };
  const { commands, acknowledged, inDoubt, found } = run.verdict;
  return [
    ...table([
      [...head, 'lost', 'doubled'],
      ...[...run.periods, all].map((period) => rowOf(run, period)),
    ]),
    '',
    `${commands} commands, ${acknowledged} acknowledged; ${inDoubt} without an answer, of which ` +
      `${found} are in the log; ${run.reads.length} reads; ${run.log.length} events.`,
  ];
}

function rowOf({ sent, reads, log, verdict }: Run, { what, from, to }: Period): string[] {
  const here = sent.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const mentioned = (lines: readonly string[]) =>
    lines.filter((line) => what === 'all' || here.some((one) => line.includes(one.requestId)));
  const longest = Math.max(...here.map(({ startedAt, endedAt }) => endedAt - startedAt));
  const waited = (begin: string, end: string) => {
    const { waits } = waitsOf(log, begin, end);
    const since = performance.timeOrigin;
    const some = waits.filter(({ at }) => at >= since + from && at < since + to);
    return Math.max(...some.map(({ ms }) => ms));
  };
  return [
    what,
    inSeconds(longestSilence(sent, from, to)),
    inSeconds(longestSilence(reads, from, to)),
    inSeconds(waited('TicketOpened', 'ServiceOrderCreated')),
    inSeconds(waited('ActRequested', 'ActEnded')),
    inSeconds(longest),
    ...[verdict.lost, verdict.doubled].map((lines) => String(mentioned(lines).length)),
  ];
}

/** How long streams waited from one event to another, and those that still do. */
export function waitsOf(log: readonly Committed[], begin: string, end: string) {
  const ends = new Map(
    log
      .filter(({ event }) => event.type === end)
      .map(({ event: { meta } }) => [meta.subject, meta.time]),
  );
  const begun = log.filter(({ event }) => event.type === begin).map(({ event }) => event.meta);
  const waits = begun.flatMap(({ subject, time: at }) => {
    const over = ends.get(subject);
    return over === undefined ? [] : [{ at, ms: over - at }];
  });
  return { waits, open: begun.filter(({ subject }) => !ends.has(subject)) };
}

const shownOfEach = 5;

/** A line for each thing that is wrong; none if all is well. */
export function faultsOf({ verdict, found }: Run): string[] {
  const { lost, doubled, contradictory, stale } = verdict;
  const all: Record<string, readonly string[]> = { lost, doubled, contradictory, stale, ...found };
  return Object.entries(all).flatMap(([name, lines]) => {
    const more = lines.length - shownOfEach;
    const shown = lines.slice(0, shownOfEach).map((line) => `${name}: ${line}`);
    return more > 0 ? [...shown, `${name}: ${more} more`] : shown;
  });
}
