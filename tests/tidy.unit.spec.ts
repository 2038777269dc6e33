import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SourceFile, untidy } from './tidy.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Lists TypeScript files and event schemas, new files too, without those that git ignores. */
const listed = [
  'ls-files',
  '--cached',
  '--others',
  '--exclude-standard',
  '*.ts',
  '*.tsx',
  '*.avsc',
];
function sourceFiles(): SourceFile[] {
  const paths = existsSync(join(root, '.git'))
    ? execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).trim().split('\n')
    : globSync('**/*.{ts,tsx,avsc}', { cwd: root, exclude: ['node_modules', '.data', '.cache'] });
  return paths
    .filter((path) => existsSync(join(root, path)))
    .map((path) => ({ path, text: read(path) }));
}

/** The files that name the programs. */
const elsewhere = [
  ...['package.json', 'vitest.config.ts'].map(read),
  read('console/index.html').replaceAll('./', 'console/'),
].join('\n');

describe('this repository', () => {
  it('is tidy', () => {
    expect(untidy(sourceFiles(), elsewhere)).toEqual([]);
  });
});

describe('the tidy rules find', () => {
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
      { path: 'tests/d.ts', text: "import '#kernel/testing/f.ts';\n" },
      { path: 'tests/e.ts', text: 'run();\n' },
      { path: 'kernel/testing/f.ts', text: 'run();\n' },
      { path: 'kernel/testing/g.ts', text: 'run();\n' },
    ];
    expect(untidy(files, program)).toEqual([
      'kernel/c.ts: no program uses it',
      'tests/e.ts: no program uses it',
      'kernel/testing/g.ts: no program uses it',
    ]);
  });

  describe('a name of the application in the kernel', () => {
    const application = [
      { path: 'schemas/loans/BookLent.avsc', text: '{}' },
      { path: 'schemas/support/TicketOpened.avsc', text: '{}' },
      {
        path: 'schemas/roles.ts',
        text: "export const r = defineRoles('librarian', 'operator');\n",
      },
      { path: 'command-api/loans/shelf.ts', text: 'export const shelf = aggregate<S>({});\n' },
      { path: 'command-api/loans/dates.ts', text: 'run();\n' },
    ];
    const elsewhere = application.map(({ path }) => path).join();
    const found = (text: string, path = 'kernel/main.ts') =>
      untidy([...application, { path, text }], `${elsewhere} ${path}`);

    it.each([
      ['a context', "const topic = 'loans';\n", 'loans'],
      ['a context in a path', "const path = '/v1/loans/1';\n", 'loans'],
      ['an event', "const type = 'BookLent';\n", 'BookLent'],
      ['an event in a comment', '// As for BookLent.\n', 'BookLent'],
      ['an aggregate', "const name = 'shelf';\n", 'shelf'],
      ['a role', "const role = 'librarian';\n", 'librarian'],
      ['a word of the movie system in a comment', '// As for each movie.\n', 'movie'],
      ['such a word in a longer name', 'const firstMovie = 1;\n', 'movie'],
      ['such a word in a constant', 'const MAX_BALLOTS = 1;\n', 'ballots'],
    ])('%s', (_name, text, name) => {
      expect(found(text)).toEqual([`kernel/main.ts:1: uses the application's name ${name}`]);
    });

    it('unless it is elsewhere, in prose, or a name of the kernel too', () => {
      expect(found("const topic = 'loans';\n", 'projectors/main.ts')).toEqual([]);
      expect(found("// We support 'dates' and loans for any operator.\n")).toEqual([]);
      expect(found("const reason = 'no support for it';\n")).toEqual([]);
      const example = '/**\n * Counts.\n *\n * @example\n * ```ts\n * BookLent();\n * ```\n */\n';
      expect(found(`${example}run();\n`)).toEqual([]);
    });
  });

  it('nothing in tidy code', () => {
    expect(
      main(`const a = () => {\n${lines(68)}};\n// any text of a skip(1) or any only(2)\n`),
    ).toEqual([]);
  });
});
