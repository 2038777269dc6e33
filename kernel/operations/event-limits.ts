import type { Event, Millis } from '../event.ts';
import type { Entry } from './log-entries.ts';

/** Filters of events by a text of their data, such as `{ parcel: 'parcelId' }`. */
export type Filters = Readonly<Record<string, string>>;

/** Which events are meant. */
export type EventLimits = {
  types: readonly string[] | null;
  stream?: string | undefined;
  /** Fields of the data, and the values that they must have. */
  fields: readonly (readonly [field: string, value: unknown])[];
  user?: string | undefined;
  correlation?: string | undefined;
  /** The first time that is meant, and the first one after it that isn't. */
  from: Millis;
  to: Millis;
};

export const unlimited: EventLimits = {
  types: null,
  fields: [],
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
};

/** Whom an event is about, and who caused it. */
export function usersOf({ data, meta }: Event): string[] {
  const { userId, by } = data as Record<string, unknown>;
  const users = [userId, by, meta.actor].filter((user) => typeof user === 'string');
  return [...new Set(users)];
}

/** An undecodable record passes if its time does: its event may be one of those asked for. */
export function isMeant({ record, event }: Entry, limits: EventLimits): boolean {
  const time = event ? event.meta.time : record.timestamp;
  if (time < limits.from || time >= limits.to) return false;
  if (!event) return true;
  const { types, stream, fields, user, correlation } = limits;
  const data = event.data as Record<string, unknown>;
  if (types && !types.includes(event.type)) return false;
  if (stream !== undefined && event.meta.subject !== stream) return false;
  if (fields.some(([field, value]) => data[field] !== value)) return false;
  if (correlation !== undefined && event.meta.correlationid !== correlation) return false;
  return user === undefined || usersOf(event).includes(user);
}
