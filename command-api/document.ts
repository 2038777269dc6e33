import { apiDocument } from '@event-sourced/kernel/openapi';
import { examplesBy } from '#schemas/examples-by.ts';
import { roles } from '#schemas/roles.ts';
import { batches, commands } from './commands.ts';
import answers from './generated/answers.json' with { type: 'json' };
import { importOperation, importSchemas } from './movies/import-operation.ts';

/** The command API as an OpenAPI document. */
export const document = apiDocument({
  title: 'Movies: commands',
  description: 'Takes what changes the catalogue, votes, lists and tickets. The query API answers.',
  commands,
  batches,
  stream: 'ranking/m55/alice',
  roles: Object.keys(roles),
  examplesBy,
  answers,
  schemas: importSchemas,
  others: (problemsAs, answers) => [importOperation(problemsAs, answers)],
});
