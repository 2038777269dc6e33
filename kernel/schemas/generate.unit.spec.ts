import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from './generate.ts';
import { goldenOf } from './golden.ts';
import { loadSchemas } from './load-schemas.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  mkdirSync(join(folder, 'shelves'));
  avsc({});
  example({ shelf: 'a' });
});
afterEach(() => rmSync(folder, { recursive: true }));

const meta = { name: 'meta', type: 'library.Meta' };
const shelf = { name: 'shelf', type: 'string' };

function avsc(changes: object, file = 'ShelfFilled.avsc'): void {
  const record = {
    ...{ type: 'record', name: 'ShelfFilled', namespace: 'library.shelves' },
    fields: [meta, shelf],
    ...changes,
  };
  writeFileSync(join(folder, 'shelves', file), JSON.stringify(record));
}

function example(data: object): void {
  const values = { id: 'e', source: 's', subject: 's', time: 1, sequence: 1, correlationid: 'c' };
  const more = { causationid: null, actor: 'a', commandid: 'c', requesthash: 'h' };
  const event = { type: 'ShelfFilled', meta: { ...values, ...more }, data };
  const text = `export const examples = { ShelfFilled: ${JSON.stringify(event)} };\n`;
  writeFileSync(join(folder, 'shelves', 'examples.ts'), text);
}

const load = () => loadSchemas(folder, 'library');
const golden = () => goldenOf('ShelfFilled', join(folder, 'golden'));

describe('generate', () => {
  it('writes types, and a golden event once', async () => {
    const types = join(folder, 'generated', 'events.ts');
    expect(await generate(load())).toEqual([types, join(folder, 'golden', 'ShelfFilled.json')]);
    expect(readFileSync(types, 'utf8')).toContain("Event<'ShelfFilled', ShelfFilled>");
    expect(await generate(load())).toEqual([types]);
    expect(golden()).toHaveLength(1);
  });

  it('refuses an incompatible change, and writes nothing', async () => {
    await generate(load());
    const types = readFileSync(join(folder, 'generated', 'events.ts'), 'utf8');
    avsc({ fields: [meta] });
    await expect(generate(load())).rejects.toThrow(/^ShelfFilled\.shelf: is missing .* Only add/);
    expect(golden()).toHaveLength(1);
    expect(readFileSync(join(folder, 'generated', 'events.ts'), 'utf8')).toBe(types);
  });

  it('refuses an example that does not fit, and names the field', async () => {
    example({ shelf: 7 });
    const message = "The example of ShelfFilled in shelves/examples.ts doesn't fit: shelf.";
    await expect(generate(load())).rejects.toThrow(message);
    expect(existsSync(join(folder, 'generated'))).toBe(false);
    expect(golden()).toEqual([]);
  });
});

describe('a schema is refused, and its file named, with', () => {
  it.each([
    ['another name', { name: 'ShelfFull' }, 'defines library.shelves.ShelfFull; name it library.'],
    ['another namespace', { namespace: 'library.shelfs' }, 'name it library.shelves.ShelfFilled.'],
    ['no meta', { fields: [shelf] }, 'the first field has to be { "name": "meta", "type": "lib'],
  ])('%s', (_, changes, message) => {
    avsc(changes);
    expect(load).toThrow(message);
    expect(load).toThrow('shelves/ShelfFilled.avsc');
  });

  it('text that is no JSON', () => {
    writeFileSync(join(folder, 'shelves', 'Broken.avsc'), '{');
    expect(load).toThrow(/Broken\.avsc is no JSON: /);
  });
});
