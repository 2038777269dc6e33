import { randomUUID } from 'node:crypto';
import { type CommandStartedEvent, FindCursor, MongoClient } from 'mongodb';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  it,
  vi,
} from 'vitest';
import { checkpointsOf, initialProgress } from '../projector/checkpoint.ts';
import { Generations } from '../projector/generations/generations.ts';
import { startProjectors } from '../projector/runner.ts';
import { type Journal, journal, journalView, openScanLog, someScans } from '../testing/journal.ts';
import { openReadModels, type ReadModels } from './read-models.ts';

let client: MongoClient;
let database: string;
let readModels: ReadModels;
let generations: Generations;
const views = [journalView];

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
});
beforeEach(async () => {
  database = `read-models-${randomUUID().slice(0, 8)}`;
  generations = new Generations(client.db(database), journalView);
  readModels = await openReadModels({ client, database, views, log: 'log-1' });
});
afterEach(async () => {
  await readModels.close();
  await client.db(database).dropDatabase();
});
afterAll(() => client.close());

async function build(next: number): Promise<string> {
  const generation = await generations.begin();
  const progress = { ...initialProgress(['depots', 'parcels']), updatedAt: new Date() };
  await checkpointsOf(client.db(database)).insertMany(
    [0, 1].map((lane) => ({
      ...{ _id: `${generation}/${lane}`, generation, lane, ...progress },
      next: { depots: 0, parcels: next },
    })),
  );
  return generation;
}
const moveTo = (generation: string, next: number) =>
  checkpointsOf(client.db(database)).updateMany({ generation }, { $set: { 'next.parcels': next } });
const serving = (name: string) =>
  vi.waitFor(() => expect(readModels.collection(journalView).collectionName).toBe(name));
const token = (offset: number) => ({ log: 'log-1', seen: { 'parcels:1': offset } as const });

describe('read models', () => {
  it('are not ready, and refuse waiting reads, until a generation is served', async () => {
    expect(readModels.ready()).toBe(false);
    const building = expect.objectContaining({ code: 'read-model-building' });
    expect(() => readModels.collection(journalView)).toThrow(building);
    await expect(readModels.waitFor(views, token(0), 10)).rejects.toThrow(building);
    await generations.activate(await build(0));
    await vi.waitFor(() => expect(readModels.ready()).toBe(true), 5_000);
  });

  it('follow a switch to another generation', async () => {
    await generations.activate(await build(5));
    await serving('journal.g1');
    const second = await build(9);
    expect(await readModels.waitFor(views, token(4), 1_000)).toBe(true);
    expect(await readModels.waitFor(views, token(5), 50)).toBe(false);
    await generations.activate(second);
    await serving('journal.g2');
    expect(await readModels.waitFor(views, token(8), 1_000)).toBe(true);
  });

  it('let 500 waiting reads share their queries', async () => {
    const generation = await build(0);
    await generations.activate(generation);
    await serving(generation);
    let queries = 0;
    const count = ({ commandName, command }: CommandStartedEvent) => {
      if (commandName === 'find' && command.find === 'checkpoints') queries += 1;
    };
    client.on('commandStarted', count);
    const startedAt = performance.now();
    const waiting = Array.from({ length: 500 }, () => readModels.waitFor(views, token(3), 5_000));
    await moveTo(generation, 4);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => true));
    client.off('commandStarted', count);
    expect(queries).toBeLessThanOrEqual(3 + (performance.now() - startedAt) / 5);
  });

  it('never go back to progress that was read earlier and answered later', async () => {
    const generation = await build(5);
    await generations.activate(generation);
    await serving(generation);
    const release = Promise.withResolvers<void>();
    let [answered, heldBack] = [0, 0];
    const { toArray } = FindCursor.prototype;
    const spy = vi.spyOn(FindCursor.prototype, 'toArray');
    spy.mockImplementation(async function (this: FindCursor) {
      const rows = await toArray.call(this);
      if (this.namespace.collection !== 'checkpoints') return rows;
      heldBack += 1;
      if (heldBack === 1) await release.promise;
      answered += 1;
      return rows;
    });
    try {
      await vi.waitFor(() => expect(heldBack).toBe(1), 5_000);
      await moveTo(generation, 50);
      const offset = () => readModels.pin(views).seen.seen['parcels:1'] ?? -1;
      // The other loop reads the pointers, and progress with them, unless it waits for its turn.
      await vi.waitFor(() => expect(offset()).toBe(49), 4_000).catch(() => {});
      const offsets = [offset()];
      release.resolve();
      await vi.waitUntil(() => offsets.push(offset()) > 0 && answered >= 3, { interval: 5 });
      expect(offsets).toEqual(offsets.toSorted((one, other) => one - other));
    } finally {
      spy.mockRestore();
    }
  });

  it('know a lower bound of what all of the views have seen', async () => {
    const generation = await build(7);
    await generations.activate(generation);
    const seen = { 'parcels:0': 6, 'parcels:1': 6 };
    await vi.waitFor(() => expect(readModels.pin(views).seen).toEqual({ log: 'log-1', seen }));
  });
});

describe('a later version of a view', () => {
  it('is built beside the served version, and both keep up with the log', async () => {
    const world = await openScanLog('versions');
    const { codec, log, lanes, prefix, logId } = world;
    const parts = { client: world.client, database: world.database, log, codec, lanes, prefix };
    const laterView = { ...journalView, version: 2 };
    const open = (view: typeof journalView) =>
      openReadModels({ ...parts, views: [view], log: logId });
    await world.append(someScans(100, 5));
    const first = await startProjectors({ ...parts, projections: [journal] });
    const old = await open(journalView);
    await vi.waitFor(() => expect(old.ready()).toBe(true), 10_000);

    const later = { ...journal, view: laterView };
    const second = await startProjectors({ ...parts, projections: [later] });
    const current = await open(laterView);
    await vi.waitFor(() => expect(current.ready()).toBe(true), 10_000);
    const appended = await world.append(someScans(100, 5, 100));
    const seen = Object.fromEntries(
      appended.map(({ topic, lane, offset }) => [`${topic}:${lane}` as const, offset]),
    );
    const wanted = { log: logId, seen };
    expect(await old.waitFor([journalView], wanted, 5_000)).toBe(true);
    expect(await current.waitFor([laterView], wanted, 5_000)).toBe(true);
    const all = (models: ReadModels, view: typeof journalView) =>
      models
        .collection<Journal>(view)
        .find({}, { sort: { _id: 1 } })
        .toArray();
    expect(await all(current, laterView)).toEqual(await all(old, journalView));
    expect(current.collection(laterView).collectionName).toBe('journal.g2');
    await Promise.all([first.close(), second.close(), old.close(), current.close()]);
    await world.close();
  });
});
