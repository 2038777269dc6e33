import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploySchemas, registryProblems } from '@event-sourced/kernel/schemas';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { eventSchemas } from './load.ts';

const { schemaRegistry: registryUrl } = inject('stack');
const root = join(import.meta.dirname, '..');
const newPrefix = () => `check-${randomUUID().slice(0, 8)}.`;

const copy = mkdtempSync(join(tmpdir(), 'schemas-check-'));
for (const part of ['schemas', 'kernel', 'local-stack', 'package.json']) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const check = (env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(copy, 'schemas', 'check.ts')], {
    encoding: 'utf8',
    cwd: copy,
    env: { SCHEMA_REGISTRY_URL: registryUrl, ...env },
  });

/** Calls `run` while one file of the copy is changed. */
function planted<T>(file: string, from: string, to: string, run: () => T): T {
  const path = join(copy, 'schemas', file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  try {
    return run();
  } finally {
    writeFileSync(path, text);
  }
}

describe('npm run schemas:check', () => {
  it('passes, and reports how many schemas it has checked', async () => {
    const topicPrefix = newPrefix();
    await deploySchemas({ registryUrl, topicPrefix, schemas: eventSchemas });
    expect(check({ TOPIC_PREFIX: topicPrefix })).toMatchObject({
      status: 0,
      stderr: '',
      stdout: `${eventSchemas.length} event schemas are all right.\n`,
    });
  });

  it('refuses an incompatible change for the golden events and for the registry', async () => {
    const topicPrefix = newPrefix();
    await deploySchemas({ registryUrl, topicPrefix, schemas: eventSchemas });
    const run = () => check({ TOPIC_PREFIX: topicPrefix });
    const field = '{ "name": "userId", "type": "string" },';
    const removed = planted('ranking/VoteCast.avsc', field, '', run);
    expect(removed.status).toBe(1);
    const lines = removed.stderr.trim().split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/generated\/events\.ts is not what/));
    expect(lines).toContainEqual(expect.stringMatching(/^VoteCast\.userId: .*golden event 1/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^VoteCast\.userId: .*\(version 1 in the registry\)\. Only add/),
    );
    const retyped = field.replace('"type": "string"', '"type": "long"');
    expect(planted('ranking/VoteCast.avsc', field, retyped, run).stderr).toMatch(
      /^VoteCast\.userId: what was written as "string" can't be read as "long" \(version 1/m,
    );
  });

  it('does without a registry if none runs, but fails if the one that is set is away', () => {
    const none = check({ SCHEMA_REGISTRY_URL: '' });
    expect(none).toMatchObject({ status: 0, stdout: expect.stringContaining('without one') });
    const away = check({ SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect(away).toMatchObject({ status: 1, stderr: expect.stringMatching(/gave no answer/) });
  });
});

describe('the registry', () => {
  it('accepts schemas of subjects that it does not know', async () => {
    expect(await registryProblems(registryUrl, newPrefix(), eventSchemas)).toEqual([]);
  });
});
