import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { Moment, momentOf } from '../moment.ts';
import { Paged, page, pageOf } from '../page.ts';
import {
  type DeadLetter,
  deadLettersOf,
  inLogOrder,
  letterIndexes,
  recordOf,
} from '../projector/dead-letters/dead-letters.ts';
import { query } from '../query.ts';
import { documentsAfter } from '../reading/order.ts';
import { letterFields, lettersMeant } from './letter-filter.ts';
import { entriesOf } from './log-entries.ts';
import type { Operations } from './operations.ts';
import { ShownEvent, shownEvent } from './shown-event.ts';

const Letter = z.object({
  id: z.string(),
  view: z.string(),
  generation: z.string(),
  topic: z.string(),
  lane: z.int(),
  offset: z.int(),
  key: z.string(),
  error: z.string(),
  parkedAt: Moment,
  attempts: z.int().meta({ description: 'How often it was retried in vain.' }),
  lastTriedAt: Moment.nullable(),
  isFirst: z.boolean().meta({ description: 'No other letter of its key is before it.' }),
  behind: z.int().meta({ description: 'How many letters of its key wait behind it.' }),
  details: z
    .object({ stack: z.string().nullable(), event: ShownEvent, bytes: z.int() })
    .nullable()
    .meta({ description: 'If asked for: the event, and where its error came from.' }),
});

/** As {@link inLogOrder}. */
const Position = z.tuple([z.string(), z.int(), z.string(), z.int()]);

/** Without the record's bytes, unless details are asked for. */
type Listed = Omit<DeadLetter, 'value' | 'headers' | 'stack'> & Partial<DeadLetter>;

export const deadLettersQuery = query({
  name: 'ops-dead-letters',
  summary: 'Events that a view or reactor could not work, in pages',
  route: 'GET /v1/ops/dead-letters',
  views: [],
  for: operator,
  input: z.object({ ...letterFields, details: z.enum(['true', 'false']).optional(), ...Paged }),
  example: { limit: '2' },
  output: pageOf(Letter),
  async answer({ limit, cursor, details, ...filter }, { operations }) {
    const { db } = operations;
    const letters = deadLettersOf(db);
    const meant = await lettersMeant(db, filter);
    const asked = {
      ...{ filter: meant, order: inLogOrder },
      projection: details === 'true' ? {} : { value: 0, headers: 0, stack: 0 },
      // Left alone, MongoDB may take the other one, and sort all that it finds.
      ...(filter.id === undefined && {
        hint: filter.key === undefined ? letterIndexes.all : letterIndexes.ofKey,
      }),
    };
    return page<Listed, z.input<typeof Letter>>(
      {
        read: (after, most) => documentsAfter(letters, asked, after, most),
        count: () => letters.countDocuments(meant),
      },
      {
        ...{ list: ['dead-letters', filter], limit, cursor, order: inLogOrder, position: Position },
        items: (found) => Promise.all(found.map((letter) => shown(operations, letter))),
      },
    );
  },
});

async function shown(operations: Operations, letter: Listed): Promise<z.input<typeof Letter>> {
  const { _id: id, view, generation, topic, lane, offset, key, error, parkedAt } = letter;
  const { db } = operations;
  const own = { generation, lane, topic, key };
  const [before, behind] = await Promise.all([
    deadLettersOf(db).countDocuments({ ...own, offset: { $lt: offset } }, { limit: 1 }),
    deadLettersOf(db).countDocuments({ ...own, offset: { $gt: offset } }, { limit: 10_000 }),
  ]);
  return {
    ...{ id, view, generation, topic, lane, offset, key, error },
    parkedAt: momentOf(parkedAt.getTime()),
    attempts: letter.attempts ?? 0,
    lastTriedAt: letter.triedAt ? momentOf(letter.triedAt.getTime()) : null,
    ...{ isFirst: before === 0, behind },
    details: 'value' in letter ? await detailsOf(operations, letter as DeadLetter) : null,
  };
}

async function detailsOf(operations: Operations, letter: DeadLetter) {
  const { prefix } = operations;
  const record = recordOf(letter, prefix);
  const [entry] = await entriesOf([record], { codec: await operations.codec(), prefix });
  return { stack: letter.stack, event: shownEvent(entry!), bytes: record.value?.length ?? 0 };
}
