import { hash } from 'node:crypto';
import type { Event } from '../event.ts';
import { type EventLimits, type Filters, unlimited, usersOf } from '../operations/event-limits.ts';

/** What events are looked for by: a filter of the application, or one that every system has. */
export type SoughtId = { kind: string; value: string };

/** Kinds that every system has. */
export const ownKinds = ['user', 'stream', 'correlation'] as const;

/** Raise it when other ids are taken, or kept in another way: the index is then built anew. */
const format = 2;

/** Names the index of these ids: an index of other ones can't answer for it. */
export const fingerprintOf = (filters: Filters): string =>
  hash('sha256', JSON.stringify([format, ownKinds, filters]), 'hex').slice(0, 8);

/** Every id by which an event is found, as text. Has to agree with `limitsFor`. */
export function idsOf(event: Event, filters: Filters): string[] {
  const { subject, correlationid } = event.meta;
  const data = event.data as Record<string, unknown>;
  const ids = [textOf('stream', subject), textOf('correlation', correlationid)];
  for (const user of usersOf(event)) ids.push(textOf('user', user));
  for (const [kind, field] of Object.entries(filters)) {
    const value = data[field];
    if (typeof value === 'string') ids.push(textOf(kind, value));
  }
  return ids;
}

/** Exactly the events that have the id. */
export function limitsFor({ kind, value }: SoughtId, filters: Filters): EventLimits {
  const field = filters[kind];
  if (field !== undefined) return { ...unlimited, fields: [[field, value]] };
  return { ...unlimited, [kind]: value };
}

/** Stands for the ids of an event that this code can't decode: newer code may. */
export const undecoded = 'undecoded';

const textOf = (kind: string, value: string) => `${kind} ${value}`;

export const textOfId = ({ kind, value }: SoughtId): string => textOf(kind, value);

/**
 * A number of 32 bits that stands for an id in a place. Two ids may have the same one, which costs
 * a search some reading, and nothing else.
 */
export const hashIn = (place: number, text: string): number => mixed(hashedOn(place, text));

/** The part of the hash that all ids of a place share. */
export const placeHash = (place: string): number => hashedOn(0x811c9dc5, place);

/** FNV-1a. */
function hashedOn(start: number, text: string): number {
  let state = start;
  for (let at = 0; at < text.length; at += 1) {
    state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  return state;
}

/** Spreads the last characters over all bits, as MurmurHash3 does. */
function mixed(state: number): number {
  let bits = state;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}
