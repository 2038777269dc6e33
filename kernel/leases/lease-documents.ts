import { type Binary, type Collection, type MongoClient, ReadConcern } from 'mongodb';

export type LeaseDocument = {
  /** `role/lane`. */
  _id: string;
  role: string;
  lane: number;
  /** Null when the lane was given back. */
  owner: string | null;
  url: string;
  term: number;
  /** The owner's Mongo session; the next owner kills it, with any transaction left open in it. */
  sessionId: Binary | null;
  expiresAt: Date;
  /** Members that could not work the lane, and until when they are passed over. */
  failed?: { member: string; until: Date }[];
};

export type MemberDocument = {
  /** `role/member`. */
  _id: string;
  role: string;
  member: string;
  expiresAt: Date;
};

type Tables = { leases: Collection<LeaseDocument>; members: Collection<MemberDocument> };

export function tablesOf(client: MongoClient, database: string): Tables {
  const db = client.db(database, {
    readPreference: 'primary',
    readConcern: new ReadConcern('local'),
    writeConcern: { w: 'majority' },
    // As a Buffer a session's id would no longer be a UUID, and could not be killed.
    promoteBuffers: false,
  });
  return { leases: db.collection('leases'), members: db.collection('members') };
}
