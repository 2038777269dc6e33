import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { tour } from '#local-stack/commands/start/tour.ts';
import { settings } from '#schemas/config.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The text of each top-level statement of TypeScript code. */
function statementsOf(code: string): string[] {
  const tree = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  return tree.statements.map((statement) => statement.getText(tree));
}

describe('the README', () => {
  it('begins with a short sample of code, whole statements of the files', () => {
    const sample = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const files = globSync('{command-api,projectors,query-api,reactors,examples}/**/*.ts', {
      cwd: root,
      exclude: ['**/*.spec.ts', '**/generated/**'],
    });
    const real = new Set(
      files.flatMap((path) => statementsOf(readFileSync(join(root, path), 'utf8'))),
    );
    const shown = statementsOf(sample);
    expect(shown).not.toEqual([]);
    expect(shown.filter((statement) => !real.has(statement))).toEqual([]);
    expect(sample.trimEnd().split('\n').length).toBeLessThanOrEqual(16);
  });

  it.each(tour(settings.read({}), 'm100'))(
    'has the step of the tour that shows: $shows',
    (stop) => {
      expect(readme).toContain(`# ${stop.shows}\n${stop.lines.join('\n')}`);
    },
  );

  it('names only scripts that exist', () => {
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, script]) => script as string);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('names only files and folders that exist', () => {
    const prose = readme.replaceAll(/^```[\s\S]*?^```/gm, '');
    const paths = [...prose.matchAll(/`((?:[\w-]+\/)+[\w.-]*)`|\]\((docs\/[\w/.-]+)\)/g)]
      .map(([, quoted, linked]) => (quoted ?? linked) as string)
      .filter((path) => !path.startsWith('application/') && !path.startsWith('DATA_DIR'))
      // `reviews` is the README's example of a new context; only the test of that section has it.
      .filter((path) => !path.includes('/reviews/'));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
