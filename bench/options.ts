import { InvalidArgumentError } from 'commander';

/** What `npm run bench` was asked for. */
export type BenchOptions = {
  rounds: number;
  seconds: number;
  connections: number[];
  streams: number[];
  /** The parts of the commands that are measured, and beside what; all without a list. */
  only?: string[];
  contenders?: string[];
  /** A commit whose command API is one more contender. */
  beside?: string;
  /** How long each contender is loaded before the first round, in seconds. */
  warmUp: number;
  /** How many movies the queries are measured with, and the console with the most of them. */
  movies: number[];
  /** The reads that are measured, by name; all without a list, and only then kept. */
  routes?: string[];
  /** How long the console's rankings are watched. */
  minutes: number;
  /** How many times as fast these rankings move, in as much less time. */
  speed: number;
  /** Votes that views are rebuilt from; `large` is a second, larger number, or 0 for none. */
  events: number;
  large: number;
  /** Votes of which the projectors make one document each, and votes that the peer appends. */
  live: number;
  peer: number;
  /** Commands a second while reads wait for their effect; each number is measured. */
  perSecond: number[];
  /** One command of so many is read back. */
  readEvery: number;
  /** Votes in a log in which events are looked for. */
  logged: number;
  /** Live streams that are open on one node, and votes a second that they tell of. */
  clients: number;
  votes: number;
  /** A folder for a CPU profile of each measured process. */
  profile?: string;
};

export function whole(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It has to be a whole number.');
}

export function positive(text: string): number {
  const number = whole(text);
  if (number > 0) return number;
  throw new InvalidArgumentError('It has to be above 0.');
}

/** Numbers with commas between them. */
export const numbers = (text: string): number[] => text.split(',').map(positive);

/** Some of these names, with commas between them. */
export const namesOf =
  (known: readonly string[]) =>
  (text: string): string[] => {
    const names = text.split(',');
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) return names;
    throw new InvalidArgumentError(`${unknown} is none of: ${known.join(', ')}.`);
  };
