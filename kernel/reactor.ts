import type { Role } from './auth/tokens.ts';
import type { Event } from './event.ts';

/** What a command API answers to a command: `unchanged`, and the ids of what was made. */
export type CommandAnswer = { unchanged: boolean; [id: string]: unknown };

/** The command that an event leads to. Sent again after any doubt, with the event's id as key. */
export type Reaction = {
  /** The path of the command. */
  POST: string;
  body?: object;
  /** What the log says of it once it is done, in one line. Never a personal text. */
  done?(answer: CommandAnswer): string;
};

/** Turns events into commands: each event at least once, each command's effect once. */
export type Reactor<E extends Event = Event> = {
  name: string;
  topic: string;
  /** What its own token is good for, where it makes one. */
  roles: readonly Role[];
  /** Pure. Null where this event leads to nothing; other events are passed. */
  when: {
    [Type in E['type']]?: (event: Extract<E, { type: Type }>) => Reaction | null;
  };
};

/** `reactor<SupportEvent>({ name, topic, when })`: foreign or misspelt events don't compile. */
export const reactor = <E extends Event>(definition: Reactor<E>): Reactor<E> => definition;

/** Any reactor, as the runner handles it: it brings each handler only its own events. */
export type AnyReactor = Omit<Reactor, 'when'> & {
  when: { [type: string]: ((event: never) => Reaction | null) | undefined };
};
