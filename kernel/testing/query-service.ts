import { randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { openTokens, signToken } from '../auth/tokens.ts';
import { defineSettings } from '../config.ts';
import { type ConsistencyToken, formatToken } from '../consistency-token.ts';
import { type AppOptions, createApp, finish } from '../http/app.ts';
import { lineQueryRoutes } from '../http/line-query-routes.ts';
import { listen } from '../http/listen.ts';
import { queryRoutes } from '../http/query-routes.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { type LiveDefinition, openLive } from '../live/open-live.ts';
import { LogPlaces } from '../log/log-places.ts';
import { ensureCollection } from '../mongo/ensure-collection.ts';
import { transact } from '../mongo/transact.ts';
import type { Operations } from '../operations/operations.ts';
import { type Changed, changedIn, changesOf, recordChanges } from '../projector/changes.ts';
import { checkpointId, checkpointsOf, initialProgress } from '../projector/checkpoint.ts';
import { Generations } from '../projector/generations/generations.ts';
import { copiesOf, type LineQuery, type Query } from '../query.ts';
import { type ReadLimits, readLimitsOf, SharedLimits } from '../reading/read-limits.ts';
import { openReadModels } from '../reading/read-models.ts';
import type { View } from '../view.ts';

const secret = 'a secret of at least 32 characters';
const logger = pino({ level: 'silent' });

export type QueryService = Awaited<ReturnType<typeof queryService>>;

type Asked = {
  queries?: readonly Query[];
  lineQueries?: readonly LineQuery[];
  views: readonly View[];
};

/** The topics of these views and another one, with six lanes each. */
function placesOf(views: readonly View[]): LogPlaces {
  const topics = [...views.flatMap((view) => view.topics), 'elsewhere'];
  return new LogPlaces({ topics: async () => new Map(topics.map((topic) => [topic, 6])) }, '');
}

function queriesApp(options: Pick<AppOptions, 'known' | 'registry' | 'rateLimits'>) {
  const tokens = openTokens({ secret });
  return createApp({ service: 'queries', logger, tokens: () => tokens, ...options });
}

/** Queries over a database of a test's own, whose documents the test writes itself. */
export async function queryService(
  mongo: string,
  options: Asked & {
    building?: readonly View[];
    limits?: Partial<ReadLimits>;
    live?: LiveDefinition;
    settings?: Record<string, string>;
    rateLimits?: RateLimits;
  },
) {
  const { queries = [], lineQueries = [], views, building = [] } = options;
  const { limits = {}, live, settings = {}, rateLimits } = options;
  const client = await MongoClient.connect(mongo);
  const database = `test-${randomUUID()}`;
  const db = client.db(database);
  const log = 'this-log';
  const stored = testViews(db, log);
  for (const view of views) if (!building.includes(view)) await stored.serve(view);
  const readModels = await openReadModels({
    ...{ client, database, views, log },
    copies: copiesOf([...queries, ...lineQueries]),
  });
  const shared = {
    ...{ queries, readModels, log, places: placesOf(views), operations: { db } as Operations },
    limits: new SharedLimits({ ...readLimitsOf(defineSettings({}).read({})), ...limits }),
  };
  const { router, known } = queryRoutes(shared);
  const [registry, config] = [new Registry(), defineSettings({}).read(settings)];
  const app = queriesApp({ known: () => known, registry, rateLimits });
  app.use(router, lineQueryRoutes(lineQueries, { ...shared, client, database }));
  const streams = live && openLive(live, { client, database, log, config, registry });
  if (streams) app.use(streams.routes);
  const server = await listen(finish(app, { logger }), { host: '127.0.0.1', port: 0 });

  return {
    db,
    ...stored,
    get fresh(): Record<string, string> {
      return stored.fresh();
    },
    consistencyToken: (at: `${string}:${number}`, offset: number, ofLog = log) =>
      formatToken({ log: ofLog, seen: { [at]: offset } }),
    async ask(path: string, headers: Record<string, string> = {}, signal?: AbortSignal) {
      return fetch(`${server.url}${path}`, { headers, ...(signal && { signal }) });
    },
    async as(
      user: string,
      roles: readonly string[] = [],
      ttlSeconds = 300,
    ): Promise<Record<string, string>> {
      const token = await signToken({ user, roles, secret, ttlSeconds });
      return { authorization: `Bearer ${token}` };
    },
    url: server.url,
    metrics: () => registry.metrics(),
    liveStreams: async () => {
      const gauge = await registry.getSingleMetric('live_streams')?.get();
      return gauge?.values[0]?.value;
    },
    /** As when the process is told to stop. */
    leave: async () => streams?.close(),
    async close() {
      await streams?.close();
      await server.close();
      await readModels.close();
      await db.dropDatabase();
      await client.close();
    },
  };
}

/** The documents of views, as tests write them, and the progress of the views. */
function testViews(db: Db, log: string) {
  const collections = new Map<string, string>();
  const served = new Set<View>();
  const seen: ConsistencyToken['seen'] = { 'elsewhere:0': 0 };
  let moves = 0;

  /** Gives a view its first generation, or another one: empty, with one lane. */
  const serve = async (view: View) => {
    const generations = new Generations(db, view);
    const generation = await generations.begin();
    await generations.createIndexes(generation);
    await checkpointsOf(db).insertOne({
      ...initialProgress(view.topics),
      ...{ _id: checkpointId(generation, 0), generation, lane: 0, updatedAt: new Date() },
    });
    await generations.activate(generation);
    collections.set(view.name, generation);
    served.add(view);
  };
  return {
    /** A token for all that was written before `written`: its sender gets no older answer. */
    fresh: () => ({ 'consistency-token': formatToken({ log, seen }) }),
    /**
     * Call it after writing documents: as if each view had seen one more event of each topic.
     * @param removed the ids of documents that were removed, or the names of their groups.
     */
    async written(...removed: string[]) {
      moves += 1;
      for (const view of served) {
        await move(db, view, { generation: collections.get(view.name)!, to: moves, removed });
        for (const topic of view.topics) seen[`${topic}:0`] = moves - 1;
      }
    },
    serve,
    collection: <D extends { _id: string }>(view: View<D>) =>
      db.collection<D>(collections.get(view.name) ?? ''),
    /** Lets a view have seen all of a topic's lane 0 before this offset. */
    moveTo: (view: View, topic: string, next: number) =>
      checkpointsOf(db).updateOne(
        { _id: checkpointId(collections.get(view.name) ?? '', 0) },
        { $set: { [`next.${topic}`]: next } },
      ),
    /** Tells copies in memory that these documents of a view, or groups, were changed. */
    change: (view: View, ids: readonly string[], documents?: Changed['documents']) =>
      tellCopies(db, collections.get(view.name)!, { ids, ...(documents && { documents }) }),
  };
}

type Move = { generation: string; to: number; removed: readonly string[] };

/** Moves a view to this offset of each topic. Copies read all of its documents. */
async function move(db: Db, view: View, { generation, to, removed }: Move) {
  const documents = await db.collection<{ _id: string }>(generation).find().toArray();
  const { ids } = changedIn(
    view,
    documents.map((document) => [document._id, { before: null, document }]),
  );
  if (view.copied) await tellCopies(db, generation, { ids: [...ids, ...removed] });
  const next = Object.fromEntries(view.topics.map((topic) => [`next.${topic}`, to]));
  await checkpointsOf(db).updateOne({ _id: checkpointId(generation, 0) }, { $set: next });
}

async function tellCopies(db: Db, generation: string, told: Changed) {
  const checkpoint = checkpointId(generation, 0);
  await ensureCollection(db, 'changes');
  await db.client.withSession((session) =>
    transact(session, async () => {
      const row = await checkpointsOf(db).findOneAndUpdate(
        { _id: checkpoint },
        { $inc: { changes: 1 } },
        { session, returnDocument: 'after' },
      );
      await recordChanges(changesOf(db), [{ checkpoint, number: row!.changes, ...told }], session);
    }),
  );
}
