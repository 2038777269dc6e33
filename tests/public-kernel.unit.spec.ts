import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { publicKernel } from './public-kernel.ts';

const root = join(import.meta.dirname, '..');
/** Inside the repository, so that packages are found as an application finds them. */
const folder = join(root, '.cache', `kernel-examples-${process.pid}`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code of the first example in a file's doc comments; empty if it has none. */
function exampleIn(path: string): string {
  const text = readFileSync(join(root, path), 'utf8');
  const [, example = ''] = / \* @example\n \* ```ts\n([\s\S]*?) \* ```/.exec(text) ?? [];
  return example.replaceAll(/^ \* ?/gm, '');
}

describe('the public kernel', () => {
  const examples = [...publicKernel].map(([name, path]) => ({ name, text: exampleIn(path) }));

  it.each(examples)('$name has an example that imports it', ({ name, text }) => {
    expect(text).toContain(`from '${name}'`);
  });

  it('has examples that compile', () => {
    mkdirSync(folder, { recursive: true });
    for (const { name, text } of examples) {
      writeFileSync(join(folder, `${name.split('/').at(-1)}.ts`), text);
    }
    const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules', 'ts7', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', folder], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

  it('names all packages that it uses, those of its tests as well', () => {
    const { name, dependencies, devDependencies } = read('kernel/package.json');
    const named = [name, ...Object.keys({ ...dependencies, ...devDependencies })];
    const imported = globSync('kernel/**/*.{ts,js}', { cwd: root }).flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [...text.matchAll(/ from '((?:@[a-z][^/']*\/)?[a-z][^/']*)/g)].map(([, one]) => one!);
    });
    expect(imported).toContain('kafkajs');
    const packages = imported.filter((one) => !isBuiltin(one));
    expect([...new Set(packages)].filter((one) => !named.includes(one))).toEqual([]);
  });

  it('needs the same versions of packages as this system', () => {
    const { dependencies, devDependencies } = read('package.json');
    const kernel = read('kernel/package.json');
    const wanted = { ...kernel.dependencies, ...kernel.devDependencies };
    const ours = Object.entries({ ...dependencies, ...devDependencies });
    const differing = ours.filter(([name, version]) => wanted[name] && wanted[name] !== version);
    expect(differing).toEqual([]);
  });
});
