import { setTimeout as pause } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { signToken } from '#kernel/auth/tokens.ts';
import { blocksOf, indexedPlaces } from '#kernel/event-index/blocks.ts';
import { eventFilters } from '#schemas/event-filters.ts';
import type { BenchOptions } from '../options.ts';
import { processorSeconds } from '../processor-time.ts';
import type { Filling } from '../projections/fill.ts';
import { votes } from '../projections/votes.ts';
import { load, rounded, type Target, table, writeResults } from '../results.ts';
import { progress, type Rig, startRig } from '../rig.ts';
import { versions } from '../versions.ts';
import type { TicketsToFill } from './fill-tickets.ts';

/**
 * Measures how soon operators see the events of something in a large log, and what the index that
 * makes this possible costs. One request at a time, each for another thing.
 */

const prefix = 'events.';
const settings = {
  ...{ TOPIC_PREFIX: prefix, MONGO_DATABASE: 'events' },
  ...{ REPLAY_WORKER_PORT: '0', COMMAND_API_URL: 'http://127.0.0.1:1' },
};
const tickets = 5_000;
/** As many events of all lanes as a busy node commits at once. */
const recordsAtOnce = 600;
const asked = 200;
const targetMs = 300;

type Kind = 'movie' | 'user' | 'ticket' | 'stream' | 'correlation';
type Measured = { kind: Kind; p50Ms: number; p99Ms: number; events: number };

export async function benchEvents({ logged }: BenchOptions): Promise<void> {
  const rig = await startRig({});
  try {
    await rig.deploy(prefix);
    await progress.step(`Append ${logged} votes, and ${tickets} tickets`, async () => {
      const filling: Filling = { prefix, count: logged, part: 0, parts: 1, recordsAtOnce };
      await rig.run('bench/projections/fill.ts', [JSON.stringify(filling)]);
      const toFill: TicketsToFill = { prefix, tickets };
      await rig.run('bench/events/fill-tickets.ts', [JSON.stringify(toFill)]);
    });
    const client = await new MongoClient(rig.settings.MONGO_URL!).connect();
    const db = client.db(settings.MONGO_DATABASE);
    const events = logged + 6 * tickets;
    const indexing = await progress.step('Index them', () => measureIndexing(rig, db, events));
    const measured = await progress.step('Ask for events', () => measureQueries(rig, logged));
    await client.close();
    progress.say(`\n${tableOf(measured)}\n\n${JSON.stringify(indexing)}\n`);
    const measuredWith = await versions(rig.settings.MONGO_URL!, ['mongodb']);
    const results = { versions: measuredWith, load: load(), events, indexing, measured };
    await writeResults('events', { what, ...results }, measured.map(targetOf));
  } finally {
    await rig.stop();
  }
}

const what =
  'Milliseconds of a request for the first 50 events of something, oldest or newest first in ' +
  'turn, without anything in memory; and what it took to index all events.';

const targetOf = ({ kind, p99Ms }: Measured): Target => ({
  ...{ what: `the events of a ${kind}, p99`, wanted: `< ${targetMs} ms`, measured: p99Ms },
  met: p99Ms < targetMs,
});

const tableOf = (measured: readonly Measured[]): string =>
  table(
    ['first 50 events of a', 'p50 ms', 'p99 ms', 'events'],
    measured.map(({ kind, ...row }) => [
      kind,
      ...[row.p50Ms, row.p99Ms, row.events].map((one) => String(rounded(one))),
    ]),
  );

/** Every event, from an empty index on, as after it was dropped. */
async function measureIndexing(rig: Rig, db: Db, events: number) {
  const roots = () => processorSeconds([rig.stores.mongod]);
  const mongodBefore = await roots();
  const begun = performance.now();
  const worker = await rig.start('replay-worker/main.ts', settings);
  const blocks = blocksOf(db, eventFilters);
  for (let before = -1, passed = 0; passed === 0 || passed > before; ) {
    before = passed;
    await pause(1_000);
    const places = await indexedPlaces(blocks).catch(() => new Map());
    passed = [...places.values()].reduce((sum, { next }) => sum + next, 0);
  }
  const seconds = (performance.now() - begun) / 1_000 - 1;
  const perEvent = (cpuSeconds: number) => rounded((cpuSeconds * 1e6) / events);
  const [own] = await Promise.all([processorSeconds([worker.pid])]);
  const indexing = {
    eventsPerSecond: rounded(events / seconds),
    workerMicrosPerEvent: perEvent(own),
    mongodMicrosPerEvent: perEvent((await roots()) - mongodBefore),
    ...(await sizeOf(db, blocks.collectionName)),
  };
  await worker.end();
  return indexing;
}

async function sizeOf(db: Db, collection: string) {
  const stats = await db.command({ collStats: collection, scale: 2 ** 20 });
  const { count, storageSize, totalIndexSize } = stats as Record<string, number>;
  return { blocks: count, documentsMb: storageSize, indexesMb: totalIndexSize };
}

async function measureQueries(rig: Rig, logged: number): Promise<Measured[]> {
  // It answers operators before it has any view, so none has to be built for this.
  const api = await rig.start('query-api/main.ts', settings, 0);
  const secret = rig.settings.AUTH_SECRET!;
  const token = await signToken({ user: 'olga', roles: ['operator'], secret, ttlSeconds: 3_600 });
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (kind: Kind, id: string, order: string) => {
    const query = new URLSearchParams({ [kind]: id, order, limit: '50' });
    const answer = await fetch(`${api.url}/v1/ops/events?${query}`, { headers });
    return { status: answer.status, body: (await answer.json()) as { items: unknown[] } };
  };
  while ((await ask('movie', 'm0', 'oldest')).status !== 200) await pause(100);
  const measured: Measured[] = [];
  for (const [kind, ids] of Object.entries(idsIn(logged)) as [Kind, string[]][]) {
    const times: number[] = [];
    let found = 0;
    for (const [at, id] of ids.entries()) {
      const begun = performance.now();
      const { status, body } = await ask(kind, id, at % 2 === 0 ? 'oldest' : 'newest');
      times.push(performance.now() - begun);
      if (status !== 200 || body.items.length === 0) throw new Error(`${kind} ${id}: ${status}`);
      found += body.items.length;
    }
    times.sort((a, b) => a - b);
    const share = (part: number) => rounded(times[Math.floor(times.length * part)]!);
    measured.push({ kind, p50Ms: share(0.5), p99Ms: share(0.99), events: found / ids.length });
  }
  return measured;
}

/** Ids of events out of the whole log: what many events are about is looked for more often. */
function idsIn(logged: number): Record<Kind, string[]> {
  const ids: Record<Kind, string[]> = {
    ...{ movie: [], user: [], stream: [], correlation: [] },
    ticket: Array.from({ length: asked }, (_, at) => `ticket${1 + at * (tickets / asked)}`),
  };
  const step = Math.floor(logged / asked);
  let at = 0;
  for (const { data, meta } of votes(logged)) {
    at += 1;
    if (at % step !== 0) continue;
    ids.movie.push(data.movieId);
    ids.user.push(data.userId);
    ids.stream.push(meta.subject);
    ids.correlation.push(meta.correlationid);
  }
  return ids;
}
