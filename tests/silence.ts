import { MongoClient } from 'mongodb';
import { readerRole } from '#kernel/leases/presence.ts';

const minuteMs = 60_000;

/** Makes it a minute since the process at this URL told for the last time that it is there. */
export async function letTimePass(
  { MONGO_URL = '', MONGO_DATABASE }: Readonly<Record<string, string>>,
  url: string,
): Promise<void> {
  const client = await MongoClient.connect(MONGO_URL);
  try {
    const members = client.db(MONGO_DATABASE).collection<{ _id: string }>('members');
    const earlier = [{ $set: { expiresAt: { $subtract: ['$$NOW', minuteMs] } } }];
    await members.updateOne({ _id: `${readerRole}/${url}` }, earlier);
  } finally {
    await client.close();
  }
}
