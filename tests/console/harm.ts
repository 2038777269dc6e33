import { MongoClient } from 'mongodb';
import { openLog } from '#kernel/log/kafka-log.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';

/** What no API does to a system, but foreign programs and accidents may. */

type Settings = Readonly<Record<string, string | undefined>>;

/** Events that no code can decode, as a foreign program may append them. */
export async function sendPastTheApi(
  { KAFKA_BROKERS = '', TOPIC_PREFIX = '' }: Settings,
  keys: readonly string[] = ['broken'],
): Promise<void> {
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const producer = await log.producer('past-the-api');
  const record = { topic: `${TOPIC_PREFIX}ranking`, lane: 0, timestamp: Date.now() };
  const value = Buffer.from('garbage');
  await producer.append(keys.map((key) => ({ ...record, key, value })));
  await producer.close();
  await log.close();
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
