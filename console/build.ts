import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Builds the console for browsers, if that hasn't been done from the same sources before. */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const dist = join(import.meta.dirname, 'dist');
/** This file, written last, says which sources the other files come from. */
const mark = join(dist, '.sources');
const sources = ['console/**/*.*', 'client/**/*.ts', 'package-lock.json'];

function digestOfSources(): string {
  const paths = globSync(sources, {
    cwd: root,
    exclude: (path) => /^(dist|node_modules)/.test(path),
  });
  const digest = createHash('sha256');
  for (const path of paths.filter((one) => !one.includes('dist')).sort()) {
    digest.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return digest.digest('base64url');
}

export const isBuilt = (): boolean =>
  existsSync(mark) && readFileSync(mark, 'utf8') === digestOfSources();

/** @returns the folder that has the built files. */
export async function buildConsole(): Promise<string> {
  if (isBuilt()) return dist;
  const digest = digestOfSources();
  const made = `${dist}-${process.pid}`;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', import.meta.dirname, '--outDir', made, '--logLevel', 'warn'];
  // A process of its own: in that of a test, libraries would be built as for tests.
  await run(process.execPath, args, { env: { ...process.env, NODE_ENV: 'production' } });
  await writeFile(join(made, '.sources'), digest);
  await rm(dist, { recursive: true, force: true });
  await rename(made, dist);
  return dist;
}

if (import.meta.main) console.log(await buildConsole());
