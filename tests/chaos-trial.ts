import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { contextOf } from '#kernel/log/topic-names.ts';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { until } from '#kernel/testing/until.ts';
import { projections } from '../projectors/projections.ts';
import { gaps, identityOf, judge, type Verdict } from './chaos-checks.ts';
import { type Compared, comparedState, comparedView } from './chaos-documents.ts';
import { type Fleet, loadOf } from './chaos-fleet.ts';
import { historyOf, wronglyDecided } from './chaos-histories.ts';
import { invariants, withoutOrder } from './chaos-invariants.ts';
import { isAnswered, type Load, type Sent } from './chaos-load.ts';
import { type Committed, committedEvents } from './committed-events.ts';

/** How a fault affected the clients. */
export type Report = Verdict & {
  requests: number;
  /** The longest time in which no command of some lane was decided. */
  silenceMs: number;
  longestAnswerMs: number;
  sent: Sent[];
};

const longestAnswerMs = 30_000;

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
  const log = await settledLog(fleet);
  const verdict = judge(sent, log);
  const report: Report = {
    ...{ ...verdict, requests: sent.length, sent },
    silenceMs: longestSilence(sent, startedAt),
    longestAnswerMs: Math.max(...sent.map(({ startedAt, endedAt }) => endedAt - startedAt)),
  };
  const recorded = await record(fleet, name, log);
  console.log(`${summary(name, fleet, report)}; recorded in ${recorded}`);
  if (failure ?? stuck) throw failure ?? stuck;
  expectAllIsWell(fleet, report, log);
  await expectDocuments(fleet, log);
  return report;
}

/** The log, once it has a service order for every ticket. */
async function settledLog({ system, reactors }: Fleet): Promise<Committed[]> {
  const events = await committedEvents(system);
  try {
    let log = await events.all();
    if (reactors.length === 0) return log;
    const isDone = async () => {
      log = await events.all();
      return withoutOrder(log).length === 0;
    };
    await until(isDone, { limitMs: 60_000 });
    return log;
  } finally {
    await events.close();
  }
}

/** Checks all requests since the fleet's start, so that a repeated trial finds earlier losses. */
function expectAllIsWell({ sent }: Fleet, report: Report, log: readonly Committed[]): void {
  const events = log.map(({ event }) => event);
  const byIdentity = new Map(sent.map((one) => [identityOf(one), one]));
  const { lost, doubled, contradictory, stale } = judge(sent, log);
  expect({
    ...{ lost, doubled, contradictory, stale, gaps: gaps(log), broken: invariants(log) },
    wronglyDecided: wronglyDecided(byIdentity, events, historyOf(events)),
    unasked: events
      .filter(({ meta }) => meta.source !== '/test' && meta.actor !== 'technical-support')
      .filter(({ meta }) => !byIdentity.has(meta.commandid) && !byIdentity.has(meta.correlationid))
      .map(({ meta }) => `${meta.subject}@${meta.sequence}`),
  }).toEqual({
    ...{ lost: [], doubled: [], contradictory: [], stale: [], gaps: [], broken: [] },
    ...{ wronglyDecided: [], unasked: [] },
  });
  expect(report.longestAnswerMs).toBeLessThan(longestAnswerMs);
}

async function expectDocuments(fleet: Fleet, log: readonly Committed[]): Promise<void> {
  const { MONGO_DATABASE, TOPIC_PREFIX: prefix = '' } = fleet.system.settings;
  const db = fleet.mongo.db(MONGO_DATABASE);
  await caughtUp(fleet, log);
  for (const projection of projections) {
    const compared = await comparedView(db, log, projection);
    expect(differing(compared), projection.view.name).toEqual([]);
  }
  let different: string[] = [];
  // A flush between the two reads makes a difference once; a real difference stays.
  await until(async () => {
    different = differing(await comparedState(db, log, prefix));
    return different.length === 0;
  }).catch(() => undefined);
  expect(different, 'write_state').toEqual([]);
  expect(await db.collection('dead_letters').countDocuments()).toBe(0);
}

/** Waits until the projectors have passed every event in the log. */
async function caughtUp({ mongo, system }: Fleet, log: readonly Committed[]): Promise<void> {
  const { MONGO_DATABASE, TOPIC_PREFIX: prefix = '' } = system.settings;
  const db = mongo.db(MONGO_DATABASE);
  const views = await db.collection('read_models').find().toArray();
  const active = views.map((view) => String(view.active));
  expect(active).toHaveLength(projections.length);
  await until(
    async () => {
      const all = checkpointsOf(db).find({ generation: { $in: active } });
      const checkpoints = await all.toArray();
      return checkpoints.every(({ lane, next }) =>
        log.every((one) => {
          const reached = next[contextOf(prefix, one.topic)];
          return one.lane !== lane || reached === undefined || reached > one.offset;
        }),
      );
    },
    { limitMs: 60_000 },
  );
}

const differing = <Document>({ stored, folded }: Compared<Document>) =>
  [...new Set([...stored.keys(), ...folded.keys()])].filter(
    (id) => !isDeepStrictEqual(stored.get(id), folded.get(id)),
  );

/** The longest time after a given moment in which no command of some lane was decided. */
export function longestSilence(sent: readonly Sent[], since: number): number {
  const end = Math.max(...sent.map(({ endedAt }) => endedAt));
  const silences = [...Map.groupBy(sent, ({ lane }) => lane).values()].map((some) => {
    const answered = some.filter(isAnswered).map(({ endedAt }) => endedAt);
    const moments = [since, ...answered.filter((at) => at > since).sort((a, b) => a - b), end];
    return Math.max(...moments.slice(1).map((at, before) => at - (moments[before] as number)));
  });
  return Math.max(...silences);
}

export const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

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
