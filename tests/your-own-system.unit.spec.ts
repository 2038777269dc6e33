import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '#local-stack/base/run.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const guide = read('docs/your-own-system.md');
const bookshop = 'examples/bookshop';

/** A line that names a file, then the code block with text of that file. */
const namedBlock = /^\*\*`([^`\n]+)`\*\*\n\n```\w+\n([\s\S]*?)^```$/gm;
const blocks = [...guide.matchAll(namedBlock)].map(([, path = '', code = '']) => ({ path, code }));

/** The rows of the table of what to copy: paths, and what is left out of a folder. */
const copied = [...guide.matchAll(/^\| (`[^|]+) \| [^|]+ \|$/gm)].map(([, cell = '']) => {
  const [what = '', without = ''] = cell.split(' without ');
  const named = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
  return { paths: named(what), without: named(without), noSpecs: without.includes('the specs') };
});

/** The package of the kernel is that of the copy. */
function linkPackages(folder: string): void {
  const [from, to] = [join(root, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(join(to, '@event-sourced'), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== '@event-sourced') symlinkSync(join(from, name), join(to, name));
  }
  symlinkSync(join(folder, 'kernel'), join(to, '@event-sourced', 'kernel'));
}

describe('docs/your-own-system.md', () => {
  it('names all that a copy needs to be compiled', async () => {
    expect(copied.flatMap(({ paths }) => paths)).toContain('kernel/');
    const folder = mkdtempSync(join(tmpdir(), 'own-system-'));
    for (const { paths, without, noSpecs } of copied) {
      for (const path of paths) {
        const left = without.map((name) => join(root, path, name).replace(/\/$/, ''));
        const filter = (one: string) =>
          !left.includes(one.replace(/\/$/, '')) && !(noSpecs && one.endsWith('.spec.ts'));
        cpSync(join(root, path), join(folder, path), { recursive: true, filter });
      }
    }
    linkPackages(folder);
    const tsc = join(root, 'node_modules', 'ts7', 'bin', 'tsc');
    const { code, output } = await run(process.execPath, [tsc, '--noEmit'], { cwd: folder });
    expect(`${code} ${output}`).toBe('0 ');
    rmSync(folder, { recursive: true });
  });

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
      ['', 'local-stack', 'replay'].some((within) => existsSync(join(root, within, path)));
    expect(paths.filter((path) => !present(path))).toEqual([]);
  });
});
