import type { MongoClient } from 'mongodb';
import type { DatabaseClock } from './database-clock.ts';
import type { LaneWork, Lease, Member } from './lease.ts';

export type LeaseOptions = {
  client: MongoClient;
  database: string;
  /** `node-writer`, `projector:parcels@1`, … */
  role: string;
  lanes: number;
  member: Member;
  ttlMs: number;
  /**
   * A projector drops its lanes at the deadline. A writer's fence is Kafka's: it keeps them while
   * Mongo is away and drops only when the table shows another term.
   */
  dropAtDeadline: boolean;
  /**
   * Starts the work on a lane just gained; the work must stop at once when `lost` aborts.
   * Rejecting means that the lane can't be worked now: it is given back and taken again later.
   */
  work(lease: Lease): LaneWork | Promise<LaneWork>;
  /** Shared by all roles of a process. While it is off, this process is no member. */
  clock?: DatabaseClock | undefined;
  onWarning?(message: string): void;
};

/** A member, and the term for which it holds a lane. */
export type Owner = Member & { term: number };

export type LeaseHolder = {
  held(lane: number): Lease | undefined;
  /** A lane's owner by the table as last read; undefined for a lane that was given back. */
  ownerOf(lane: number): Owner | undefined;
  /** Reads the table now, not only when it is time to renew: called when a lane seems to move. */
  look(): void;
  /**
   * For work that can't go on: gives the lane up now. Any other member may take it beyond its
   * share, and this one is passed over for a growing while. If all have failed, all try again,
   * after growing pauses.
   */
  giveUp(lease: Lease, reason: string): void;
  /**
   * Drains lanes for 400 ms at most, gives all of them back, and ends the membership. `ownerOf`
   * goes on telling the lanes' new owners until `close`.
   */
  leave(): Promise<void>;
  /** False once this member has left and there is no other that could take its lanes. */
  hasSuccessor(): boolean;
  /** Leaves, and ends. */
  close(): Promise<void>;
};
