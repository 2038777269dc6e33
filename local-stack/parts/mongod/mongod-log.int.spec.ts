import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Stack, startStack } from '../stack.ts';

describe('mongod’s log', () => {
  let dataDir: string;
  let stack: Stack;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mongod-log-'));
    const { kafka, schemaRegistry } = inject('stack');
    stack = await startStack({ dataDir, elsewhere: { kafka, schemaRegistry } });
  });
  afterAll(async () => {
    await stack?.stop();
    await rm(dataDir, { recursive: true });
  });

  it('has no text of people, however slow an operation is, or if it fails', async () => {
    const text = 'on a rainy day with Bob';
    const client = new MongoClient(stack.endpoints.mongo);
    const notes = client.db('test').collection<{ _id: number; note: string }>('notes');
    await notes.insertOne({ _id: 1, note: text });
    const slow = await notes.find({ note: text, $where: 'sleep(400) || true' }).toArray();
    expect(slow).toHaveLength(1);
    await expect(notes.insertOne({ _id: 1, note: text })).rejects.toThrow('duplicate');
    await expect(notes.find({ note: { $nothing: text } }).toArray()).rejects.toThrow('$nothing');
    await client.close();
    const log = await readFile(join(dataDir, 'logs', 'mongod.log'), 'utf8');
    expect(log.length).toBeGreaterThan(500);
    expect(log).not.toContain(text);
  });
});
