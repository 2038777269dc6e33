import { eventId, type NewEvent } from '../event.ts';
import { type KnownPeople, type SealedEvents, sealed } from '../personal/sealing.ts';
import type { Request } from './request.ts';
import type { Stream } from './streams.ts';

/** The events that a request has decided on, with the text of people in them encrypted. */
export function sealedFor(
  { command, caller, requesthash, stream: name }: Request,
  { version, state }: Stream,
  events: NewEvent[],
  people: KnownPeople | undefined,
): SealedEvents {
  if (!people) return { events, requesthash };
  const { aggregate } = command;
  const idOf = (index: number) => eventId(name, version + index + 1);
  return sealed(people, { aggregate, state, events, caller, requesthash, idOf });
}
