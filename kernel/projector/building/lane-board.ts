import type { Offset } from '../../log/log.ts';

/** A lane, and the offsets by topic up to which it is read. */
export type LaneToBuild = [lane: number, end: Record<string, Offset>];

/** Plain data, which can be sent to another thread. */
export type SharedLanes = { lanes: readonly LaneToBuild[]; memory: SharedArrayBuffer };

export type BuildProgress = {
  /** Events read so far. */
  events: number;
  /** Offsets passed so far, markers included. */
  passed: Offset;
  /** All offsets that there are to pass. */
  of: Offset;
};

export type Built = { events: number; documents: number; parked: number };

const fields = ['events', 'passed', 'documents', 'parked', 'isBuilt'] as const;
type Field = (typeof fields)[number];
const bytesOfOne = BigInt64Array.BYTES_PER_ELEMENT;

/**
 * The lanes of one build: which are taken, and the progress of each. All threads share it; only
 * the thread that took a lane writes the lane's numbers.
 */
export class LaneBoard {
  readonly shared: SharedLanes;
  readonly #of: number;
  /** The count of lanes taken; then the fields of each lane. */
  readonly #numbers: BigInt64Array;

  constructor(shared: SharedLanes) {
    this.shared = shared;
    this.#of = shared.lanes.reduce((all, [, end]) => all + offsetsOf(end), 0);
    this.#numbers = new BigInt64Array(shared.memory);
  }

  static of(lanes: readonly LaneToBuild[]): LaneBoard {
    const memory = new SharedArrayBuffer((1 + lanes.length * fields.length) * bytesOfOne);
    return new LaneBoard({ lanes, memory });
  }

  /** Takes free lanes, each as it is drawn. Yields indexes into `lanes`. */
  *free(): Generator<number> {
    const { lanes } = this.shared;
    for (let at = this.#takeNext(); at < lanes.length; at = this.#takeNext()) yield at;
  }

  /** Indexes of the lanes that are not built. */
  unbuilt(): number[] {
    return [...this.shared.lanes.keys()].filter((at) => this.#read(at, 'isBuilt') === 0);
  }

  read(at: number, { events, passed }: Pick<BuildProgress, 'events' | 'passed'>): void {
    this.#write(at, 'events', events);
    this.#write(at, 'passed', passed);
  }

  built(at: number, { events, documents, parked }: Built): void {
    this.#write(at, 'events', events);
    this.#write(at, 'documents', documents);
    this.#write(at, 'parked', parked);
    this.#write(at, 'isBuilt', 1);
  }

  get progress(): BuildProgress {
    return { events: this.#sum('events'), passed: this.#sum('passed'), of: this.#of };
  }

  get total(): Built {
    const [events, documents] = [this.#sum('events'), this.#sum('documents')];
    return { events, documents, parked: this.#sum('parked') };
  }

  #takeNext(): number {
    return Number(Atomics.add(this.#numbers, 0, 1n));
  }

  #sum(field: Field): number {
    let sum = 0;
    for (const at of this.shared.lanes.keys()) sum += this.#read(at, field);
    return sum;
  }

  #read(at: number, field: Field): number {
    return Number(Atomics.load(this.#numbers, placeOf(at, field)));
  }

  #write(at: number, field: Field, value: number): void {
    Atomics.store(this.#numbers, placeOf(at, field), BigInt(value));
  }
}

const placeOf = (at: number, field: Field): number =>
  1 + at * fields.length + fields.indexOf(field);

export const offsetsOf = (next: Record<string, Offset>): number =>
  Object.values(next).reduce((all, one) => all + one, 0);
