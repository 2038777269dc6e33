/** What `npm run bench` was asked for. */
export type BenchOptions = {
  rounds: number;
  seconds: number;
  connections: number[];
  streams: number[];
  /** How many movies the queries are measured with. */
  movies: number[];
  /** Votes that views are rebuilt from; `large` is a second, larger number, or 0 for none. */
  events: number;
  large: number;
  /** Votes of which the projectors make one document each, and votes that the peer appends. */
  live: number;
  peer: number;
  /** Commands a second while reads wait for their effect; the target is for the last number. */
  perSecond: number[];
  /** One command of so many is read back. */
  readEvery: number;
  /** A folder for a CPU profile of each measured process. */
  profile?: string;
};
