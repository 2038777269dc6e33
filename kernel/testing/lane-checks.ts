import { claimsTopic, laneWriterId, namesOf } from '../log/topic-names.ts';
import type { ContendedLog, Entry } from './contended-log.ts';
import type { Sent } from './contended-requests.ts';
import { type Answer, topic } from './contending-node.ts';
import { decoded } from './lane-model.ts';

type Counted = { number: number; commandid: string };

/** What has to hold of lanes, whatever has happened. */
export class LaneChecks {
  readonly #log: ContendedLog;
  /** For each lane, the names under which it was opened, and not given up. */
  readonly #opened: readonly Set<string>[];
  readonly #counted = new WeakMap<Entry, Counted>();
  /** The first thing that was wrong. */
  wrong: string | null = null;

  constructor(log: ContendedLog, lanes: readonly number[]) {
    this.#log = log;
    this.#opened = lanes.map((lane) => new Set([laneWriterId('', lane)]));
  }

  found(wrong: string): void {
    this.wrong ??= wrong;
  }

  opened(lane: number, name: string): void {
    this.#opened[lane]?.add(name);
  }

  /** A node that says so itself has given the lane up. */
  executed({ node, what }: Sent): void {
    for (const [lane, opened] of this.#opened.entries()) {
      for (const name of opened) {
        const isOwn = name.startsWith(`${node.name}-`);
        if (isOwn && what === `put ${claimsTopic('')}/${lane} ${name} none`) opened.delete(name);
      }
    }
  }

  /** Some producer of its owner is not fenced. */
  mayWrite(name: string): boolean {
    return producersOf(name).some((one) => this.#log.starts(one) === 1);
  }

  /** Some producer of its owner is fenced. */
  isSpent(name: string): boolean {
    return producersOf(name).some((one) => this.#log.starts(one) > 1);
  }

  /** Whoever can still append to a lane knows all of it before it decides. */
  decides(name: string, lane: number, count: number): void {
    const { length } = this.#log.committed({ topic, lane });
    if (count === length || !this.mayWrite(name)) return;
    this.found(`${name} decides on ${count} events of ${length} in lane ${lane}`);
  }

  check(lane: number, answers: readonly Answer[]): void {
    const writers = [...(this.#opened[lane] ?? [])].filter((name) => this.mayWrite(name));
    if (writers.length > 1) this.found(`lane ${lane} has the writers ${writers}`);
    const events = this.#log.committed({ topic, lane }).map((entry) => this.#read(entry));
    const numbers = events.map(({ number }) => number);
    if (numbers.some((number, at) => number !== at + 1)) {
      this.found(`lane ${lane} has the events ${numbers}`);
    }
    if (new Set(events.map(({ commandid }) => commandid)).size < events.length) {
      this.found(`lane ${lane} has the events of one command twice`);
    }
    for (const { offset, commandid } of answers) {
      const entry = this.#log.entries({ topic, lane })[offset];
      const isThere = entry?.status === 'committed' && this.#read(entry).commandid === commandid;
      if (!isThere) this.found(`lane ${lane} has lost what was answered to ${commandid}`);
    }
  }

  #read(entry: Entry): Counted {
    const known = this.#counted.get(entry);
    if (known) return known;
    const { data, meta } = decoded(entry.value as Buffer);
    const { number } = data as { number: number };
    const read = { number, commandid: meta.commandid };
    this.#counted.set(entry, read);
    return read;
  }
}

const producersOf = (name: string): string[] => [name, `${name}-spare`].flatMap(namesOf);
