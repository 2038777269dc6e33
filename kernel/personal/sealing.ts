import type { Aggregate } from '../aggregate.ts';
import type { Event, NewEvent } from '../event.ts';
import {
  erasedFromBirth,
  isPersonalText,
  knownKeys,
  openedText,
  type PersonalText,
} from '../personal-text.ts';
import { Problem, problemType } from '../problems.ts';
import { PersonKey } from './person-key.ts';
import type { Person } from './persons.ts';

/** A person has no key yet. The node that the command came to has one made, and asks again. */
const keyNeeded = problemType('person-key-needed', 503, 'A key for the text is being made');

export const personWithoutKey = (error: unknown): string | null =>
  error instanceof Problem && error.code === keyNeeded.code
    ? (error.errors?.[0]?.message ?? null)
    : null;

function needsKey(person: string): never {
  const errors = [{ path: 'person', message: person }];
  throw new Problem(keyNeeded, 'The text waits for a key.', { errors });
}

/** The people of an application, as this node knows them. */
export type KnownPeople = { person(userId: string): Person };

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

/**
 * Encrypts the text in decided events with the key of the person whom it is about. The request's
 * hash becomes one that needs the key as well.
 * @throws Problem `person-key-needed`
 */
export function sealed(people: KnownPeople, decided: Decided): SealedEvents {
  const { aggregate, events, caller, requesthash } = decided;
  const { person } = aggregate;
  if (!person) return decided;
  let used: PersonKey | undefined;
  const sealedEvents = events.map((event, index) => {
    const about = () => person(event as Event, decided.state);
    const id = decided.idOf(index);
    const seal = (text: PersonalText): PersonalText => {
      const key = keyOf(people, about(), caller);
      if (key === null) return erasedFromBirth;
      used = key;
      return key.seal(openedText(text), id);
    };
    return { ...event, data: withTexts(event.data, seal) };
  });
  const isHashed = used !== undefined && requesthash !== '';
  const hash = isHashed ? `${used?.id}:${used?.requestHash(requesthash)}` : requesthash;
  return { events: sealedEvents, requesthash: hash };
}

/** Null for somebody who was erased: what others write about them then is erased from birth. */
function keyOf(people: KnownPeople, userId: string, caller: { userId: string }): PersonKey | null {
  const { keyId, erased } = people.person(userId);
  if (keyId === null) return erased && caller.userId !== userId ? null : needsKey(userId);
  const key = knownKeys.get(keyId);
  if (key instanceof PersonKey) return key;
  // Its destruction is known here a moment before the event that tells why, or the other way round.
  if (key === undefined || key === 'destroyed') return needsKey(userId);
  throw new Problem('part-away', 'The master key of a person’s key is missing in MASTER_KEY.');
}

/** The same data with each text that is not encrypted replaced. */
function withTexts<T>(value: T, seal: (text: PersonalText) => PersonalText): T {
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
  const key = knownKeys.get(keyId);
  return key instanceof PersonKey ? key.requestHash(given) === hash : true;
}
