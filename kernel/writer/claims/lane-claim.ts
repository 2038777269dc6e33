import { InDoubtError, type Position, type TopicLane } from '../../log/log.ts';
import { laneWriterId } from '../../log/topic-names.ts';
import type { Claims } from './claims.ts';
import type { Fences } from './fences.ts';
import { claimsToEnd, type LaneClaims, namesToFence, producersOf } from './protocol.ts';
import type { Tenure } from './tenure.ts';

/** A lane to which nobody else can append any more. */
export type Taken = {
  tenure: Tenure;
  /** Of each of the lane's topics: all that was committed before lies below. */
  barriers: Position[];
  /** Ends the claims of the names that were fenced: called once the lane is open. */
  tidy(): Promise<void>;
};

/** A place among the users of a lane. */
export type Entered = {
  /** Resolves when those before have left. */
  ready: Promise<void>;
  /** The lane's last transaction has ended: gives the lane up, unless another user has entered. */
  leave(): Promise<void>;
};

type LaneClaimOptions = {
  lane: number;
  prefix: string;
  claims: Claims;
  fences: Fences;
  /** Appends barriers where there is nobody to fence, and no events. */
  barrierName: string;
};

/** This node's claim to one lane. */
export class LaneClaim {
  readonly #options: LaneClaimOptions;
  #users = 0;
  #lastLeft: Promise<void> = Promise.resolve();
  #claimed: Tenure | null = null;

  constructor(options: LaneClaimOptions) {
    this.#options = options;
  }

  /**
   * A lane has one user at a time. The next one of this process would not fence the one before,
   * since both append under the same name.
   */
  enter(): Entered {
    const ready = this.#lastLeft;
    const left = Promise.withResolvers<void>();
    this.#users += 1;
    this.#lastLeft = left.promise;
    const leave = async () => {
      await ready;
      this.#users -= 1;
      if (this.#users === 0) await this.#end();
      left.resolve();
    };
    return { ready, leave };
  }

  /** Called between `ready` and `leave`. */
  async take(tenure: Tenure, topicLanes: TopicLane[]): Promise<Taken> {
    const { lane, prefix, claims, fences, barrierName } = this.#options;
    tenure.check();
    this.#claimed = tenure;
    const offset = await claims.claim(lane, tenure.name);
    const found: LaneClaims = {
      before: await claims.before(lane, offset),
      own: new Set([tenure.name]),
      unclaimed: laneWriterId(prefix, lane),
    };
    const names = namesToFence(found);
    const producers = names.flatMap((name) =>
      name === found.unclaimed ? [name] : producersOf(name),
    );
    await Promise.all(producers.map((id) => fences.fence(id)));
    // The barrier of a fenced producer also tells that to the lane's leaders.
    const under = producers.length > 0 ? producers : [barrierName];
    const barriers: Position[][] = [];
    for (const name of under) barriers.push(await this.#barrier(name, topicLanes));
    const tidy = async () => {
      for (const name of claimsToEnd(found, new Set(names))) {
        await claims.end(lane, name, { forGood: name === found.unclaimed });
      }
    };
    return { tenure, barriers: lastOf(barriers), tidy };
  }

  /** A name that is fenced once more by another taker stays fenced. */
  async #barrier(name: string, lanes: TopicLane[]): Promise<Position[]> {
    const { fences, barrierName } = this.#options;
    try {
      return await fences.barrier(name, lanes);
    } catch (error) {
      const isFenced = error instanceof InDoubtError && error.fenced;
      if (!isFenced || name === barrierName) throw error;
      return fences.barrier(barrierName, lanes);
    }
  }

  /**
   * The next owner then has nobody to fence, and the other lanes of this node notice nothing. If it
   * isn't known whether that was said, the name is not used on: the record could come after the
   * next claim, and end that.
   */
  async #end(): Promise<void> {
    const tenure = this.#claimed;
    if (!tenure || tenure.over.aborted) return;
    this.#claimed = null;
    const { claims, lane } = this.#options;
    await claims.end(lane, tenure.name).catch(async (error: unknown) => {
      if (error instanceof InDoubtError) await tenure.end(error);
    });
  }
}

/** The last barrier of each topic. */
function lastOf(barriers: readonly Position[][]): Position[] {
  const [first = [], ...others] = barriers;
  return first.map(({ topic, lane, next }, at) => {
    const offsets = others.map((some) => some[at]?.next ?? 0);
    return { topic, lane, next: Math.max(next, ...offsets) };
  });
}
