import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contexts } from '#schemas/load.ts';
import { services } from '../tests/dockerfile.ts';
import { generatedFiles } from './generate.ts';
import { type Rights, rights, users } from './rights.ts';

const root = join(import.meta.dirname, '..');

it.each([...generatedFiles()])('%s shows the rights that users have', (path, text) => {
  const cure = 'npm run generate -- --no-answers';
  expect(readFileSync(join(root, path), 'utf8'), cure).toBe(text);
});

it('each service has rights', () => {
  expect(users.map(([name]) => name)).toEqual(expect.arrayContaining(services));
});

it('only the command API writes events', () => {
  const writers = users.filter(([, { topics }]) =>
    contexts.some((context) => topics[context]?.includes('Write')),
  );
  expect(writers.map(([name]) => name)).toEqual(['command-api']);
});

it('only those who build views may change any collection', () => {
  const builders = users.filter(([, { collections }]) => collections['*']?.includes('update'));
  expect(builders.map(([name]) => name)).toEqual(['projectors', 'replay-worker', 'replay']);
});

it('nobody who reads no text of people has the key to it', () => {
  const all: Record<string, Rights> = rights;
  const readers = users.filter(([name]) => all[name]?.secrets?.includes('MASTER_KEY'));
  expect(readers.map(([name]) => name)).toEqual(['command-api', 'query-api', 'replay']);
});
