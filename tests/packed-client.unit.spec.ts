import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runOrFail } from '#local-stack/base/run.ts';

/** The client as it is installed: packed by npm, and used from a project of somebody else. */

const root = join(import.meta.dirname, '..');
const client = join(root, 'client');
const { name, dependencies } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8')) as {
  name: string;
  dependencies: Record<string, string>;
};

/** A project that has the packed client, and of its packages only those that it names. */
let project: string;
let installed: string;
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'client-'));
  installed = join(project, 'node_modules', name);
  await runOrFail('npm', ['pack', '--silent', '--pack-destination', project], {
    cwd: client,
  });
  const [packed = ''] = globSync('*.tgz', { cwd: project });
  await runOrFail('tar', ['-xzf', packed], { cwd: project });
  cpSync(join(project, 'package'), installed, { recursive: true });
  for (const dependency of Object.keys(dependencies)) {
    const at = join(project, 'node_modules', dependency);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(root, 'node_modules', dependency), at);
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed client', () => {
  it('has its README, its code and its types, and nothing else', () => {
    const files = globSync('**/*.*', { cwd: installed }).map((file) => file.replaceAll('\\', '/'));
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'package.json', 'dist/client.js', 'dist/client.d.ts']),
    );
    expect(files.filter((file) => !/^(dist\/.*(\.js|\.d\.ts)|[^/]+\.\w+)$/.test(file))).toEqual([]);
  });

  it('asks and answers in Node.js', async () => {
    writeFileSync(
      join(project, 'use.js'),
      `import { answerOf, moviesClient } from '${name}';
       const fetch = async ({ url }) => Response.json({ url });
       const urls = { commandApi: 'http://commands.example', queryApi: 'http://queries.example' };
       const client = moviesClient({ ...urls, fetch });
       console.log(JSON.stringify(await answerOf(client.queries.GET('/v1/genres'))));`,
    );
    const output = await runOrFail(process.execPath, ['use.js'], { cwd: project });
    expect(JSON.parse(output)).toEqual({ url: 'http://queries.example/v1/genres' });
  });

  it('has types that take its README’s sample, and refuse a vote that there is not', async () => {
    const readme = readFileSync(join(installed, 'README.md'), 'utf8');
    const sample = /^```ts\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? '';
    const check = (file: string, code: string) => {
      writeFileSync(join(project, file), code);
      const tsc = join(root, 'node_modules', 'ts7', 'bin', 'tsc');
      const strict = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--noEmit'];
      return run(process.execPath, [tsc, ...strict, file], { cwd: project });
    };
    expect(await check('right.ts', sample)).toEqual({ code: 0, output: '' });
    const { code, output } = await check('wrong.ts', sample.replace("'like'", "'adore'"));
    expect(code).not.toBe(0);
    expect(output).toContain(`'"adore"' is not assignable`);
  });
});
