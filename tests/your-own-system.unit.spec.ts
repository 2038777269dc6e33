import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const guide = read('docs/your-own-system.md');
const bookshop = 'examples/bookshop';

/** A line that names a file, then the code block with text of that file. */
const namedBlock = /^\*\*`([^`\n]+)`\*\*\n\n```\w+\n([\s\S]*?)^```$/gm;
const blocks = [...guide.matchAll(namedBlock)].map(([, path = '', code = '']) => ({ path, code }));

describe('docs/your-own-system.md', () => {
  it.each(blocks)('shows the text of $path unchanged', ({ path, code }) => {
    expect(read(path)).toContain(code);
  });

  it('names the file of every code block, except commands for a shell', () => {
    const languages = [...guide.matchAll(/^```(\w+)$/gm)].map(([, language]) => language);
    expect(languages.filter((language) => language !== 'sh')).toHaveLength(blocks.length);
  });

  it('shows every file of the bookshop that is neither generated nor a test', () => {
    const files = globSync(`${bookshop}/**/*.ts`, {
      cwd: root,
      exclude: ['**/generated/**', '**/*.spec.ts'],
    });
    const shown = new Set(blocks.map(({ path }) => path));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((path) => !shown.has(path))).toEqual([]);
  });

  it('names only scripts and files that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...guide.matchAll(/npm run ([a-z:]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    const paths = [...guide.matchAll(/`((?:[\w-]+\/)+[\w.-]*)`/g)].map(([, path = '']) => path);
    const present = (path: string) =>
      existsSync(join(root, path)) || existsSync(join(root, 'local-stack', path));
    expect(paths.filter((path) => !present(path))).toEqual([]);
  });
});
