import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addContext, copyRepository, readSection, run } from './adding-a-context.ts';
import { ask, type Done, doneOf, up } from './answers.ts';
import { type System, startSystem } from './system.ts';

/** Follows the README's section "Adding a context" in a copy of the repository. */

const root = join(import.meta.dirname, '..');
const section = readSection(readFileSync(join(root, 'README.md'), 'utf8'));
const copy = mkdtempSync(join(tmpdir(), 'adding-a-context-'));

const node = (...args: string[]) => run(copy, process.execPath, args);
const modules = (path: string) => join(copy, 'node_modules', path);
const biome = (...args: string[]) => node(modules('@biomejs/biome/bin/biome'), 'check', ...args);

let system: System | undefined;
beforeAll(async () => {
  copyRepository(root, copy);
  addContext(section, copy);
  await node('docs/generate.ts', '--no-answers');
  await biome('--write', '.');
});
afterAll(async () => {
  await system?.stop();
  rmSync(copy, { recursive: true, force: true });
});

it('the README has every file of the context, and a line for each service', () => {
  expect([...section.files.keys()]).toEqual([
    'schemas/reviews/ReviewWritten.avsc',
    'schemas/reviews/examples.ts',
    'schemas/reviews/reviews-view.ts',
    'command-api/reviews/review.ts',
    'projectors/reviews/reviews.ts',
    'query-api/reviews/reviews.ts',
  ]);
  expect([...section.lines.keys()]).toEqual([
    'schemas/views.ts',
    'command-api/commands.ts',
    'projectors/projections.ts',
    'query-api/queries.ts',
  ]);
});

it('the README’s files are formatted: the formatter leaves them as they are', () => {
  for (const [path, text] of section.files) {
    expect(readFileSync(join(copy, path), 'utf8'), path).toBe(text);
  }
});

describe('with the context and no other change', () => {
  it('the code compiles', async () => {
    await node(modules('ts7/bin/tsc'), '--noEmit');
  }, 120_000);

  it('the unit tests about contexts pass', async () => {
    const vitest = [modules('vitest/vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot'];
    const files = ['schemas/', 'replay/log/', 'openapi', 'tidy', 'architecture'];
    // The tests of the rules themselves don't depend on contexts.
    await node(...vitest, '-t', '^(?!.*(a planted import|the tidy rules find))', ...files);
  }, 120_000);

  it('the README’s shell commands send a command and read the view with its token', async () => {
    system = await startSystem('adding', inject('stack'), { root: copy });
    const [commandApi, queryApi] = await Promise.all(
      (['command-api', 'query-api', 'projectors'] as const).map((name) => system!.start(name)),
    );
    const headers = await system.as('carol', 'catalogue');
    doneOf(await ask<Done>(commandApi!.url, 'PUT /v1/movies/m55', { body: up, headers }));
    const script = section.script
      .replaceAll('http://127.0.0.1:4001', commandApi!.url)
      .replaceAll('http://127.0.0.1:4000', queryApi!.url);
    const { authorization } = await system.as('alice', 'viewer');
    const ALICE = authorization.replace('Bearer ', '');
    const output = await run(copy, 'sh', ['-ec', script], { ALICE });
    expect(JSON.parse(output)).toEqual({
      items: [{ userId: 'alice', stars: 4, writtenAt: expect.any(String) }],
      ...{ next: null, count: 1 },
    });
  });
});
