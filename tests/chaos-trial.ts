import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { differences, inSeconds, longestSilence, settledLog } from './chaos-audit.ts';
import { gaps, identityOf, judge, type Verdict } from './chaos-checks.ts';
import { type Fleet, loadOf } from './chaos-fleet.ts';
import { historyOf, isOfKey, wronglyDecided } from './chaos-histories.ts';
import { invariants } from './chaos-invariants.ts';
import { withKeys } from './chaos-keys.ts';
import type { Load, Sent } from './chaos-load.ts';
import type { Committed } from './committed-events.ts';

/** How a fault affected the clients. */
export type Report = Verdict & {
  requests: number;
  /** The longest time in which no command of some lane was decided. */
  silenceMs: number;
  longestAnswerMs: number;
  sent: Sent[];
};

/** A node ends what takes longer, which is for what nobody has thought of. */
const longestAnswerMs = 20_000;

/**
 * Injects faults into a system under load, lets it recover, and checks its promises: the answers
 * against the log, the log against the rules, `write_state` and the views against the log.
 */
export async function trial(
  fleet: Fleet,
  name: string,
  injectFaults: (load: Load) => Promise<unknown>,
): Promise<Report> {
  const load = loadOf(fleet);
  const before = fleet.sent.length;
  await load.served();
  const startedAt = performance.now();
  const failure = await injectFaults(load).then(
    () => null,
    (error: unknown) => error ?? 'failed',
  );
  // A system that doesn't recover fails here; its requests are recorded before that is thrown.
  const stuck = await load.served().then(
    () => null,
    (error: unknown) => error,
  );
  fleet.sent.push(...(await load.stop()));
  // These include the requests that the test sent itself.
  const sent = fleet.sent.slice(before);
  const log = await settledLog(fleet.system, fleet.reactors.length > 0 ? undefined : () => true);
  const verdict = await withKeys(fleet.system, () => judge(sent, log));
  const report: Report = {
    ...{ ...verdict, requests: sent.length, sent },
    silenceMs: longestSilence(sent, startedAt),
    longestAnswerMs: Math.max(...sent.map(({ startedAt, endedAt }) => endedAt - startedAt)),
  };
  const recorded = await record(fleet, name, log);
  console.log(`${summary(name, fleet, report)}; recorded in ${recorded}`);
  if (failure ?? stuck) throw failure ?? stuck;
  await withKeys(fleet.system, () => expectAllIsWell(fleet, report, log));
  expect(await differences(fleet, log)).toEqual({});
  return report;
}

/** Checks all requests since the fleet's start, so that a repeated trial finds earlier losses. */
function expectAllIsWell({ sent }: Fleet, report: Report, log: readonly Committed[]): void {
  const events = log.map(({ event }) => event);
  const byIdentity = new Map(sent.map((one) => [identityOf(one), one]));
  const requests = new Set(sent.map(({ requestId }) => requestId));
  const { lost, doubled, contradictory, stale } = judge(sent, log);
  expect({
    ...{ lost, doubled, contradictory, stale, gaps: gaps(log), broken: invariants(log) },
    unexplained: sent.filter(({ status }) => status === 500).map(({ requestId }) => requestId),
    wronglyDecided: wronglyDecided(byIdentity, events, historyOf(events)),
    unasked: events
      .filter(({ meta }) => meta.source !== '/test' && meta.actor !== 'technical-support')
      .filter(({ meta }) => !byIdentity.has(meta.commandid) && !byIdentity.has(meta.correlationid))
      .filter((event) => !isOfKey(event) || !requests.has(event.meta.correlationid))
      .map(({ meta }) => `${meta.subject}@${meta.sequence}`),
  }).toEqual({
    ...{ lost: [], doubled: [], contradictory: [], stale: [], gaps: [], broken: [] },
    ...{ unexplained: [], wronglyDecided: [], unasked: [] },
  });
  expect(report.longestAnswerMs).toBeLessThan(longestAnswerMs);
}

function summary(name: string, { seed }: Fleet, report: Report): string {
  const { commands, acknowledged, inDoubt, found, lost, doubled, requests } = report;
  return [
    `${name}, seed ${seed}: ${commands} commands sent in ${requests} requests`,
    `${acknowledged} acknowledged, ${inDoubt} in doubt, ${found} of them found`,
    `${lost.length} lost, ${doubled.length} doubled`,
    `${inSeconds(report.silenceMs)} without service`,
    `longest answer ${inSeconds(report.longestAnswerMs)}`,
  ].join('; ');
}

/** Writes requests, answers and events to a file, for finding causes. @returns its path. */
async function record(
  { seed, sent }: Fleet,
  name: string,
  log: readonly Committed[],
): Promise<string> {
  const path = join(tmpdir(), `faults-${seed}-${name.replaceAll(/\W+/g, '-')}.ndjson`);
  const appended = log.map(({ lane, offset, event: { type, data, meta } }) => {
    return { lane, offset, type, data, ...meta };
  });
  const lines = [{ seed, name }, ...sent, ...appended].map((one) => JSON.stringify(one));
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}
