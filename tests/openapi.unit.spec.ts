import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { documents, fileOf, textOf } from '../docs/openapi/generate.ts';
import { checks, operationsOf } from './openapi-document.ts';

/**
 * What a linter finds in a document, a line each. The schemas of lines (NDJSON) are named by texts
 * alone, and this system has no licence yet.
 */
async function found(document: object): Promise<string[]> {
  const rules = { 'info-license': 'off', 'no-unused-components': 'off' } as const;
  const config = await createConfig({ extends: ['recommended'], rules });
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: 'document.json', config });
  return problems.map(({ ruleId, message, location }) =>
    [ruleId, location[0]?.pointer, message].join(' '),
  );
}

const root = join(import.meta.dirname, '..');

describe.each(Object.entries(documents))('the document of the %s', (service, document) => {
  const operations = operationsOf(document);

  it('is committed as npm run generate writes it', () => {
    expect(readFileSync(fileOf(service), 'utf8')).toBe(textOf(document));
  });

  it('is valid OpenAPI 3.1, and all its references resolve', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(textOf(document)));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(validator.version).toBe('3.1');
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  it('has nothing that a linter finds', async () => {
    expect(await found(document)).toEqual([]);
  });

  it('gives every operation a name of its own and a summary of one line', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const raw = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path ?? {}));
    for (const { operationId, summary } of raw as Record<string, string>[]) {
      expect(summary, operationId).toMatch(/^[A-Z/].{5,90}[^.]$/);
      expect(summary, operationId).not.toBe(operationId);
    }
  });

  it.each(operations.map((one) => [one.id, one] as const))('has valid examples of %s', (_, one) => {
    const { schema: _schema, ...check } = checks(document);
    const without = one.parameters.filter(
      (parameter) => parameter.required && parameter.example === undefined,
    );
    expect(without).toEqual([]);
    // A new operation may lack a recorded answer here, not in tests/openapi-examples.e2e.spec.ts.
    const { status, type, example } = one.answer;
    if (example !== undefined) expect(check.answer(one, status, type)(example)).toEqual([]);
    if (one.body) expect(check.body(one)(one.body.example)).toEqual([]);
  });
});

describe('a wrong document', () => {
  const [, document] = Object.entries(documents)[0]!;

  it('is refused by the validator', async () => {
    const wrong = structuredClone(document) as { paths: Record<string, object> };
    wrong.paths['/v1/nothing'] = { get: { responses: { nine: {} } } };
    expect((await new Validator().validate(wrong)).valid).toBe(false);
  });

  it('fails the linter', async () => {
    const wrong = structuredClone(document) as { paths: Record<string, object> };
    wrong.paths['/v1/nothing/{id}'] = { get: { responses: { 200: { description: 'x' } } } };
    const rules = (await found(wrong)).map((line) => line.split(' ')[0]);
    const missing = ['operation-operationId', 'operation-summary', 'security-defined'];
    expect(rules).toEqual(expect.arrayContaining([...missing, 'path-parameters-defined']));
  });

  it('fails the check of its examples', () => {
    const put = operationsOf(document).find(({ id }) => id === 'put-movie')!;
    const check = checks(document).body(put);
    expect(check({ ...(put.body?.example as object), titel: 'x' })).toHaveLength(1);
    expect(check({ ...(put.body?.example as object), year: '1942' })).toHaveLength(1);
  });
});

describe('every problem that a context answers', () => {
  // Types are constants in camelCase, and their codes the same words joined with hyphens.
  const typeIn = /(?:reject\(|new Problem\()\s*(\w+),/g;
  const codeOf = (constant: string) =>
    constant.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const thrown = globSync('{command-api,query-api}/**/*.ts', { cwd: root })
    .filter((path) => !path.endsWith('.spec.ts'))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [...text.matchAll(typeIn)].map(([, name]) => [path, codeOf(name as string)] as const);
    });
  // The answers to imports and batches carry these codes; no route answers them.
  const inAnswers = new Set(['movie-differs', 'item-outdated']);

  it.each(thrown.filter(([, code]) => !inAnswers.has(code)))(
    '%s: %s is documented',
    (path, code) => {
      const service = path.split(/[\\/]/)[0] as keyof typeof documents;
      expect(JSON.stringify(documents[service].components?.responses)).toContain(`"${code}"`);
    },
  );

  it('is found in the code', () => {
    const codes = new Set(thrown.map(([, code]) => code));
    expect(codes).toContain('movie-unknown');
    expect(codes).toContain('ticket-unknown');
  });
});

it('the generator prints the files that it wrote', () => {
  const args = [join(root, 'docs', 'openapi', 'generate.ts')];
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const written = output
    .trim()
    .split('\n')
    .map((path) => join(root, path));
  expect(written).toEqual(Object.keys(documents).map(fileOf));
});
