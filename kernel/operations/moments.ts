import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { kindsOf } from '../event-index/event-search.ts';
import { Moment, momentOf } from '../moment.ts';
import { query } from '../query.ts';
import type { Filters } from './event-limits.ts';
import { Sought, soughtIn } from './events.ts';

const Parts = z
  .string()
  .regex(/^([1-9]\d?|[1-4]\d\d|500)$/, 'has to be a whole number from 1 to 500')
  .transform(Number)
  .default(100)
  .meta({
    description: 'How many parts, at most.',
    override: ({ jsonSchema }) => {
      // A query parameter is text; clients should see the number that it stands for.
      delete jsonSchema.pattern;
      Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: 500, default: 100 });
    },
  });

/** Where events are on the line of time, so that one can look for them coarsely, then finely. */
export const momentsQuery = (filters: Filters, example: Record<string, string>) =>
  query({
    name: 'ops-moments',
    summary: 'Moments between which there are about as many events each',
    route: 'GET /v1/ops/moments',
    views: [],
    for: operator,
    input: z.object({
      ...Object.fromEntries(kindsOf(filters).map((kind) => [kind, Sought])),
      from: Moment.optional().meta({ description: 'The first time that is meant.' }),
      until: Moment.optional().meta({ description: 'The first time that is meant no more.' }),
      parts: Parts,
    }),
    example,
    output: z.object({
      items: z.array(Moment).meta({
        description:
          'At each of them a part begins. Made from the index of events, so that events of the ' +
          'last seconds may lie after the last one.',
      }),
    }),
    async answer({ from, until, parts, ...sought }, { operations }) {
      const id = soughtIn(sought, kindsOf(filters));
      const time = (moment: string | undefined) =>
        moment === undefined ? null : Date.parse(moment);
      const stretch = { id, from: time(from), until: time(until), parts };
      return { items: (await operations.search.moments(stretch)).map(momentOf) };
    },
  });
