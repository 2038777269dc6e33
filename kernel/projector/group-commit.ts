import type { AnyBulkWriteOperation, ClientSession, Collection, Db } from 'mongodb';
import { type Asked, Grouped } from '../mongo/grouped.ts';
import { transact } from '../mongo/transact.ts';
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

/** What one lane of one generation stores at once: offsets, and all that follows from them. */
export type Step = {
  /** Of the checkpoint. */
  id: string;
  from: LaneProgress;
  to: LaneProgress;
  documents: Collection<Document>;
  writes: readonly Write[];
  letters: readonly DeadLetter[];
  /** Of the lane's lease: whoever takes the lane next ends what was left open in it. */
  session: ClientSession;
  /** With no other step: one before it failed. */
  isAlone?: boolean;
};

/** A larger step gains nothing from company, and would keep smaller ones waiting. */
const smallWrites = 20;

/**
 * Stores the steps of all lanes and views of a process. While one transaction is under way, the
 * small steps that come share the next: it costs much the same with one step as with twenty. Each
 * keeps its own fence; where one of them fails, all are stored again, each by itself, so that none
 * fails for another.
 */
export class GroupCommit {
  readonly #checkpoints: Collection<Checkpoint>;
  readonly #letters: Collection<DeadLetter>;
  readonly #small = new Grouped<Step, void>((group) => this.#storeGroup(group));

  constructor(db: Db) {
    this.#checkpoints = checkpointsOf(db);
    this.#letters = deadLettersOf(db);
  }

  /**
   * All or nothing.
   * @throws FencedError or HeldError as `advance`; any error but these leaves open what happened.
   */
  store(step: Step): Promise<void> {
    if (step.isAlone || step.writes.length > smallWrites) return this.#storeAlone(step);
    return this.#small.ask(step);
  }

  /** Never rejects. */
  async #storeGroup(group: readonly Asked<Step, void>[]): Promise<void> {
    const steps = group.map(({ what }) => what);
    try {
      await (steps.length > 1 ? this.#storeTogether(steps) : this.#storeAlone(steps[0]!));
      for (const { done } of group) done.resolve();
    } catch (error) {
      if (steps.length === 1) return group[0]!.done.reject(error);
      const each = group.map(({ what, done }) =>
        this.#storeAlone(what).then(done.resolve, done.reject),
      );
      await Promise.all(each);
    }
  }

  async #storeTogether(steps: readonly Step[]): Promise<void> {
    const { session } = steps[0]!;
    await transact(session, async () => {
      await advanceAll(this.#checkpoints, steps, session);
      const writes = Map.groupBy(steps, ({ documents }) => documents.collectionName);
      for (const of of writes.values()) {
        await writeAll(
          of[0]!.documents,
          of.flatMap((step) => step.writes),
          session,
        );
      }
      await park(
        this.#letters,
        steps.flatMap(({ letters }) => letters),
        session,
      );
    });
  }

  /** The offsets first: when somebody else has moved the lane, nothing else is even tried. */
  async #storeAlone({ id, from, to, documents, writes, letters, session }: Step): Promise<void> {
    await transact(session, async () => {
      await advance(this.#checkpoints, { id, from, to }, session);
      await writeAll(documents, writes, session);
      await park(this.#letters, letters, session);
    });
  }
}

async function writeAll(
  documents: Collection<Document>,
  writes: readonly Write[],
  session: ClientSession,
): Promise<void> {
  if (writes.length > 0) await documents.bulkWrite(writes, { session, ordered: false });
}
