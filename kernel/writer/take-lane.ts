import { type Codec, UndecodableError, UnknownEventError } from '../codec/codec.ts';
import { within } from '../leases/within.ts';
import { LaneReadError, type Log, type LogRecord, type Position } from '../log/log.ts';
import { contextOf, topicName } from '../log/topic-names.ts';
import { LaneBrokenError, type LaneState } from './lane-state.ts';

export type LaneTopics = {
  lane: number;
  prefix: string;
  /** Topics without prefix: the contexts. */
  topics: readonly string[];
};

export type FoldOptions = LaneTopics & {
  log: Pick<Log, 'reader'>;
  codec: Codec;
  state: LaneState;
  /** Records that are passed over if they can't be decoded, as `<topic>/<lane>/<offset>`. */
  skipped?: ReadonlySet<string> | undefined;
  /** Reading without progress for so long ends the try, and the lane stays closed. */
  silenceMs: number;
};

const eventsAtOnce = 500;

/**
 * Brings a lane's state to the end of the log, which no other writer can append to any more. The
 * last stable offset would not do as the end: it lags behind commits that were answered.
 */
export async function foldLane(barriers: Position[], options: FoldOptions): Promise<void> {
  await options.state.take();
  checkTypes(options);
  await foldTo(barriers, options);
}

/**
 * The cached streams may hold events of a newer release, which folded them in its own way, so that
 * this code would not even meet them in the log.
 */
function checkTypes({ state, codec, lane }: FoldOptions): void {
  const unknown = state.row.types.filter((type) => !codec.knows(type));
  if (unknown.length === 0) return;
  const streams = `the streams of lane ${lane} have events of types that this code doesn't know`;
  throw new UnknownEventError(`${streams}: ${unknown.join(', ')}`);
}

/** The lane's partition of each topic. */
export const laneOfTopics = ({ lane, prefix, topics }: LaneTopics) =>
  topics.map((topic) => ({ topic: topicName(prefix, topic), lane }));

/** Reads and folds events from the state's position up to these ends. */
export async function foldTo(barriers: Position[], options: FoldOptions): Promise<void> {
  const { log, state, codec, prefix, silenceMs } = options;
  const reader = log.reader();
  try {
    const from = laneOfTopics(options).map(({ topic, lane }) => ({
      topic,
      lane,
      next: state.position(contextOf(prefix, topic)),
    }));
    const subscription = reader.subscribe(from, { until: barriers });
    for (;;) {
      const silence = `Reading the log brought nothing for ${silenceMs} ms.`;
      const chunks = await within(silenceMs, subscription.take(), silence);
      if (chunks.length === 0) break;
      for (const { topic, records, next } of chunks) {
        await codec.learn(records);
        const context = contextOf(prefix, topic);
        for (let start = 0; start < records.length; start += eventsAtOnce) {
          const some = records.slice(start, start + eventsAtOnce);
          const events = some.flatMap((record) => eventIn(record, context, options) ?? []);
          await state.fold(events);
        }
        state.passed(context, next);
      }
    }
    // A subscription that was closed early brings nothing more either, but then this throws: the
    // events that it did not bring must not count as read.
    await subscription.take();
    for (const { topic, next } of barriers) state.passed(contextOf(prefix, topic), next);
  } finally {
    await reader.close();
  }
}

/** Null for a record of which an operator has said that it is no event. */
function eventIn(record: LogRecord, topic: string, { codec, skipped }: FoldOptions) {
  const { lane, offset, value } = record;
  const isSkipped = skipped?.has(`${topic}/${lane}/${offset}`);
  try {
    const event = codec.decode(record);
    // It is decoded when it is asked for.
    if (isSkipped) void event.meta;
    return { topic, offset, event, bytes: value?.length ?? 0 };
  } catch (error) {
    const isForeign = error instanceof UndecodableError && !(error instanceof UnknownEventError);
    if (isSkipped && isForeign) return null;
    throw error;
  }
}

/** Errors that a repeat can't mend: the lane can't be taken with this log or this code. */
export const isFinal = (error: unknown) =>
  error instanceof LaneBrokenError ||
  (error instanceof LaneReadError && error.code !== 'unavailable') ||
  error instanceof UndecodableError;
