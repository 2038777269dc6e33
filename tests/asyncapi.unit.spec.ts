import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { schemas } from '#schemas/load.ts';
import { document, file, text, webhooksFile, webhooksText } from '../docs/asyncapi/generate.ts';

const require = createRequire(import.meta.url);

/** The schema of AsyncAPI 3 itself, with those of its Kafka bindings and of Avro. */
function validator() {
  // The schema brings JSON Schema's own along.
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  formats.default(ajv);
  return ajv.compile(require('@asyncapi/specs/schemas/3.0.0.json') as object);
}

describe('the AsyncAPI document', () => {
  it('is what `npm run generate` writes', () => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is valid by the schema of AsyncAPI 3, which finds what is wrong', () => {
    const isValid = validator();
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    const [topic = ''] = schemas.contexts;
    const { [topic]: operation, ...rest } = document.operations;
    const wrong = {
      ...document,
      operations: { ...rest, [topic]: { ...operation, action: 'emit' } },
    };
    expect(isValid(wrong)).toBe(false);
  });

  it('has every event of every topic, and no reference to nothing', () => {
    const { channels, components } = document;
    const named = Object.values(channels).flatMap(({ messages }) => Object.keys(messages));
    expect(named.toSorted()).toEqual(schemas.eventSchemas.map(({ type }) => type).toSorted());
    expect(Object.keys(components.messages).toSorted()).toEqual(named.toSorted());
    for (const [, path = ''] of text.matchAll(/"\$ref": "#\/([^"]+)"/g)) {
      const found = path.split('/').reduce<unknown>((at, key) => Object(at)[key], document);
      expect(found, path).toBeDefined();
    }
  });
});

describe('the AsyncAPI document of webhooks', () => {
  it('is what `npm run generate` writes, and valid', () => {
    expect(readFileSync(webhooksFile, 'utf8')).toBe(webhooksText);
    const isValid = validator();
    expect(isValid(JSON.parse(webhooksText)), JSON.stringify(isValid.errors)).toBe(true);
  });
});
