import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

type Violation = { rule: { name: string }; from: string; to: string };
type Cruise = { summary: { violations: Violation[]; totalCruised: number } };

/** The folders that have code. */
function codeFolders(cwd: string): string[] {
  const files = globSync('*/**/*.ts', { cwd, exclude: ['node_modules', '.*'] });
  return [...new Set(files.map((file) => file.split(sep)[0] as string))];
}

/** The imports that break a rule in a folder that looks like this repository. */
function cruise(cwd: string): Cruise['summary'] {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(bin('depcruise'), [...args, ...codeFolders(cwd)], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith('{')) throw new Error(stderr || stdout);
  return (JSON.parse(stdout) as Cruise).summary;
}

describe('this repository', () => {
  it('has imports in the allowed directions only', () => {
    const { violations, totalCruised } = cruise(root);
    const lines = violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    expect(lines).toEqual([]);
    // A dependency-cruiser that can't read TypeScript finds no files and reports no violations.
    expect(totalCruised).toBeGreaterThan(100);
  });
});

describe('a planted import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  let violations: Violation[] = [];

  /** Rule, the file that breaks it, its text. */
  const planted: [string, string, string][] = [
    [
      'contexts-know-nothing-of-each-other',
      'query-api/movies/movie.ts',
      "import type { ranking } from '../ranking/ranking.ts';\nexport type A = typeof ranking;\n",
    ],
    [
      'services-know-nothing-of-each-other',
      'query-api/ranking/votes.ts',
      "import { ballot } from '../../command-api/ranking/ballot.ts';\nexport const a = ballot;\n",
    ],
    [
      'services-know-nothing-of-each-other',
      'projectors/ranking/rankings.ts',
      "import { ballot } from '../../command-api/ranking/ballot.ts';\nexport const a = ballot;\n",
    ],
    [
      'contexts-know-nothing-of-each-other',
      'command-api/reviews/review.ts',
      "import { movie } from '../movies/movie.ts';\nexport const reviewed = movie;\n",
    ],
    [
      'applications-use-the-public-kernel',
      'command-api/reviews/reviews.ts',
      "import { one } from '../../kernel/one.ts';\nexport const reviews = one;\n",
    ],
    [
      'kernel-knows-no-service',
      'kernel/routes.ts',
      "export const load = () => import('../query-api/ranking/ranking.ts');\n",
    ],
    [
      'kernel-knows-no-service',
      'kernel/routes.int.spec.ts',
      "import { stack } from '../tests/stack.ts';\nexport const started = stack;\n",
    ],
    [
      'kernel-knows-no-context',
      'kernel/testing/events.ts',
      "import { view } from '../../schemas/ranking/rankings-view.ts';\nexport const v = view;\n",
    ],
    [
      'kernel-knows-no-context',
      'kernel/views.ts',
      "import { view } from '../schemas/ranking/rankings-view.ts';\nexport const views = [view];\n",
    ],
    [
      'schemas-know-no-service',
      'schemas/known.ts',
      "import { ballot } from '../command-api/ranking/ballot.ts';\nexport const known = ballot;\n",
    ],
    [
      'only-commands-know-the-application',
      'local-stack/system/run.ts',
      "import { view } from '#schemas/ranking/rankings-view.ts';\nexport const views = [view];\n",
    ],
    [
      'kafkajs-stays-in-the-log',
      'projectors/main.ts',
      "import kafkajs from 'kafkajs';\nexport const client = kafkajs;\n",
    ],
    [
      'only-tests-use-tests',
      'query-api/main.ts',
      "import { stack } from '#tests/stack.ts';\nexport const started = stack;\n",
    ],
    [
      'no-circles',
      'kernel/one.ts',
      "import { two } from './two.ts';\nexport const one = () => two;\n",
    ],
    [
      'no-circles',
      'kernel/type-one.ts',
      "import type { Two } from './type-two.ts';\nexport type One = Two | 1;\n",
    ],
    [
      'imports-resolve',
      'kernel/lost.ts',
      "import { nothing } from './nothing.ts';\nexport const lost = nothing;\n",
    ],
  ];
  const innocent: [string, string][] = [
    ['query-api/ranking/ranking.ts', 'export const ranking = 1;\n'],
    ['command-api/ranking/ballot.ts', 'export const ballot = 1;\n'],
    ['command-api/movies/movie.ts', 'export const movie = 1;\n'],
    ['schemas/movies/MovieAdded.avsc', '{}'],
    ['schemas/reviews/ReviewWritten.avsc', '{}'],
    ['kernel/aggregate.ts', 'export const aggregate = 1;\n'],
    [
      'command-api/movies/movies.ts',
      "import { aggregate } from '../../kernel/aggregate.ts';\nexport const movies = aggregate;\n",
    ],
    ['schemas/ranking/rankings-view.ts', 'export const view = 1;\n'],
    [
      'local-stack/commands/start.ts',
      "import { view } from '#schemas/ranking/rankings-view.ts';\nexport const views = [view];\n",
    ],
    ['tests/stack.ts', "import kafkajs from 'kafkajs';\nexport const stack = kafkajs;\n"],
    ['kernel/two.ts', "import { one } from './one.ts';\nexport const two = () => one;\n"],
    [
      'kernel/type-two.ts',
      "import type { One } from './type-one.ts';\nexport type Two = { one: One };\n",
    ],
    ['kernel/log/kafka-log.ts', "import kafkajs from 'kafkajs';\nexport const log = kafkajs;\n"],
  ];

  beforeAll(() => {
    for (const file of [
      '.dependency-cruiser.cjs',
      'package.json',
      'tsconfig.json',
      'kernel/package.json',
    ]) {
      cpSync(join(root, file), join(folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, text] of [...planted.map(([, ...rest]) => rest), ...innocent]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    violations = cruise(folder).violations;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(planted)('that breaks %s in %s is found', (rule, file) => {
    expect(violations.map(({ rule: { name }, from }) => `${name}: ${from}`)).toContain(
      `${rule}: ${file}`,
    );
  });

  it('that is allowed is not reported', () => {
    const guilty = new Set([
      ...planted.map(([, file]) => file),
      'kernel/two.ts',
      'kernel/type-two.ts',
    ]);
    expect(violations.filter(({ from }) => !guilty.has(from))).toEqual([]);
  });
});
