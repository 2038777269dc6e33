import type { AnyBulkWriteOperation, ClientSession, Collection, Db } from 'mongodb';
import { type Batched, Batcher } from '../mongo/batcher.ts';
import { transact } from '../mongo/transact.ts';
import { type Change, type Changed, changesOf, type LaneChange, recordChanges } from './changes.ts';
import {
  advance,
  advanceAll,
  type Checkpoint,
  checkpointsOf,
  type LaneProgress,
} from './checkpoint.ts';
import { type DeadLetter, deadLettersOf, park } from './dead-letters/dead-letters.ts';
import type { Document } from './fold.ts';

export type Write = AnyBulkWriteOperation<Document>;

/** A lane's next progress in a generation, and the documents and dead letters that go with it. */
export type Step = {
  /** The checkpoint's id. */
  id: string;
  from: LaneProgress;
  to: LaneProgress;
  documents: Collection<Document>;
  writes: readonly Write[];
  /** Which of the view's documents have changed, if queries keep copies of it. */
  changed: Changed;
  letters: readonly DeadLetter[];
  /** Of the documents to write. */
  bytes: number;
  /** The lease's session: the lane's next owner kills it, with any transaction left open. */
  session: ClientSession;
  /** Shares no transaction with other steps; set when the step is tried again. */
  isAlone?: boolean;
};

/** A larger step gains nothing from sharing, and would keep smaller ones waiting. */
const small = { writes: 20, bytes: 256 * 1024 };

/**
 * Stores the steps of all lanes and views of a process. Small steps that come while a transaction
 * is under way share the next one, which costs much the same with one step as with twenty. Each
 * step keeps its own fence. If a shared transaction fails, each of its steps is stored again by
 * itself, so that no step fails because of another.
 */
export class GroupCommit {
  readonly #checkpoints: Collection<Checkpoint>;
  readonly #letters: Collection<DeadLetter>;
  readonly #changes: Collection<Change>;
  readonly #small = new Batcher<Step, void>((batch) => this.#storeBatch(batch));

  constructor(db: Db) {
    this.#checkpoints = checkpointsOf(db);
    this.#letters = deadLettersOf(db);
    this.#changes = changesOf(db);
  }

  /**
   * Stores all of a step or nothing.
   * @throws FencedError or HeldError as `advance`; after any other error the outcome is unknown.
   */
  store(step: Step): Promise<void> {
    const isSmall = step.writes.length <= small.writes && step.bytes <= small.bytes;
    if (step.isAlone || !isSmall) return this.#storeAlone(step);
    return this.#small.add(step);
  }

  /** Never rejects. */
  async #storeBatch(batch: readonly Batched<Step, void>[]): Promise<void> {
    const steps = batch.map(({ item }) => item);
    try {
      await (steps.length > 1 ? this.#storeTogether(steps) : this.#storeAlone(steps[0]!));
      for (const { done } of batch) done.resolve();
    } catch (error) {
      if (steps.length === 1) return batch[0]!.done.reject(error);
      const each = batch.map(({ item, done }) =>
        this.#storeAlone(item).then(done.resolve, done.reject),
      );
      await Promise.all(each);
    }
  }

  async #storeTogether(steps: readonly Step[]): Promise<void> {
    const { session } = steps[0]!;
    await transact(session, async () => {
      await advanceAll(this.#checkpoints, steps, session);
      const writes = Map.groupBy(steps, ({ documents }) => documents.collectionName);
      for (const group of writes.values()) {
        await writeAll(
          group[0]!.documents,
          group.flatMap((step) => step.writes),
          session,
        );
      }
      await recordChanges(this.#changes, steps.map(changeOf), session);
      await park(
        this.#letters,
        steps.flatMap(({ letters }) => letters),
        session,
      );
    });
  }

  /** The offsets first: if another process has moved the lane, the rest isn't even tried. */
  async #storeAlone(step: Step): Promise<void> {
    const { id, from, to, documents, writes, letters, session } = step;
    await transact(session, async () => {
      await advance(this.#checkpoints, { id, from, to }, session);
      await writeAll(documents, writes, session);
      await recordChanges(this.#changes, [changeOf(step)], session);
      await park(this.#letters, letters, session);
    });
  }
}

const changeOf = ({ id, to, changed }: Step): LaneChange => ({
  ...{ checkpoint: id, number: to.changes, ...changed },
});

async function writeAll(
  documents: Collection<Document>,
  writes: readonly Write[],
  session: ClientSession,
): Promise<void> {
  if (writes.length > 0) await documents.bulkWrite(writes, { session, ordered: false });
}
