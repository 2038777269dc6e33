import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { expect } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import { laneRowsIn } from '#kernel/writer/write-state.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { ask } from '../answers.ts';
import type { RunningConsole } from './running-console.ts';

/** What no API does to a system, but foreign programs and accidents may. */

type Settings = Readonly<Record<string, string | undefined>>;

/** The films of the tests are in this lane, so that its writer passes foreign events, too. */
const lane = 1;

/** Events that no code can decode, as a foreign program may append them. */
export async function sendPastTheApi(
  { KAFKA_BROKERS = '', TOPIC_PREFIX = '' }: Settings,
  keys: readonly string[] = ['broken'],
): Promise<void> {
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const producer = await log.producer('past-the-api');
  const record = { topic: `${TOPIC_PREFIX}ranking`, lane, timestamp: Date.now() };
  const value = Buffer.from('garbage');
  await producer.append(keys.map((key) => ({ ...record, key, value })));
  await producer.close();
  await log.close();
}

/**
 * Waits until the writer of the lane has stored that it is past all foreign events: who takes the
 * lane from a killed writer could not read them.
 */
export async function passForeignEvents({ system, commandApi }: RunningConsole): Promise<void> {
  const { KAFKA_BROKERS = '', TOPIC_PREFIX = '', MONGO_URL = '', MONGO_DATABASE } = system.settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const ends = await log.stableOffsets(`${TOPIC_PREFIX}ranking`);
  await log.close();
  const headers = await system.as(randomUUID(), 'viewer');
  const path = '/v1/movies/m2/vote';
  await ask(commandApi.url, `PUT ${path}`, { body: { vote: 'like' }, headers });
  await ask(commandApi.url, `DELETE ${path}`, { headers });
  const mongo = await MongoClient.connect(MONGO_URL);
  const rows = laneRowsIn(mongo.db(MONGO_DATABASE)).find({ _id: new RegExp(`^lane:${lane}@`) });
  await until(async () => {
    const [row] = await rows.clone().toArray();
    return (row?.next.ranking ?? 0) > (ends[lane] ?? 0);
  });
  await mongo.close();
}

/** Gives a film a thousand likes in the ranking that is served, which no event explains. */
export async function damageRanking(
  { MONGO_URL = '', MONGO_DATABASE }: Settings,
  movieId: string,
): Promise<void> {
  const mongo = await MongoClient.connect(MONGO_URL);
  try {
    const db = mongo.db(MONGO_DATABASE);
    const { active } = (await readModelsOf(db).findOne({ view: 'rankings' }))!;
    const served = db.collection<RankingDocument>(active as string);
    await served.updateOne({ _id: movieId }, { $inc: { likes: 1_000 } });
  } finally {
    await mongo.close();
  }
}

/** Lets the replay worker go on for moments, until it is amid its work, and kills it there. */
export async function killWorkerAmid(
  running: RunningConsole,
  isAmid: () => Promise<boolean>,
): Promise<void> {
  await stopWorkerAmid(running, isAmid);
  await running.replayWorker.end('SIGKILL');
}

/** Lets it go on for moments, until it is amid its work, where it stands still. */
export async function stopWorkerAmid(
  { replayWorker }: RunningConsole,
  isAmid: () => Promise<boolean>,
): Promise<void> {
  for (const end = Date.now() + 30_000; ; ) {
    process.kill(replayWorker.pid, 'SIGSTOP');
    if (await isAmid()) break;
    expect(Date.now(), 'the worker was not met amid its work').toBeLessThan(end);
    process.kill(replayWorker.pid, 'SIGCONT');
    // So little that it isn't done before it is met.
    await pause(2);
  }
}
