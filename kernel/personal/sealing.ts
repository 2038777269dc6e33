import type { Aggregate } from '../aggregate.ts';
import type { Event, NewEvent } from '../event.ts';
import {
  erasedFromBirth,
  isPersonalText,
  keyOf,
  openedText,
  type PersonalText,
} from '../personal-text.ts';
import { Problem, problemType } from '../problems.ts';
import { PersonKey } from './person-key.ts';
import type { Person } from './persons.ts';

/** A person has no key yet. The node that decides has one made, and decides again. */
const keyNeeded = problemType('person-key-needed', 503, 'A key for the text is being made');

export const personWithoutKey = (error: unknown): string | null =>
  error instanceof Problem && error.code === keyNeeded.code
    ? (error.errors?.[0]?.message ?? null)
    : null;

function needsKey(person: string): never {
  const errors = [{ path: 'person', message: person }];
  throw new Problem(keyNeeded, 'The text waits for a key.', { errors });
}

/** A person has a key by the log, but this process doesn't find it in the topic of keys. */
export const keyMissing = () =>
  new Problem('part-away', 'The key for this text is missing; operators have to restore it.');

/** The people of an application, as this node knows them. */
export type KnownPeople = {
  person(userId: string): Person;
  /** Ids are random, and who was erased comes back under another one. */
  staysErased?: boolean;
};

export type Decided = {
  aggregate: Aggregate;
  /** The state before the events. */
  state: unknown;
  events: readonly NewEvent[];
  caller: { userId: string };
  requesthash: string;
  idOf(index: number): string;
};

export type SealedEvents = { events: readonly NewEvent[]; requesthash: string };

/** The hash of a request whose text nobody may guess: it fits any. */
const fitsAny = 'erased:';

/**
 * Encrypts the text in decided events with the key of the person whom it is about. The request's
 * hash becomes one that needs the key as well.
 * @throws Problem `person-key-needed`
 */
export function sealed(people: KnownPeople, decided: Decided): SealedEvents {
  const { aggregate, caller, requesthash } = decided;
  let used: PersonKey | undefined;
  const events = decided.events.map((event, index) => {
    const id = decided.idOf(index);
    const seal = (text: PersonalText): PersonalText => {
      const about = aggregate.person?.(event as Event, decided.state);
      if (about === undefined) throw new Error(`${aggregate.topic} doesn't say whose text it has`);
      const key = keyFor(people, about, caller);
      if (key === null) return erasedFromBirth;
      used = key;
      return key.seal(openedText(text), id);
    };
    return { ...event, data: withTexts(event.data, seal) };
  });
  return { events, requesthash: hashWith(used ?? null, requesthash) };
}

/** The hash of a request, as the events keep it that have its text: it needs the key as well. */
export function hashWith(key: PersonKey | null, requesthash: string): string {
  if (requesthash === '') return '';
  return key ? `${key.id}:${key.requestHash(requesthash)}` : fitsAny;
}

/** Null for somebody who was erased: what others write about them then is erased from birth. */
function keyFor(people: KnownPeople, userId: string, caller: { userId: string }): PersonKey | null {
  const { keyId, erased } = people.person(userId);
  const isBack = caller.userId === userId && !people.staysErased;
  if (keyId === null) return erased && !isBack ? null : needsKey(userId);
  const key = keyOf(keyId);
  // Its destruction may be known here a moment before the event that tells why.
  return key instanceof PersonKey ? key : needsKey(userId);
}

/** The same data with each text that is not encrypted replaced. */
export function withTexts<T>(value: T, seal: (text: PersonalText) => PersonalText): T {
  if (isPersonalText(value)) return (value.keyId === null ? seal(value) : value) as T;
  if (Array.isArray(value)) return value.map((one) => withTexts(one, seal)) as T;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, withTexts(part, seal)]);
  return Object.fromEntries(entries) as T;
}

/** Whether a request may be the one of this hash. Without the key, nobody can tell. */
export function isSameRequest(stored: string, given: string): boolean {
  const [keyId, hash] = stored.split(':') as [string, string?];
  if (hash === undefined) return stored === given;
  const key = keyOf(keyId);
  return key instanceof PersonKey ? key.requestHash(given) === hash : true;
}
