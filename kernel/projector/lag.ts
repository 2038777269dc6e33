import type { Db } from 'mongodb';
import type { Log, Offset } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import type { View } from '../view.ts';
import { type Checkpoint, checkpointsOf } from './checkpoint.ts';
import { countLetters } from './dead-letters/dead-letters.ts';
import { readModelsOf, viewId } from './generations/generations.ts';

/** How far one lane of a view is behind the log. */
export type LaneLag = {
  lane: number;
  /**
   * Offsets to go, transaction markers included: all of them without a checkpoint, or with one
   * beyond the log's end.
   */
  eventsBehind: number;
  /** The age of the oldest event that is not folded yet, or a little more. */
  secondsBehind: number;
  /** How long the lane has stood still although there are events to read. */
  stalledSeconds: number;
};

export type ViewLag = {
  /** `parcels@1`. */
  view: string;
  /** The generation that is served; null while the first is being built. */
  generation: string | null;
  /**
   * A generation is served, and each of its lanes has reached the end that the log had at the look
   * before this one, or just had if this is the first. A busy log has a newer end at each look.
   */
  caughtUp: boolean;
  lanes: LaneLag[];
  /** Letters; of very many, 10,000. */
  parked: number;
};

export type LagOptions = {
  db: Db;
  log: Log;
  /** Stands before the topics' names in the log. */
  prefix: string;
  views: readonly View[];
  lanes: number;
};

/** Measures how far views are behind the log, from one look to the next. */
export class LagMeter {
  readonly #options: LagOptions;
  readonly #seen = new Map<string, { next: Offset; movedAt: number; caughtUpAt: number }>();
  #earlierEnds: ReadonlyMap<string, Offset[]> | null = null;

  constructor(options: LagOptions) {
    this.#options = options;
  }

  async measure(): Promise<ViewLag[]> {
    const { db, views } = this.#options;
    // Read the ends before the checkpoints: a lane whose checkpoint has reached them is caught up.
    const ends = await this.#ends();
    const models = await readModelsOf(db)
      .find({ _id: { $in: views.map(viewId) } })
      .toArray();
    const active = new Map(models.map(({ _id, active: generation }) => [_id, generation]));
    const generations = [...active.values()].filter((generation) => generation !== null);
    const rows = await checkpointsOf(db)
      .find({ generation: { $in: generations } })
      .toArray();
    const checkpoints = new Map(rows.map((row) => [row._id, row]));
    const aheadOf = (log: Map<string, Offset[]>) =>
      rows.filter(({ lane, next }) =>
        Object.entries(next).some(([topic, offset]) => offset > (log.get(topic)?.[lane] ?? 0)),
      );
    // A checkpoint may be ahead of an older end; ahead of a newer one, it is of another log.
    const newer = aheadOf(ends).length > 0 ? await this.#ends() : ends;
    for (const { _id } of aheadOf(newer)) checkpoints.delete(_id);
    const parked = await countLetters(db, generations);
    const lags = views.map((view) => {
      const generation = active.get(viewId(view)) ?? null;
      const lag = this.#viewLag(view, generation, ends, checkpoints);
      return { ...lag, parked: parked.get(generation ?? '') ?? 0 };
    });
    this.#earlierEnds = ends;
    return lags;
  }

  async #ends(): Promise<Map<string, Offset[]>> {
    const { log, prefix, views } = this.#options;
    const topics = [...new Set(views.flatMap((view) => view.topics))];
    const ends = await Promise.all(
      topics.map((topic) => log.stableOffsets(topicName(prefix, topic))),
    );
    return new Map(topics.map((topic, at) => [topic, ends[at]!]));
  }

  #viewLag(
    view: View,
    generation: string | null,
    ends: ReadonlyMap<string, Offset[]>,
    checkpoints: ReadonlyMap<string, Checkpoint>,
  ): Omit<ViewLag, 'parked'> {
    const lanes = Array.from({ length: this.#options.lanes }, (_, lane) => {
      const checkpoint = checkpoints.get(`${generation}/${lane}`);
      const eventsBehind = behind(view, lane, checkpoint, ends);
      return { lane, eventsBehind, ...this.#times(viewId(view), lane, eventsBehind, checkpoint) };
    });
    const earlier = this.#earlierEnds ?? ends;
    const caughtUp = lanes.every(({ lane }) => {
      const checkpoint = checkpoints.get(`${generation}/${lane}`);
      return checkpoint !== undefined && behind(view, lane, checkpoint, earlier) === 0;
    });
    return { view: viewId(view), generation, caughtUp, lanes };
  }

  #times(view: string, lane: number, eventsBehind: number, checkpoint: Checkpoint | undefined) {
    const now = Date.now();
    const next = Object.values(checkpoint?.next ?? {}).reduce((sum, one) => sum + one, 0);
    const before = this.#seen.get(`${view}/${lane}`);
    const seen = before ?? { next: -1, movedAt: now, caughtUpAt: 0 };
    if (next !== seen.next || eventsBehind === 0) seen.movedAt = now;
    if (eventsBehind === 0) seen.caughtUpAt = now;
    seen.next = next;
    this.#seen.set(`${view}/${lane}`, seen);
    // Events since the lane was last caught up can't be older than that moment.
    const since = Math.max(checkpoint?.lastTime ?? 0, seen.caughtUpAt) || now;
    return {
      secondsBehind: eventsBehind === 0 ? 0 : Math.max(0, now - since) / 1000,
      stalledSeconds: (now - seen.movedAt) / 1000,
    };
  }
}

/** Offsets from a checkpoint to these ends. */
function behind(
  { topics }: View,
  lane: number,
  checkpoint: Checkpoint | undefined,
  ends: ReadonlyMap<string, Offset[]>,
): number {
  const each = topics.map((topic) => ends.get(topic)![lane]! - (checkpoint?.next[topic] ?? 0));
  return each.reduce((sum, offsets) => sum + Math.max(0, offsets), 0);
}
