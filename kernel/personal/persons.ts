import { z } from 'zod';
import { aggregate, type Command, reject } from '../aggregate.ts';
import type { Role } from '../auth/roles.ts';
import type { Caller } from '../auth/tokens.ts';
import type { Event, Millis, NewEvent } from '../event.ts';

/**
 * Which key a person's text is encrypted with, and that a person was erased. The events hold no
 * key, only its id; the person's own lane decides them, so a person never has two keys.
 */

export type PeopleEvent = Event<
  string,
  | { userId: string; keyId: string; madeAt: Millis }
  | { userId: string; keyId: string | null; erasedAt: Millis }
>;

/** Without a key, a person may have had none yet, or be erased. */
export type Person = { keyId: string | null; erased: boolean };

export const unknownPerson: Person = { keyId: null, erased: false };

export const isErasure = ({ data }: PeopleEvent): boolean => 'erasedAt' in data;

export const evolvePerson = (_: Person, event: PeopleEvent): Person =>
  isErasure(event) ? { keyId: null, erased: true } : { keyId: event.data.keyId, erased: false };

export type PeopleOptions = {
  /** The context of the two events. */
  topic: string;
  /** The event types that say that a person has a key (`userId`, `keyId`, `madeAt`)… */
  keyMade: string;
  /** … and that it is destroyed (`userId`, `keyId`, null if there was none, `erasedAt`). */
  erased: string;
  /** Who may erase themselves, and by which route. */
  role: Role;
  route: `DELETE /${string}`;
  /** Who may write text about others, such as those who help them. */
  others: readonly Role[];
};

/** `returns` is false where who was erased comes back under another id. */
export type KeyToMake = { userId: string; keyId: string; returns?: false | undefined };

export type People = {
  topic: string;
  makeKey: Command<KeyToMake, Person, PeopleEvent>;
  erase: Command<Record<never, never>, Person, PeopleEvent>;
  commands: readonly Command[];
};

/**
 * The people of an application, whose text is encrypted with a key for each of them. An
 * aggregate says by `person` whose text its events carry.
 */
export function peopleOf(options: PeopleOptions): People {
  const { topic, role, route, others } = options;
  const person = aggregate<Person, PeopleEvent>({
    topic,
    stateVersion: 1,
    initial: unknownPerson,
    evolve: evolvePerson,
    made: ({ data }) => data.keyId,
  });
  const mayWrite = ({ userId, roles }: Caller, about: string) =>
    userId === about || others.some((one) => roles.has(one));
  const makeKey = person.command({
    name: 'make-person-key',
    route: null,
    role: [role, ...others],
    input: z.strictObject({
      userId: z.string(),
      keyId: z.uuid(),
      returns: z.literal(false).optional(),
    }),
    stream: ({ userId }) => ({ key: userId, id: userId }),
    decide({ userId, keyId, returns = true }, { keyId: stands, erased }, context) {
      if (!mayWrite(context, userId)) reject('forbidden', 'The text is about somebody else.');
      // Who was erased gets another key by coming back, not by what others write.
      const isBack = returns && context.userId === userId;
      const stays = stands !== null || (erased && !isBack);
      if (stays) return [];
      return [{ type: options.keyMade, data: { userId, keyId, madeAt: context.now } }];
    },
  });
  const erase = person.command({
    name: 'erase-me',
    route,
    summary: 'Erase all text that I have written, for good',
    role,
    input: z.strictObject({}),
    example: {},
    stream: (_, { userId }) => ({ key: userId, id: userId }),
    decide(_, { keyId, erased }, { userId, now: erasedAt }): NewEvent<PeopleEvent>[] {
      if (erased) return []; // Nothing was written since.
      // Without a key, what others write later has to be erased from birth all the same.
      return [{ type: options.erased, data: { userId, keyId, erasedAt } }];
    },
  });
  return { topic, makeKey, erase, commands: [makeKey, erase] };
}
