import { eventId, type NewEvent } from '../event.ts';
import { type KnownPeople, type SealedEvents, sealed } from '../personal/sealing.ts';
import { isPersonalText } from '../personal-text.ts';
import { type Request, writesText } from './request.ts';
import type { Stream } from './streams.ts';

/** The events that a request has decided on, with the text of people in them encrypted. */
export function sealedFor(
  request: Request,
  { version, state }: Stream,
  events: NewEvent[],
  people: KnownPeople | undefined,
): SealedEvents {
  const { command, caller, requesthash, stream: name } = request;
  const { aggregate } = command;
  if (!people || !aggregate.person) return { events, requesthash };
  if (!writesText(request)) {
    if (!events.some(hasText)) return { events, requesthash };
    throw new Error(
      `${command.name} has written text, but its \`writesText\` says that it doesn't.`,
    );
  }
  const idOf = (index: number) => eventId(name, version + index + 1);
  return sealed(people, { aggregate, state, events, caller, requesthash, idOf });
}

const hasText = ({ data }: NewEvent) => Object.values(data as object).some(isPersonalText);
