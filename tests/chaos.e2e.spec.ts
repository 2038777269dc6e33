import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { aggregates } from '../command-api/commands.ts';
import { projections } from '../projectors/projections.ts';
import { gaps, judge, type Verdict } from './chaos-checks.ts';
import { type Compared, comparedState, comparedView } from './chaos-documents.ts';
import { type FaultName, type Fleet, faults, inject } from './chaos-faults.ts';
import { isAnswered, movieBody, type Sent, seeded, startLoad } from './chaos-load.ts';
import { type Committed, committedEvents } from './committed-events.ts';
import { startOwnStack } from './own-stack.ts';
import { startSystem, until } from './system.ts';

/**
 * Nodes, projectors, broker and mongod are killed, stopped and put to sleep while clients send;
 * then the log, `write_state` and the views are checked by program against what was answered.
 * CHAOS_SECONDS makes it longer than a glance, CHAOS_SEED repeats its choices.
 */

const seconds = Number(process.env.CHAOS_SECONDS ?? 12);
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const movies = Array.from({ length: 40 }, (_, n) => `m${n}`);
const longestAnswerMs = 30_000;
const random = seeded(seed);
let fleet: Fleet;
let mongo: MongoClient;

beforeAll(async () => {
  const stack = await startOwnStack();
  const system = await startSystem('chaos', stack.endpoints);
  mongo = await new MongoClient(stack.endpoints.mongo).connect();
  const nodes = await Promise.all([system.start('command-api'), system.start('command-api')]);
  const runners = await Promise.all([system.start('projectors'), system.start('projectors')]);
  fleet = { stack, system, nodes, projectors: runners, longestStopMs: 0 };
  const headers = await system.as('admin', 'catalogue');
  for (const movie of movies) {
    const answer = await fetch(`${nodes[0]?.url}/v1/movies/${movie}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(movieBody(movie, -1)),
    });
    expect(answer.status).toBe(201);
  }
});

afterAll(async () => {
  await fleet?.system.stop();
  await mongo?.close();
  await fleet?.stack.stop();
});

type Done = { fault: FaultName; tookMs: number; silenceMs: number };

/** Every fault in an order by the seed, again and again, until time is up. */
async function wreak(sent: readonly Sent[], untilMs: number): Promise<Done[]> {
  const done: Done[] = [];
  const names = Object.keys(faults) as FaultName[];
  while (performance.now() < untilMs) {
    const round = Math.floor(done.length / names.length);
    const left = names.filter(
      (name) => done.filter(({ fault }) => fault === name).length === round,
    );
    const fault = left[Math.floor(random() * left.length)] as FaultName;
    const [from, at] = [sent.length, performance.now()];
    await inject(fault, fleet, random);
    const tookMs = performance.now() - at;
    // Now and then the next one hits a system that has not got over this one.
    const isRested = random() < 0.75;
    if (isRested) await until(() => sent.slice(from).filter(isAnsweredSince(at)).length > 200);
    done.push({ fault, tookMs, silenceMs: longestSilence(sent.slice(from), at) });
  }
  return done;
}

const isAnsweredSince = (at: number) => (one: Sent) => isAnswered(one) && one.startedAt > at;

/** The longest time since a moment in which no command at all was answered. */
function longestSilence(sent: readonly Sent[], since: number): number {
  const answered = sent.filter(isAnswered).map(({ endedAt }) => endedAt);
  const moments = [since, ...answered.toSorted((a, b) => a - b), performance.now()];
  return Math.max(...moments.slice(1).map((at, before) => at - (moments[before] as number)));
}

/** What was sent, answered and appended, to look at when something is wrong. */
async function record(
  sent: readonly Sent[],
  done: readonly Done[],
  log: readonly Committed[],
): Promise<string> {
  const path = join(tmpdir(), `chaos-${seed}.ndjson`);
  const appended = log.map(({ lane, offset, event: { type, data, meta } }) => {
    return { lane, offset, type, data, ...meta };
  });
  const all = [{ seed, seconds, faults: done }, ...sent, ...appended];
  const lines = all.map((one) => JSON.stringify(one));
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** The projectors have passed everything in the log. */
async function caughtUp(log: readonly Committed[], prefix: string): Promise<void> {
  const db = mongo.db(fleet.system.settings.MONGO_DATABASE);
  const views = await db.collection('read_models').find().toArray();
  const active = views.map((view) => String(view.active));
  await until(
    async () => {
      const all = checkpointsOf(db).find({ generation: { $in: active } });
      const checkpoints = await all.toArray();
      return checkpoints.every(({ lane, next }) =>
        log.every((one) => {
          const reached = next[one.topic.slice(prefix.length)];
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

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function summary(sent: readonly Sent[], done: readonly Done[], verdict: Verdict): string {
  const silence = Math.max(...done.map(({ silenceMs }) => silenceMs));
  const { commands, acknowledged, inDoubt, found, lost, doubled } = verdict;
  const wrecked = done.map(({ fault, silenceMs }) => `${fault} (${inSeconds(silenceMs)} silent)`);
  return [
    `chaos, seed ${seed}: ${wrecked.join(', ')}`,
    `${sent.length} requests of ${commands} commands sent, ${acknowledged} acknowledged`,
    `${inDoubt} in doubt, ${found} of them found`,
    `${lost.length} lost, ${doubled.length} doubled`,
    `longest silence ${inSeconds(silence)}, answer ${inSeconds(longestAnswer(sent))}`,
    `stop ${inSeconds(fleet.longestStopMs)}`,
  ].join('; ');
}

const longestAnswer = (sent: readonly Sent[]) =>
  Math.max(...sent.map(({ startedAt, endedAt }) => endedAt - startedAt));

const limitMs = 120_000 + seconds * 2_000;

it('loses nothing, doubles nothing and answers honestly', { timeout: limitMs }, async () => {
  const { system, nodes } = fleet;
  const { MONGO_DATABASE: database, TOPIC_PREFIX: prefix = '' } = system.settings;
  const urls = () => nodes.map(({ url }) => url);
  const load = startLoad({ system, nodes: urls, seed, clients: 32, movies });
  const done = await wreak(load.sent, performance.now() + seconds * 1_000);
  const sent = await load.stop();
  const events = await committedEvents(system);
  const log = await events.all();
  await events.close();
  const verdict = judge(sent, log);
  console.log(`${summary(sent, done, verdict)}; recorded in ${await record(sent, done, log)}`);
  expect({ ...verdict, gaps: gaps(log) }).toMatchObject({
    ...{ lost: [], doubled: [], contradictory: [], stale: [], gaps: [] },
  });
  expect(longestAnswer(sent)).toBeLessThan(longestAnswerMs);
  await caughtUp(log, prefix);
  const db = mongo.db(database);
  expect(differing(await comparedState(db, log, prefix, aggregates))).toEqual([]);
  for (const projection of projections) {
    const compared = await comparedView(db, log, projection);
    expect(differing(compared), projection.view.name).toEqual([]);
  }
  expect(await db.collection('dead_letters').countDocuments()).toBe(0);
});
