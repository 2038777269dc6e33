import type express from 'express';
import { MongoClient } from 'mongodb';
import { bareApp, serve } from '../commands/baseline.ts';

/** Baselines: bare Express with a body of some size, and a handler that reads one document. */

const client = await MongoClient.connect(process.env.MONGO_URL!);
const documents = client
  .db(process.env.MONGO_DATABASE)
  .collection<{ _id: string }>(process.env.COLLECTION!);

const app = bareApp();
app.set('etag', false);
const bodies = new Map<number, object>();
app.get('/bytes/:size', (req, res) => {
  const size = Number(req.params.size);
  const body = bodies.get(size) ?? { text: 'x'.repeat(size) };
  bodies.set(size, body);
  res.json(body);
});
app.get('/documents/:id', async (req: express.Request<{ id: string }>, res) => {
  res.json(await documents.findOne({ _id: req.params.id }));
});
await serve(app);
