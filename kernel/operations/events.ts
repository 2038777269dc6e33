import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import type { Millis } from '../event.ts';
import type { SoughtId } from '../event-index/event-ids.ts';
import type { EventPosition, EventSearch, FoundEvents } from '../event-index/event-search.ts';
import { kindsOf, positionOf } from '../event-index/event-search.ts';
import { Moment } from '../moment.ts';
import { kernelProblems, Problem } from '../problems.ts';
import { query } from '../query.ts';
import { formatCursor, parseCursor } from '../reading/cursor.ts';
import { Cursor, Limit } from '../reading/cursor-input.ts';
import type { Filters } from './event-limits.ts';
import { queryText } from './query-text.ts';
import { ShownEvent, shownEvent } from './shown-event.ts';

export const Sought = queryText(1).optional();

/** All events of one thing, or of all, in pages. Each filter of the application is a parameter. */
export const eventsQuery = (filters: Filters, example: Record<string, string>) =>
  query({
    name: 'ops-events',
    summary: `All events of one ${kindsOf(filters).join(', ')}, or of the whole log`,
    route: 'GET /v1/ops/events',
    views: [],
    for: operator,
    input: z.object({
      ...Object.fromEntries(kindsOf(filters).map((kind) => [kind, Sought])),
      topic: queryText(1, 'Only those of this topic, or of several: `parcels,depots`.').optional(),
      order: z.enum(['oldest', 'newest']).default('oldest').meta({
        description: 'Which events come first.',
      }),
      from: Moment.optional().meta({
        description:
          'Where the first page begins: with the events of this time; newest first, with those ' +
          'before it.',
      }),
      ...{ limit: Limit, cursor: Cursor },
    }),
    example,
    output: z.object({
      items: z.array(ShownEvent),
      next: z.string().nullable().meta({ description: 'The cursor of the next page, if any.' }),
    }),
    problems: [kernelProblems['event-index-behind']],
    async answer({ topic, order, from, limit, cursor, ...sought }, { operations }) {
      const asked = {
        ...{ id: soughtIn(sought, kindsOf(filters)), newest: order === 'newest', limit, cursor },
        topics: topic?.split(','),
        begin: from === undefined ? null : beginOf(Date.parse(from)),
      };
      const { entries, next } = await eventPage(operations.search, asked);
      return { items: entries.map((entry) => shownEvent(entry)), next };
    },
  });

/** @returns null for all events. @throws Problem `invalid-input` if there are several. */
export function soughtIn(
  sought: Record<string, unknown>,
  kinds: readonly string[],
): SoughtId | null {
  const given = kinds.filter((kind) => sought[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined) return null;
  if (given.length === 1) return { kind, value: String(sought[kind]) };
  const message = `has to be the only one of ${kinds.join(', ')}`;
  const errors = given.map((path) => ({ path, message }));
  throw new Problem('invalid-input', `Name only one of ${kinds.join(', ')}.`, { errors });
}

export type AskedPage = {
  /** Null for all events. */
  id: SoughtId | null;
  /** By default all. */
  topics?: readonly string[] | undefined;
  newest: boolean;
  limit: number;
  cursor?: string | undefined;
  /** Without a cursor: the list begins after it. */
  begin?: EventPosition | null;
};

/** @throws Problem `invalid-cursor` for a cursor that was not made for this list. */
export async function eventPage(search: Pick<EventSearch, 'find'>, asked: AskedPage) {
  const { id, topics, newest, limit, cursor, begin = null } = asked;
  const list = ['events', id?.kind, id?.value, newest, ...(topics ?? [])];
  const at = cursor === undefined ? null : parseCursor(list, cursor, CursorPosition);
  const after = at ? positionIn(at) : begin;
  const starts = at ? startsIn(at[4]) : null;
  const found = await search.find({ id, topics, newest, limit, after, starts });
  const last = found.entries.at(-1);
  const next = found.more && last ? formatCursor(list, cursorOf(positionOf(last), found)) : null;
  return { entries: found.entries, after, next };
}

/** Stands before all events of this time. */
export const beginOf = (time: Millis): EventPosition => ({
  time,
  context: '',
  lane: -1,
  offset: -1,
});

/** The last event that was shown, and where each place goes on. */
const CursorPosition = z.tuple([z.number(), z.string(), z.int(), z.int(), z.string()]);
type CursorPosition = z.infer<typeof CursorPosition>;

const positionIn = ([time, context, lane, offset]: CursorPosition): EventPosition => ({
  ...{ time, context, lane, offset },
});

const cursorOf = (
  { time, context, lane, offset }: EventPosition,
  { starts }: FoundEvents,
): CursorPosition => [time, context, lane, offset, textOfStarts(starts)];

/** Where a place goes on only saves time, so a cursor doesn't name more than fit in. */
const mostCharacters = 2_500;

function textOfStarts(starts: ReadonlyMap<string, number>): string {
  const parts: string[] = [];
  let length = 0;
  for (const [place, number] of starts) {
    const part = `${place}/${number.toString(36)}`;
    length += part.length + 1;
    if (number !== 0 && length <= mostCharacters) parts.push(part);
  }
  return parts.join(' ');
}

const startsIn = (text: string): Map<string, number> =>
  new Map(
    (text === '' ? [] : text.split(' ')).map((part) => {
      const end = part.lastIndexOf('/');
      return [part.slice(0, end), Number.parseInt(part.slice(end + 1), 36)] as const;
    }),
  );
