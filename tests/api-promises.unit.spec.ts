import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { problemsOf } from '#kernel/openapi/document.ts';
import { allProblemTypes } from '#kernel/openapi/problem-responses.ts';
import { rememberedKeys } from '#kernel/writer/streams.ts';
import { commands } from '../command-api/commands.ts';
import { queries } from '../query-api/queries.ts';

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'api.md'), 'utf8');

it('docs/api.md lists every problem, its status and its title', () => {
  const rows = [...text.matchAll(/^\| (\d{3}) \| `([a-z-]+)` \| (.+) \|$/gm)];
  const listed = rows.map(([, status, code, title]) => [Number(status), code, title]);
  const all = allProblemTypes(problemsOf(commands, queries));
  expect(listed.toSorted()).toEqual(
    all.map(({ status, code, title }) => [status, code, title]).toSorted(),
  );
});

it('docs/api.md says how many keys a stream remembers', () => {
  expect(text).toContain(`for the next ${rememberedKeys} commands`);
});
