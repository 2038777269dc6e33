import type { Aggregate } from '../aggregate.ts';
import type { Codec } from '../codec/codec.ts';
import type { Millis } from '../event.ts';
import type { Lease } from '../leases/leases.ts';
import type { Log } from '../log/log.ts';
import type { KnownPeople } from '../personal/sealing.ts';
import type { Committer } from './committer.ts';
import type { LaneStore } from './store.ts';
import type { StreamLimits } from './streams.ts';

/** The part of a lane's `Lease` that its writer needs. */
export type WriterLease = Pick<Lease, 'valid' | 'lost' | 'passOn'>;

export type WriterLimits = {
  /** How many commands may wait; one more is refused at once. */
  queue: number;
  /** A command that waits longer, undecided, is refused. */
  waitMs: number;
  /** So much longer a client waits while Kafka has its command; then it is told of the doubt. */
  doubtMs: number;
  /** How often one command may turn out to be in doubt before its client is told so. */
  attempts: number;
  /**
   * Dirty streams are flushed every `flushMs`, and at once when there are `flushStreams`: a stream
   * that changes often is written once for many changes. A taker folds what was not flushed.
   */
  flushMs: number;
  flushStreams: number;
  silenceMs: number;
  streams: StreamLimits;
};

export type WriterOptions = {
  lane: number;
  laneCount: number;
  prefix: string;
  aggregates: ReadonlyMap<string, Aggregate>;
  lease: WriterLease;
  /** Reads the lane when it is taken. */
  log: Pick<Log, 'reader'>;
  codec: Codec;
  store: LaneStore;
  source: string;
  /** The people whose text is encrypted; if unset, no text is. */
  knownPeople?: KnownPeople | undefined;
  limits: WriterLimits;
  /** Records that are passed over if they can't be decoded, as `<topic>/<lane>/<offset>`. */
  skipped?: ReadonlySet<string> | undefined;
  /** Shared by all lanes of this node. */
  committer: Committer;
  /** @throws ClockError while nothing may be appended. */
  now(): Millis;
  onWarning(message: string): void;
};
