import type { Collection, Db } from 'mongodb';
import type { Logger } from 'pino';
import { sleep } from '../backoff.ts';
import type { Log } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { viewId } from '../projector/generations/generations.ts';
import { pointersOf } from '../projector/generations/pointers.ts';
import { progressOf } from '../reading/progress.ts';
import type { View } from '../view.ts';
import type { CommandClient } from './command-client.ts';

/** What reactors and workers that send no commands are given to work with. */
export type ReactorParts = {
  db: Db;
  /** Sends commands with a token of its own. */
  commands: CommandClient;
  logger: Logger;
  /** The documents of a view as it is served now; null if it isn't served yet. */
  read<Document extends { _id: string }>(
    view: View<Document>,
  ): Promise<Collection<Document> | null>;
  /**
   * Waits until a view has seen all that was in its topics at the time of the call.
   * @returns a text that is the same for as long as the view has not moved.
   */
  upToDate(view: View, signal: AbortSignal): Promise<string>;
};

type Options = Pick<ReactorParts, 'db' | 'commands' | 'logger'> & { log: Log; prefix: string };

const lookEveryMs = 10;

export function reactorParts({ db, commands, logger, log, prefix }: Options): ReactorParts {
  const generationOf = async (view: View): Promise<string | null> => {
    const id = viewId(view);
    return (await pointersOf(db, [id])).get(id)?.active ?? null;
  };
  const nextOf = async (view: View): Promise<ReadonlyMap<string, number>> => {
    const generation = await generationOf(view);
    if (generation === null) return new Map();
    const [[, { next }] = ['', { next: new Map<string, number>() }]] = await progressOf(db, [
      generation,
    ]);
    return next;
  };
  return {
    ...{ db, commands, logger },
    async read<Document extends { _id: string }>(view: View<Document>) {
      const generation = await generationOf(view);
      return generation === null ? null : db.collection<Document>(generation);
    },
    async upToDate(view, signal) {
      const ends = await Promise.all(
        view.topics.map(async (topic) => {
          const offsets = await log.stableOffsets(topicName(prefix, topic));
          return offsets.map((end, lane) => [`${topic}:${lane}`, end] as const);
        }),
      );
      for (;;) {
        const next = await nextOf(view);
        const isThere = ends.flat().every(([at, end]) => (next.get(at) ?? 0) >= end);
        if (isThere) return JSON.stringify([...next].sort());
        signal.throwIfAborted();
        await sleep(lookEveryMs, signal);
      }
    },
  };
}
