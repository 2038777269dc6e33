import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SourceFile, untidy } from './tidy.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The .ts files under version control; outside of a checkout all that are there. */
function sourceFiles(): SourceFile[] {
  const paths = existsSync(join(root, '.git'))
    ? execFileSync('git', ['ls-files', '*.ts'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
    : globSync('**/*.ts', { cwd: root, exclude: ['node_modules', '.data', '.cache'] });
  return paths
    .filter((path) => existsSync(join(root, path)))
    .map((path) => ({ path, text: read(path) }));
}

/** What names the programs. */
const elsewhere = ['package.json', 'vitest.config.ts'].map(read).join('\n');

describe('this repository', () => {
  it('is tidy', () => {
    expect(untidy(sourceFiles(), elsewhere)).toEqual([]);
  });
});

describe('what is untidy is found', () => {
  const program = 'node kernel/main.ts';
  const main = (text: string, path = 'kernel/main.ts') => untidy([{ path, text }], program);
  const lines = (count: number) => 'run();\n'.repeat(count);

  it.each([
    ['a long line', `const a = '${'x'.repeat(100)}';\n`, 'kernel/main.ts:1: 113 characters wide'],
    ['a long file', lines(301), 'kernel/main.ts: 301 lines long'],
    [
      'a long function',
      `const a = () => {\n${lines(69)}};\n`,
      'kernel/main.ts:1: a function of 71 lines',
    ],
    ['a note to oneself', `// TO${'DO'}: later\n`, `kernel/main.ts:1: left over: TO${'DO'}`],
    ['a test that runs alone', `it.on${'ly'}('x')\n`, `kernel/main.ts:1: left over: it.on${'ly'}(`],
    [
      'a test that is passed over',
      `it.sk${'ip'}('x')\n`,
      `kernel/main.ts:1: left over: it.sk${'ip'}(`,
    ],
    [
      'a silenced type error',
      `// @ts-ig${'nore'}\n`,
      `kernel/main.ts:1: left over: @ts-ig${'nore'}`,
    ],
    ['any', 'const a = (b: any) => b;\n', 'kernel/main.ts:1: any'],
    ['a default export', 'export default 1;\n', 'kernel/main.ts:1: a default export'],
    [
      'a default function',
      'export default function a() {}\n',
      'kernel/main.ts:1: a default export',
    ],
    ['a barrel', "export * from './a.ts';\n", "kernel/main.ts: only passes others' exports on"],
  ])('%s', (_name, text, offence) => {
    expect(main(text)).toEqual([offence]);
  });

  it.each(['kernel/utils.ts', 'kernel/lane-manager.ts', 'kernel/services/a.ts', 'kernel/index.ts'])(
    'the name %s',
    (path) => {
      expect(untidy([{ path, text: 'run();\n' }], path)).toEqual([
        `${path}: a name that says nothing of what is inside`,
      ]);
    },
  );

  it('a file that only its own test uses', () => {
    const files = [
      { path: 'kernel/main.ts', text: "import { a } from '#kernel/a.ts';\na('child.ts');\n" },
      { path: 'kernel/a.ts', text: 'export const a = 1;\n' },
      { path: 'kernel/child.ts', text: "await import('./b.ts');\n" },
      { path: 'kernel/b.ts', text: 'run();\n' },
      { path: 'kernel/c.ts', text: 'export const c = 1;\n' },
      { path: 'kernel/c.unit.spec.ts', text: "import './c.ts';\nimport '#tests/d.ts';\n" },
      { path: 'tests/d.ts', text: 'run();\n' },
      { path: 'tests/e.ts', text: 'run();\n' },
    ];
    expect(untidy(files, program)).toEqual([
      'kernel/c.ts: no program uses it',
      'tests/e.ts: no program uses it',
    ]);
  });

  it('and what is tidy is let through', () => {
    expect(
      main(`const a = () => {\n${lines(68)}};\n// any text of a skip(1) or any only(2)\n`),
    ).toEqual([]);
  });
});
