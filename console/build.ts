import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Builds the console for browsers, if that hasn't been done from the same sources before. */

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
  // Only who builds needs the builder: it takes half a second to load.
  const { build } = await import('vite');
  const made = `${dist}-${process.pid}`;
  await build({
    root: import.meta.dirname,
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: made, emptyOutDir: true },
  });
  await writeFile(join(made, '.sources'), digest);
  await rm(dist, { recursive: true, force: true });
  await rename(made, dist);
  return dist;
}

if (import.meta.main) console.log(await buildConsole());
