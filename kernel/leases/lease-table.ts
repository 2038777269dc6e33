import type { Binary, ClientSession, Collection, Document, MongoClient } from 'mongodb';
import type { Millis } from '../event.ts';
import { isDuplicate } from '../mongo/duplicate.ts';
import type { LaneHolding } from './fair-shares.ts';
import type { Member } from './lease.ts';
import { expiryIn, LeaseCalls, stillFailed } from './lease-calls.ts';
import { type LeaseDocument, type MemberDocument, tablesOf } from './lease-documents.ts';

/** A lease as the table shows it. */
export type LeaseRow = Omit<LeaseDocument, 'expiresAt' | 'failed'> & {
  /** What is left of it by the server's clock. */
  restMs: number;
  /** The members that are passed over for now, the one that failed first before the others. */
  failed: string[];
};

/** The leases and live members of a role at one moment. */
export type LeaseTableView = {
  leases: Map<number, LeaseRow>;
  members: string[];
  /** The server's time at that moment; undefined before there are leases. */
  at?: Millis | undefined;
};

type LeaseOrMember = { at: Date } & (
  | (LeaseRow & { member?: undefined })
  | (MemberDocument & { restMs: number })
);

const abandonedAfterSeconds = 600;

/** The Mongo side of leases: every time in it is the server's own (`$$NOW`). */
export class LeaseTable {
  readonly #client: MongoClient;
  readonly #leases: Collection<LeaseDocument>;
  readonly #members: Collection<MemberDocument>;
  readonly #role: string;
  readonly #member: Member;
  readonly #ttlMs: number;
  readonly #calls: LeaseCalls;

  constructor(
    client: MongoClient,
    database: string,
    at: { role: string; member: Member; ttlMs: number },
  ) {
    this.#client = client;
    const { leases, members } = tablesOf(client, database);
    this.#leases = leases;
    this.#members = members;
    this.#calls = LeaseCalls.of(client, database);
    this.#role = at.role;
    this.#member = at.member;
    this.#ttlMs = at.ttlMs;
  }

  /** Makes a row for each lane, and has Mongo remove members that died without leaving. */
  async prepare(lanes: number): Promise<void> {
    await this.#members.createIndex(
      { expiresAt: 1 },
      { expireAfterSeconds: abandonedAfterSeconds },
    );
    const free = { owner: null, url: '', term: 0, sessionId: null, expiresAt: new Date(0) };
    const rows = Array.from({ length: lanes }, (_, lane) => ({
      updateOne: {
        filter: { _id: `${this.#role}/${lane}` },
        update: { $setOnInsert: { role: this.#role, lane, ...free } },
        upsert: true,
      },
    }));
    await this.#leases.bulkWrite(rows, { ordered: false }).catch(unlessRaced);
  }

  /** Renews this member's membership, and all its leases of the role. */
  async renew(sessions: ClientSession[]): Promise<void> {
    const { id: member } = this.#member;
    const sessionIds = sessions.map(sessionIdOf);
    await this.#calls.renew({ role: this.#role, member, ttlMs: this.#ttlMs, sessionIds });
  }

  async read(): Promise<LeaseTableView> {
    const rows = (await this.#calls.read(this.#role)) as LeaseOrMember[];
    const leases = new Map<number, LeaseRow>();
    const members: string[] = [];
    for (const row of rows) {
      const restMs = Number(row.restMs);
      if (row.member === undefined) leases.set(row.lane, { ...row, restMs });
      else if (restMs > 0) members.push(row.member);
    }
    return { leases, members, at: rows[0]?.at.getTime() };
  }

  /**
   * Takes a lane if nobody holds it.
   * @returns the new term, or undefined if another member was first.
   */
  async take(lane: number, session: ClientSession): Promise<number | undefined> {
    const free = { $or: [{ owner: null }, { $expr: { $lte: ['$expiresAt', '$$NOW'] } }] };
    const { id: owner, url } = this.#member;
    const sessionId = sessionIdOf(session);
    const term = { $add: ['$term', 1] };
    const before = await this.#leases.findOneAndUpdate(
      { _id: `${this.#role}/${lane}`, ...free },
      [{ $set: { owner, url, term, sessionId, expiresAt: expiryIn(this.#ttlMs) } }],
      { returnDocument: 'before' },
    );
    if (!before) return undefined;
    if (before.sessionId) await this.#kill(before.sessionId);
    return before.term + 1;
  }

  /** A transaction that a dead owner left open would block the lane's documents for 60 s. */
  async #kill(id: Binary): Promise<void> {
    await this.#client.db('admin').command({ killSessions: [{ id }] });
  }

  /**
   * Gives a lane back.
   * @param clean if false, the next owner kills the session that was used.
   * @param failedMs for how long this member is passed over, since it could not work the lane.
   */
  async release(session: ClientSession, clean: boolean, failedMs?: number): Promise<void> {
    const free = {
      owner: null,
      url: '',
      expiresAt: new Date(0),
      ...(clean && { sessionId: null }),
    };
    await this.#leases.updateOne({ sessionId: sessionIdOf(session) }, [
      { $set: { ...free, ...(failedMs !== undefined && { failed: this.#failedFor(failedMs) }) } },
    ]);
  }

  #failedFor(ms: number): Document {
    const member = { $literal: this.#member.id };
    const ofOthers = { $ne: ['$$this.member', member] };
    return {
      $concatArrays: [
        { $filter: { input: stillFailed, cond: ofOthers } },
        [{ member, until: { $add: ['$$NOW', ms] } }],
      ],
    };
  }

  async leave(): Promise<void> {
    await this.#members.deleteOne({ _id: `${this.#role}/${this.#member.id}` });
  }
}

/** Two members may make the same row at the same time; either one will do. */
function unlessRaced(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}

const sessionIdOf = (session: ClientSession): Binary => session.id!.id;

/** Whether a row still belongs to the lease of this session: no two leases share one. */
export const isOf = (row: LeaseRow, session: ClientSession): boolean =>
  row.sessionId?.toString('hex') === sessionIdOf(session).toString('hex');

/**
 * Who holds the lanes, and who failed them, of those who live.
 * @param isPatient whether other members get time to renew leases that have run out.
 */
export function holdingsOf(
  { leases, members }: LeaseTableView,
  { lanes, me, isPatient }: { lanes: number; me: string; isPatient: boolean },
): LaneHolding[] {
  return Array.from({ length: lanes }, (_, lane) => {
    const row = leases.get(lane);
    const isHeld = row && (row.restMs > 0 || (isPatient && row.owner !== me));
    const owner = (isHeld && row.owner) || undefined;
    const failed = (row?.failed ?? []).filter((one) => one !== owner && members.includes(one));
    return { lane, owner, failed };
  });
}
