import { isDeepStrictEqual } from 'node:util';
import type { MongoClient } from 'mongodb';
import { contextOf } from '#kernel/log/topic-names.ts';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { until } from '#kernel/testing/until.ts';
import { projections } from '../projectors/projections.ts';
import { type Compared, comparedState, comparedView } from './chaos-documents.ts';
import { withoutOrder } from './chaos-invariants.ts';
import { isAnswered } from './chaos-load.ts';
import { type Committed, committedEvents } from './committed-events.ts';
import type { System } from './system.ts';

/** What is asked of a system once a load has ended, apart from its answers. */

type Settings = Pick<System, 'settings'>;

/** The log, once nothing more is to come: by default, once every ticket has a service order. */
export async function settledLog(
  system: Settings,
  isSettled = (log: readonly Committed[]) => withoutOrder(log).length === 0,
): Promise<Committed[]> {
  const events = await committedEvents(system);
  try {
    let log: Committed[] = [];
    const isDone = async () => {
      log = await events.all();
      return isSettled(log);
    };
    await until(isDone, { limitMs: 60_000 });
    return log;
  } finally {
    await events.close();
  }
}

type Audited = { system: Settings; mongo: MongoClient };

/**
 * The ids of documents that don't follow from the log, by view, once the projectors have passed
 * every event in it; nothing if all is well. Dead letters and `write_state` are looked at too.
 */
export async function differences(
  audited: Audited,
  log: readonly Committed[],
): Promise<Record<string, string[]>> {
  const { MONGO_DATABASE, TOPIC_PREFIX: prefix = '' } = audited.system.settings;
  const db = audited.mongo.db(MONGO_DATABASE);
  await caughtUp(audited, log);
  const found: Record<string, string[]> = {};
  for (const projection of projections) {
    found[projection.view.name] = differing(await comparedView(db, log, projection));
  }
  // A flush between the two reads makes a difference once; a real difference stays.
  await until(async () => {
    found.write_state = differing(await comparedState(db, log, prefix));
    return found.write_state.length === 0;
  }).catch(() => undefined);
  const letters = await db.collection('dead_letters').find().toArray();
  found.dead_letters = letters.map(({ _id }) => String(_id));
  return Object.fromEntries(Object.entries(found).filter(([, ids]) => ids.length > 0));
}

/** Waits until the projectors have passed every event in the log. */
async function caughtUp({ mongo, system }: Audited, log: readonly Committed[]): Promise<void> {
  const { MONGO_DATABASE, TOPIC_PREFIX: prefix = '' } = system.settings;
  const db = mongo.db(MONGO_DATABASE);
  const views = await db.collection('read_models').find().toArray();
  const active = views.map((view) => String(view.active));
  if (active.length !== projections.length) {
    throw new Error(`${active.length} views are built, not ${projections.length}: ${active}`);
  }
  await until(
    async () => {
      const all = checkpointsOf(db).find({ generation: { $in: active } });
      const checkpoints = await all.toArray();
      return checkpoints.every(({ lane, next }) =>
        log.every((one) => {
          const reached = next[contextOf(prefix, one.topic)];
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

type Asked = { lane: number; status: number | null; endedAt: number };

/** The longest time between two moments in which no request of some lane was answered. */
export function longestSilence(
  sent: readonly Asked[],
  since: number,
  end = Math.max(...sent.map(({ endedAt }) => endedAt)),
): number {
  const silences = [...Map.groupBy(sent, ({ lane }) => lane).values()].map((some) => {
    const answered = some.filter(isAnswered).map(({ endedAt }) => endedAt);
    const between = answered.filter((at) => at > since && at < end).sort((a, b) => a - b);
    const moments = [since, ...between, end];
    return Math.max(...moments.slice(1).map((at, before) => at - (moments[before] as number)));
  });
  return Math.max(...silences);
}

export const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
