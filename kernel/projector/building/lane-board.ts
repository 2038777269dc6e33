import type { Offset } from '../../log/log.ts';

/** A lane, and up to where its topics are to be read. */
export type LaneToBuild = [lane: number, end: Record<string, Offset>];

/** Plain data, so that another thread can be given it. */
export type SharedLanes = { lanes: readonly LaneToBuild[]; memory: SharedArrayBuffer };

export type BuildProgress = {
  /** Read so far. */
  events: number;
  /** Offsets that were passed, markers included, and all that there are to pass. */
  passed: Offset;
  of: Offset;
};

export type Built = { events: number; documents: number; parked: number };

const fields = ['events', 'passed', 'documents', 'parked', 'isBuilt'] as const;
type Field = (typeof fields)[number];
const bytesOfOne = BigInt64Array.BYTES_PER_ELEMENT;

/**
 * The lanes of one build: who takes which, and how far each is. All threads see the same; a lane's
 * numbers are written by the thread that took it, and by no other.
 */
export class LaneBoard {
  readonly shared: SharedLanes;
  readonly #of: number;
  /** How many were taken; then the fields of each lane. */
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

  /** Takes lanes that nobody has taken, each when it is asked for; as places in `lanes`. */
  *free(): Generator<number> {
    const { lanes } = this.shared;
    for (let at = this.#takeNext(); at < lanes.length; at = this.#takeNext()) yield at;
  }

  /** Those that are not built. */
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
