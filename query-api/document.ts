import { apiDocument } from '@event-sourced/kernel/openapi';
import { eventFilters } from '#schemas/event-filters.ts';
import { examplesBy } from '#schemas/examples-by.ts';
import { roles } from '#schemas/roles.ts';
import answers from './generated/answers.json' with { type: 'json' };
import { live } from './live.ts';
import { lineQueries, queries } from './queries.ts';

/** The query API as an OpenAPI document. */
export const document = apiDocument({
  title: 'Movies: queries',
  description: 'Answers what the command API has changed: catalogue, rankings, lists and tickets.',
  queries,
  lineQueries,
  live,
  operators: { filters: eventFilters, type: 'VoteCast' },
  roles: Object.keys(roles),
  examplesBy,
  answers,
});
