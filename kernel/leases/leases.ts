import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Holder } from './holder.ts';
import type { Member } from './lease.ts';
import type { LeaseHolder, LeaseOptions } from './lease-holder.ts';

export type { LaneWork, Lease, Member } from './lease.ts';
export type { LeaseHolder, LeaseOptions, Owner } from './lease-holder.ts';

/** One identity per process run, shared by all its roles. */
export const newMember = (url = ''): Member => ({
  id: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
  url,
});

/** Takes this member's fair share of a role's lanes, and keeps it renewed until closed. */
export function holdLeases(options: LeaseOptions): LeaseHolder {
  const holder = new Holder(options);
  holder.start();
  return holder;
}
