import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { openTokens } from '#kernel/auth/tokens.ts';
import { bareApp, serve } from '../../commands/baseline.ts';
import { offsetsOf, votesOf } from './documents.ts';

/** Answers with a user's votes as soon as the lane has passed an offset. */

const { MONGO_URL, MONGO_DATABASE, AUTH_SECRET } = process.env;
const lookEveryMs = 5;
const tokens = openTokens({ secret: AUTH_SECRET });
const client = await new MongoClient(MONGO_URL!).connect();
const db = client.db(MONGO_DATABASE);
const [votes, offsets] = [votesOf(db), offsetsOf(db)];

const app = bareApp();

app.get('/v1/me/votes', async (req, res) => {
  const caller = await tokens.verify(req.headers.authorization);
  const [lane, offset] = req.get('Consistency-Token')!.split(':').map(Number);
  const hasPassed = async () => ((await offsets.findOne({ _id: lane! }))?.next ?? 0) > offset!;
  while (!(await hasPassed())) await pause(lookEveryMs);
  const mine = votes.find({ userId: caller!.userId }).sort({ castAt: -1, _id: 1 });
  res.json({ items: await mine.limit(Number(req.query.limit)).toArray() });
});

await serve(app);
